using System.Net;

namespace PassiveDns.Capture;

/// <summary>Resolvers as people write them down, for <see cref="VantageOptions.Resolvers"/>.</summary>
public static class ResolverList
{
    private const long MaxFileLength = 1 << 20;

    /// <summary>Reads a file with one address or network a line; <c>#</c> and <c>;</c> start comments.</summary>
    /// <param name="path">The file, at most 1 MiB.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line holds something else, or no line holds anything; the message names file and line.</exception>
    public static IReadOnlyList<IPNetwork> Load(string path)
    {
        FileInfo file = new(path);
        if (file.Exists && file.Length > MaxFileLength) throw new FormatException($"{path}: too large for a list of resolvers; was another file meant?");
        List<IPNetwork> networks = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            int comment = line.AsSpan().IndexOfAny('#', ';');
            string text = (comment < 0 ? line : line[..comment]).Trim();
            if (text.Length == 0) continue;
            networks.Add(TryParse(text, out IPNetwork network) ? network : throw new FormatException($"{path}:{number}: {Problem(text)}"));
        }

        return networks.Count > 0 ? networks : throw new FormatException($"{path}: lists no resolver; write one address or network a line.");
    }

    /// <summary>Reads an address (<c>192.0.2.53</c>) as the network of this one address, or a network (<c>192.0.2.0/24</c>).</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is neither, or has bits behind the prefix; the message says what to write.</exception>
    public static IPNetwork Parse(string text) => TryParse(text, out IPNetwork network) ? network : throw new FormatException(Problem(text));

    /// <summary>Reads an address as the network of this one address, or a network.</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network.</param>
    /// <returns><c>false</c> if the text is neither, or has bits behind the prefix.</returns>
    public static bool TryParse(string? text, out IPNetwork network)
    {
        network = default;
        if (!HostAddress.TryParseNetwork(text, out HostAddress address, out int length)) return false;

        // IPNetwork.TryParse clears bits behind the prefix; here they are a mistake in one of the two numbers, and guessing which could let clients pass.
        return IPNetwork.TryParse($"{address}/{length}", out network) && HostAddress.From(network.BaseAddress) == address;
    }

    private static string Problem(string text)
    {
        string shown = string.Create(Math.Min(text.Length, 64), text, static (span, from) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
        return $"'{shown}' is no address or network; write 192.0.2.53, 2001:db8:53::53, 192.0.2.0/24 or 2001:db8:53::/64, with no bits behind the prefix.";
    }
}
