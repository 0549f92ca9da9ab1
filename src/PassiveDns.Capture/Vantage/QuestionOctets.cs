namespace PassiveDns.Capture;

/// <summary>The one question of a message, as its octets are.</summary>
internal static class QuestionOctets
{
    /// <summary>The most octets of a question: a name, its type and its class.</summary>
    public const int MaxLength = DomainName.MaxWireLength + 4;

    /// <summary>Finds the question: name with its letter case, type, class. Nothing stands before the name that it could point to, so it is uncompressed.</summary>
    /// <returns><c>false</c> if there is not exactly one (RFC 9619), or it cannot be read.</returns>
    public static bool TryFind(ReadOnlySpan<byte> message, in DnsHeader header, out ReadOnlySpan<byte> question)
    {
        question = default;
        if (header.QuestionCount != 1) return false;
        if (WireName.Read(message, DnsHeader.Length, out _, out int next) != DnsError.None || message.Length < next + 4) return false;
        question = message[DnsHeader.Length..(next + 4)];
        return true;
    }
}
