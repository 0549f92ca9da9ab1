using System.Net;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>Reads the file that lists the resolvers: one address or network a line, <c>#</c> starts a comment.</summary>
internal static class ResolverFile
{
    private const long MaxLength = 1 << 20;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ToolException">A line is wrong, or the file is missing, too large or lists nothing.</exception>
    public static IReadOnlyList<IPNetwork> Read(string path)
    {
        FileInfo file = new(path);
        if (Directory.Exists(path)) throw ToolException.Failed($"{path}: this is a directory; name a file with one resolver address or CIDR a line");
        if (!file.Exists) throw ToolException.Failed($"{path}: no such file; name a file with one resolver address or CIDR a line");
        if (file.Length > MaxLength) throw ToolException.WrongUse($"{path}: too large for a list of resolvers; was another file meant?");
        List<IPNetwork> resolvers = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string text = line.Split('#', 2)[0].Trim();
            if (text.Length == 0) continue;
            if (!AddressText.TryParseNetwork(text, out IPNetwork resolver))
            {
                throw ToolException.WrongUse($"{path}:{number}: {Visible.Quote(text)} is no address and no CIDR");
            }

            resolvers.Add(resolver);
        }

        return resolvers.Count > 0 ? resolvers : throw ToolException.WrongUse($"{path}: lists no resolver; without resolvers leave the option out");
    }
}
