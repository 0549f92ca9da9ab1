using MaxMind.Db;
using PassiveDns;
using PassiveDns.Analysis;

namespace Enrichment;

/// <summary>
/// Network, AS and country of an address as of a time, from MaxMind databases of several dates: the youngest that had been built by then answers. Of the time before
/// the first one nothing is known, and nothing is guessed.
/// </summary>
internal sealed class MaxMindDatabases : IAddressEnrichment, IDisposable
{
    private readonly List<Reader> _youngestFirst;

    /// <param name="paths">Databases of one kind (ASN or country), or of both.</param>
    public MaxMindDatabases(IEnumerable<string> paths) => _youngestFirst = [.. paths.Select(path => new Reader(path)).OrderByDescending(reader => reader.Metadata.BuildDate)];

    public AddressFacts? Find(HostAddress address, long unixSeconds)
    {
        AddressFacts? found = null;
        foreach (Reader reader in _youngestFirst)
        {
            if (reader.Metadata.BuildDate > DateTimeOffset.FromUnixTimeSeconds(unixSeconds)) continue;
            if (found is { AutonomousSystem: not null, Country: not null }) break;
            if (reader.Find<Dictionary<string, object>>(address.ToIPAddress(), out int prefixLength) is not { } values) continue;
            found = new()
            {
                Prefix = found?.Prefix ?? AddressPrefix.Of(address, prefixLength).ToString(),
                AutonomousSystem = found?.AutonomousSystem ?? (values.TryGetValue("autonomous_system_number", out object? number) ? Convert.ToUInt32(number, null) : null),
                Organisation = found?.Organisation ?? (values.TryGetValue("autonomous_system_organization", out object? organisation) ? (string)organisation : null),
                Country = found?.Country ?? (values.TryGetValue("country", out object? country) ? (string)((Dictionary<string, object>)country)["iso_code"] : null),
            };
        }

        return found;
    }

    public void Dispose()
    {
        foreach (Reader reader in _youngestFirst) reader.Dispose();
    }
}
