using System.Text.Json;

namespace PassiveDns.Tool.Input;

/// <summary>Accounts of earlier imports, as <c>pdns import --json</c> wrote them.</summary>
internal static class AccountFile
{
    /// <summary>Reads a file of one JSON object a line.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">A line is no account; the message names it.</exception>
    public static List<StageCount> Read(string path)
    {
        List<StageCount> account = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0) continue;
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                foreach (JsonElement entry in document.RootElement.GetProperty("account").EnumerateArray())
                {
                    account.Add(new(
                        entry.GetProperty("stage").GetString() ?? "", entry.GetProperty("fate").GetString() ?? "", entry.GetProperty("count").GetInt64(), entry.GetProperty("is_drop").GetBoolean()));
                }
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new FormatException($"{path}: line {number} is no account; give what pdns import --json wrote");
            }
        }

        return account;
    }
}
