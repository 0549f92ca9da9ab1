namespace PassiveDns.Benchmarks.Parsing;

/// <summary>Who takes part.</summary>
internal static class ParserList
{
    /// <summary>The parsers that can run here.</summary>
    /// <param name="skipped">Those that cannot, with the reason.</param>
    public static List<MessageParser> Make(out List<(string Parser, string Reason)> skipped)
    {
        List<MessageParser> parsers = [new ResponseDecoderParser(), new DnsReaderParser(), new DnsClientParser(), new ArsoftParser()];
        skipped = [];
        if (LdnsParser.Missing is { } noLdns) skipped.Add(("ldns", noLdns));
        else parsers.Add(new LdnsParser());
        if (LibknotParser.Missing is { } noLibknot) skipped.Add(("libknot", noLibknot));
        else parsers.Add(new LibknotParser());
        if (CPortParser.Missing is { } noPort) skipped.Add(("c-port", noPort));
        else parsers.Add(new CPortParser());
        return parsers;
    }
}
