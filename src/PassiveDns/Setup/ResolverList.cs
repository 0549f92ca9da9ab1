using System.Net;
using System.Net.Sockets;
using PassiveDns.Capture;

namespace PassiveDns;

/// <summary>Resolvers as people write them down, for <see cref="VantageOptions.Resolvers"/>.</summary>
public static class ResolverList
{
    /// <summary>Reads a file with one address or network a line; <c>#</c> and <c>;</c> start comments.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line holds something else, or no line holds anything; the message names file and line.</exception>
    public static IReadOnlyList<IPNetwork> Load(string path)
    {
        List<IPNetwork> networks = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            int comment = line.AsSpan().IndexOfAny('#', ';');
            string text = (comment < 0 ? line : line[..comment]).Trim();
            if (text.Length == 0) continue;
            networks.Add(TryParse(text, out IPNetwork network) ? network : throw new FormatException($"{path}, line {number}: {Problem(text)}"));
        }

        return networks.Count > 0 ? networks : throw new FormatException($"{path} names no resolver.");
    }

    /// <summary>Reads an address (<c>192.0.2.53</c>) as the network of this one address, or a network (<c>192.0.2.0/24</c>).</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network.</param>
    /// <returns><c>false</c> if the text is neither, or has bits behind the prefix.</returns>
    public static bool TryParse(string? text, out IPNetwork network)
    {
        network = default;
        if (text is null) return false;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string before = slash < 0 ? text : text[..slash];

        // IPAddress.TryParse takes "53" and "0x7f.1" too; an address here is written in full.
        if (!IPAddress.TryParse(before, out IPAddress? address) || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != before)) return false;
        if (slash < 0)
        {
            network = new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
            return true;
        }

        // IPNetwork clears bits behind the prefix; here they are a mistake in one of the two numbers, and guessing which could let clients pass.
        return IPNetwork.TryParse(text, out network) && network.BaseAddress.Equals(address);
    }

    internal static string Problem(string text) =>
        $"'{text}' is no address or network; write 192.0.2.53, 2001:db8:53::53, 192.0.2.0/24 or 2001:db8:53::/64, with no bits behind the prefix.";
}
