using System.Net;
using Microsoft.Extensions.Options;
using PassiveDns.Aggregation;
using PassiveDns.Capture;

namespace PassiveDns;

/// <summary>Checks what no attribute can: that files can be read, that networks are meant, and that sources, vantage and store fit together.</summary>
internal sealed class PassiveDnsSetupValidator(PassiveDnsSetup setup) : IValidateOptions<PassiveDnsOptions>
{
    public ValidateOptionsResult Validate(string? name, PassiveDnsOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        if (setup.FindStoreFault() is { } storeFault) result.AddError(storeFault);
        if (options.Window < TimeSpan.FromSeconds(1) || options.Window > TimeSpan.FromDays(366))
        {
            result.AddError("Window is out of range: give 1 second (00:00:01) to 366 days, such as 01:00:00.");
        }

        if (options.MemoryBudget < 1 << 20) result.AddError("MemoryBudget is too small: give 1048576 octets (1 MiB) or more.");
        CheckSpool(result, options);
        CheckSources(result, options);
        CheckResolvers(result, options);
        CheckVantage(result, options);
        CheckRootHints(result, options);
        return result.Build();
    }

    private static void CheckSpool(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        if (options.SpoolDirectory is { } directory && (string.IsNullOrWhiteSpace(directory) || File.Exists(directory)))
        {
            result.AddError($"SpoolDirectory is no directory ('{directory}'): name one that this pipeline has for itself, or leave the option out for no spool.");
        }

        if (options.SpoolMaxBytes < 1 << 20) result.AddError("SpoolMaxBytes is too small: give 1048576 octets (1 MiB) or more.");
        if (!Enum.IsDefined(options.SpoolWhenFull)) result.AddError("SpoolWhenFull is unknown: give Wait or DropNewest.");
    }

    private void CheckSources(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        foreach (string path in setup.Files.Where(path => !File.Exists(path)))
        {
            result.AddError($"AddCaptureFile: there is no file '{path}'; give the path of a capture file, relative to the current directory or absolute.");
        }

        if (setup.IsMixed)
        {
            result.AddError("AddCaptureFile and AddCaptureSource are mixed: an import counts each file once whatever happens, which a live pipeline cannot. "
                + "Import the files in a host of their own, into the same store.");
        }

        if (setup.HasLiveSource && options is { Vantage.Resolvers.Count: 0, Resolvers.Count: 0, ResolversFile: null })
        {
            result.AddError("Resolvers is empty: a live source needs to know the resolvers whose traffic may be observed, so that nobody else's ever is. "
                + "Add their addresses or networks to Resolvers (or Vantage.Resolvers), or name a file in ResolversFile.");
        }
    }

    private static void CheckResolvers(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        foreach (string text in options.Resolvers)
        {
            try
            {
                CheckBreadth(result, "Resolvers", ResolverList.Parse(text));
            }
            catch (FormatException e)
            {
                result.AddError($"Resolvers: {e.Message}");
            }
        }

        foreach (IPNetwork network in options.Vantage.Resolvers) CheckBreadth(result, "Vantage.Resolvers", network);
        if (options.ResolversFile is not { } path) return;
        try
        {
            foreach (IPNetwork network in ResolverList.Load(path)) CheckBreadth(result, "ResolversFile", network);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            result.AddError($"ResolversFile: {e.Message} Name a readable file with one address or network a line.");
        }
    }

    // Among them default(IPNetwork), 0.0.0.0/0, which is what careless code and binders make of text that they cannot convert.
    private static void CheckBreadth(ValidateOptionsResultBuilder result, string option, IPNetwork network)
    {
        if (network.PrefixLength > 0) return;
        result.AddError($"{option} holds the network of all addresses, so that clients would pass for resolvers. Name the resolvers' own addresses or networks; "
            + "in configuration under Resolvers, as text, not under Vantage.");
    }

    private static void CheckVantage(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        try
        {
            options.Vantage.Validate();
        }
        catch (ArgumentException e)
        {
            result.AddError(e.Message);
        }
    }

    private static void CheckRootHints(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        if (options.RootHintsFile is not { } path) return;
        try
        {
            RootHints.Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            result.AddError($"RootHintsFile: {e.Message} Name a readable file with the root's NS, A and AAAA records, or leave the option out for the real root.");
        }
    }
}
