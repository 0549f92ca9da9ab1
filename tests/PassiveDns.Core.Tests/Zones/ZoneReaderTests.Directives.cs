namespace PassiveDns.Tests;

public partial class ZoneReaderTests
{
    [Fact]
    public void Included_files_change_neither_the_origin_nor_the_owner_of_the_file_around()
    {
        using Folder folder = new();
        folder.Write("inner.zone", "@ A 192.0.2.2\n A 192.0.2.3\n$ORIGIN other.example.\nx A 192.0.2.4\n");
        string main = folder.Write("main.zone", "$TTL 1\na A 192.0.2.1\n$INCLUDE inner.zone sub\n A 192.0.2.5\nb A 192.0.2.6\n$INCLUDE \"inner.zone\"\n A 192.0.2.7");
        (string[] records, ZoneReport report) = ZoneText.Read(folder.Open(main));
        Assert.Empty(report.Faults);
        Assert.Equal(
            ["a 1", "sub 2", "sub 3", "x.other 4", "a 5", "b 6", "@ 2", "@ 3", "x.other 4", "b 7"],
            records.Select(record => (record.StartsWith("example.", StringComparison.Ordinal) ? "@" : record[..record.IndexOf(".example.", StringComparison.Ordinal)]) + " " + record[^1]));
    }

    [Fact]
    public void A_line_of_an_included_file_may_refer_to_the_owner_before_the_directive()
    {
        using Folder folder = new();
        folder.Write("inner.zone", " A 192.0.2.2");
        string main = folder.Write("main.zone", "$TTL 1\na A 192.0.2.1\n$INCLUDE inner.zone");
        Assert.Equal(["a.example. 1 A 192.0.2.1", "a.example. 1 A 192.0.2.2"], ZoneText.Read(folder.Open(main)).Records);
    }

    [Theory]
    [InlineData("../outside.zone", ZoneError.IncludeOutsideDirectory)]
    [InlineData("/etc/hostname", ZoneError.IncludeOutsideDirectory)]
    [InlineData("sub/../../outside.zone", ZoneError.IncludeOutsideDirectory)]
    [InlineData(".", ZoneError.IncludeOutsideDirectory)]
    [InlineData("link.zone", ZoneError.IncludeOutsideDirectory)]
    [InlineData("missing.zone", ZoneError.IncludeNotFound)]
    [InlineData("sub", ZoneError.IncludeNotFound)]
    [InlineData("main.zone", ZoneError.IncludeCycle)]
    [InlineData("sub/../main.zone", ZoneError.IncludeCycle)]
    [InlineData("x y z", ZoneError.MalformedDirective)]
    public void Only_files_under_the_directory_are_included_and_none_twice_at_a_time(string name, ZoneError error)
    {
        using Folder folder = new();
        folder.Write("outside.zone", "stolen 1 A 192.0.2.9", outside: true);
        Directory.CreateDirectory(Path.Combine(folder.Inside, "sub"));
        if (name.StartsWith("link", StringComparison.Ordinal))
        {
            Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Links need rights elsewhere.");
            File.CreateSymbolicLink(Path.Combine(folder.Inside, name), Path.Combine(folder.Outside, "outside.zone"));
        }

        string main = folder.Write("main.zone", $"$INCLUDE {name}\na 1 A 192.0.2.1");
        (string[] records, ZoneReport report) = ZoneText.Read(folder.Open(main));
        Assert.Equal(["a.example. 1 A 192.0.2.1"], records);
        Assert.Equal(error, Assert.Single(report.Faults).Error);
    }

    [Fact]
    public void Files_include_files_at_most_ten_deep_and_a_thousand_times()
    {
        using Folder folder = new();
        string main = folder.Write("0.zone", "$INCLUDE 1.zone");
        for (int i = 1; i <= 11; i++) folder.Write($"{i}.zone", $"n{i} 1 A 192.0.2.1\n$INCLUDE {i + 1}.zone");
        (string[] records, ZoneReport report) = ZoneText.Read(folder.Open(main));
        Assert.Equal(10, records.Length);
        Assert.Equal(ZoneError.IncludeTooDeep, Assert.Single(report.Faults).Error);

        folder.Write("leaf.zone", "");
        folder.Write("branch.zone", string.Concat(Enumerable.Repeat("$INCLUDE leaf.zone\n", 40)));
        main = folder.Write("tree.zone", string.Concat(Enumerable.Repeat("$INCLUDE branch.zone\n", 40)));
        (_, report) = ZoneText.Read(folder.Open(main));
        Assert.Equal(1000, report.Entries[ZoneEntryFate.Directive]);
        Assert.True(report.Errors[ZoneError.TooManyIncludes] > 0);
    }

    [Fact]
    public void Generated_records_are_bounded_each_time_and_in_all()
    {
        ZoneReaderOptions options = new() { MaxGeneratedRecords = 10 };
        (string[] records, ZoneReport report) = ZoneText.Read(
            string.Concat(Enumerable.Repeat("$GENERATE 1-10 x$ 1 A 192.0.2.$\n", 20)) + "$GENERATE 1-11 x$ 1 A 192.0.2.$", "example", options);
        Assert.Equal(160, records.Length);
        Assert.Equal(5, report.Errors[ZoneError.GenerateTooLarge]);
    }

    [Theory]
    [InlineData("x${0,256} 1 A 192.0.2.1")]
    [InlineData("x${0,1,q} 1 A 192.0.2.1")]
    [InlineData("x${-9} 1 A 192.0.2.1")]
    [InlineData("x${ 1 A 192.0.2.1")]
    [InlineData("x${} 1 A 192.0.2.1")]
    [InlineData("x$ 1 A 192.0.2.999")]
    [InlineData("x$ 1 TXT ${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}${0,255}")]
    public void A_broken_template_is_one_fault_and_not_one_for_each_number(string template)
    {
        (string[] records, ZoneReport report) = ZoneText.Read($"$GENERATE 1-100 {template}\na 1 A 192.0.2.1");
        Assert.Equal(["a.example. 1 A 192.0.2.1"], records);
        Assert.Equal(1, Assert.Single(report.Faults).Line);
    }

    /// <summary>A directory to include from, and one around it.</summary>
    private sealed class Folder : IDisposable
    {
        public Folder()
        {
            Outside = Directory.CreateTempSubdirectory("pdns-zone-").FullName;
            Inside = Directory.CreateDirectory(Path.Combine(Outside, "zones")).FullName;
        }

        public string Outside { get; }

        public string Inside { get; }

        public string Write(string name, string text, bool outside = false)
        {
            string path = Path.Combine(outside ? Outside : Inside, name);
            File.WriteAllText(path, text);
            return path;
        }

        public ZoneReader Open(string path) => ZoneReader.Open(path, DomainName.Parse("example"), new() { IncludeDirectory = Inside });

        public void Dispose() => Directory.Delete(Outside, recursive: true);
    }
}
