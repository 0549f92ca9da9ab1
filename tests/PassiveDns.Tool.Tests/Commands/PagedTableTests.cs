using System.Globalization;
using System.Text;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Tests.Commands;

public class PagedTableTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 2)]
    [InlineData(2500, 3)]
    public void Long_tables_are_written_page_by_page_and_miss_no_row(int rows, int pages)
    {
        using MemoryStream output = new();
        using Terminal terminal = new(output, new MemoryStream());
        PagedTable table = new(terminal, ["row"]);
        long written = 0;
        for (int i = 0; i < rows; i++)
        {
            table.Add(i.ToString(CultureInfo.InvariantCulture));
            if (i % 1000 == 999)
            {
                Assert.True(output.Length > written, "a page that is full is written");
                written = output.Length;
            }
        }

        table.End();
        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(pages, lines.Count(line => line == "row"));
        Assert.Equal(Enumerable.Range(0, rows).Select(row => row.ToString(CultureInfo.InvariantCulture)), lines.Where(line => line != "row"));
    }
}
