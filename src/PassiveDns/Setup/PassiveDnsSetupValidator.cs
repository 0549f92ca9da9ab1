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
        if ((name ?? "") != setup.Name) return ValidateOptionsResult.Skip; // another pipeline's, which has a validator of its own
        ValidateOptionsResultBuilder result = new();
        if (setup.FindStoreFault(options.StoreDirectory) is { } storeFault) result.AddError(storeFault);
        if (options.Window < TimeSpan.FromSeconds(1) || options.Window > TimeSpan.FromDays(366))
        {
            result.AddError("Window is out of range: give 1 second (00:00:01) to 366 days, such as 01:00:00.");
        }

        if (options.MemoryBudget < 1 << 20) result.AddError("MemoryBudget is too small: give 1048576 octets (1 MiB) or more.");
        CheckSpool(result, options);
        if (options.DrainTime < TimeSpan.Zero || options.DrainTime > TimeSpan.FromHours(1)) result.AddError("DrainTime is out of range: give 00:00:00 to 01:00:00.");
        CheckHealth(result, options.Health);
        CheckPrivacy(result, options);
        CheckSources(result, options);
        CheckDnstap(result, options);
        CheckResolvers(result, options);
        Check(result, options.Vantage.Validate);
        CheckRootHints(result, options);
        CheckFolding(result, options);
        CheckDelegations(result, options);
        return result.Build();
    }

    private static void CheckSpool(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        if (options.SpoolDirectory is { } directory && (string.IsNullOrWhiteSpace(directory) || File.Exists(directory)))
        {
            result.AddError($"SpoolDirectory is no directory ('{directory}'): name one that this pipeline has for itself, or leave the option out for no spool.");
        }

        if (options.QuarantineDirectory is { } quarantine && (string.IsNullOrWhiteSpace(quarantine) || File.Exists(quarantine)))
        {
            result.AddError($"QuarantineDirectory is no directory ('{quarantine}'): name one, or leave the option out to believe all times.");
        }

        if (options.MaxClockAhead < TimeSpan.Zero || options.MaxClockAhead > TimeSpan.FromDays(1)) result.AddError("MaxClockAhead is out of range: give 00:00:00 to 1.00:00:00.");
        if (options.MaxAge < TimeSpan.FromHours(1)) result.AddError("MaxAge is too short: give 01:00:00 or more.");
        if (options.SpoolMaxBytes < 1 << 20) result.AddError("SpoolMaxBytes is too small: give 1048576 octets (1 MiB) or more.");
        if (!Enum.IsDefined(options.SpoolWhenFull)) result.AddError("SpoolWhenFull is unknown: give Wait or DropNewest.");
    }

    private static void CheckHealth(ValidateOptionsResultBuilder result, PipelineHealthOptions health)
    {
        if (health.Patience < TimeSpan.FromSeconds(1) || health.Patience > TimeSpan.FromDays(1)) result.AddError("Health.Patience is out of range: give 00:00:01 to 1.00:00:00.");
        if (health.SilentPackets < 1) result.AddError("Health.SilentPackets is too small: give 1 or more.");
    }

    private static void CheckPrivacy(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        try
        {
            options.Redaction?.Validate();
        }
        catch (ArgumentException e)
        {
            result.AddError($"Redaction: {e.Message}");
        }

        try
        {
            options.Publication?.Validate();
        }
        catch (ArgumentException e)
        {
            result.AddError($"Publication: {e.Message}");
        }
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

        if (setup.NeedsResolvers && options is { Vantage.Resolvers.Count: 0, Resolvers.Count: 0, ResolversFile: null })
        {
            result.AddError("Resolvers is empty: a live source needs to know the resolvers whose traffic may be observed, so that nobody else's ever is. "
                + "Add their addresses or networks to Resolvers (or Vantage.Resolvers), or name a file in ResolversFile.");
        }
    }

    private void CheckDnstap(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        foreach (string path in setup.DnstapSockets.Where(path => !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))))
        {
            result.AddError($"AddDnstapSocket: the directory of '{path}' does not exist; make it, and let this program and the DNS server write there.");
        }

        Check(result, options.DnstapListener.Validate);
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

    private static void Check(ValidateOptionsResultBuilder result, Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException e)
        {
            result.AddError(e.Message);
        }
    }

    private static void CheckFolding(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        foreach (string name in options.NeverFold.Where(name => !DomainName.TryParse(name, out _))) result.AddError($"NeverFold: '{name}' is no name; give subtrees such as cdn.example.");
        if (options.FloodNamesWithSameData < 16) result.AddError("FloodNamesWithSameData is too small: give 16 or more, or turn FoldFloods off.");
        if (options.FloodNames < options.FloodNamesWithSameData) result.AddError("FloodNames is below FloodNamesWithSameData: give as many or more.");
        if (options.MaxSetsPerDay is < 0 or (> 0 and < 16)) result.AddError("MaxSetsPerDay is out of range: give 16 or more, or 0 for no cap.");
    }

    private static void CheckDelegations(ValidateOptionsResultBuilder result, PassiveDnsOptions options)
    {
        if (options.KeepDelegations && (options.DelegationsFile is not { Length: > 0 } kept || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(kept)))))
        {
            result.AddError($"KeepDelegations is set, but DelegationsFile ('{options.DelegationsFile}') is no file in a directory that exists: name one.");
            return;
        }

        if (!DelegationFile.IsThere(options)) return;
        try
        {
            DelegationFile.Load(options.DelegationsFile!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            result.AddError($"DelegationsFile: {e.Message} Name a file that pdns import --save-delegations wrote, or leave the option out.");
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
