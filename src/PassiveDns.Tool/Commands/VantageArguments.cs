using System.CommandLine;
using System.Net;
using PassiveDns.Capture;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Commands;

/// <summary>The options that say from where traffic was seen, shared by the verbs that read traffic; made anew for each verb.</summary>
internal sealed class VantageArguments
{
    private readonly Option<string[]> _resolver;
    private readonly Option<string?> _resolvers;
    private readonly Option<bool> _noChecksums = new("--no-checksums")
    {
        Description = "Takes responses whose UDP checksum is wrong: for traffic captured on the answering server's own host.",
    };

    /// <summary>Makes the options.</summary>
    /// <param name="without">What becomes of traffic if nobody names a resolver, as a sentence.</param>
    public VantageArguments(string without)
    {
        _resolver = new("--resolver")
        {
            HelpName = "CIDR",
            Description = "An address or network from which the resolver asks authoritative servers; may be repeated. " + without,
        };
        _resolvers = new("--resolvers") { HelpName = "FILE", Description = "A file that lists them: one a line, # starts a comment." };
    }

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        verb.Options.Add(_resolver);
        verb.Options.Add(_resolvers);
        verb.Options.Add(_noChecksums);
    }

    /// <summary>Reads what was given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="vantage">Takes it.</param>
    /// <exception cref="ToolException">A text is no network, or the file cannot be read.</exception>
    public void Fill(ParseResult parsed, VantageOptions vantage)
    {
        foreach (string text in parsed.GetValue(_resolver) ?? []) vantage.Resolvers.Add(ResolverOf(text));
        foreach (IPNetwork network in parsed.GetValue(_resolvers) is { } file ? OptionFile.Read("--resolvers", file, ResolverList.Load) : [])
        {
            vantage.Resolvers.Add(network);
        }

        vantage.VerifyUdpChecksums = !parsed.GetValue(_noChecksums);
    }

    private static IPNetwork ResolverOf(string text)
    {
        try
        {
            return ResolverList.Parse(text);
        }
        catch (FormatException exception)
        {
            throw ToolException.WrongUse("--resolver: " + exception.Message);
        }
    }
}
