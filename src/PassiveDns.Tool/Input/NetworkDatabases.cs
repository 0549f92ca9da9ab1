using MaxMind.Db;
using PassiveDns.Analysis;

namespace PassiveDns.Tool.Input;

/// <summary>
/// Network, AS and country of an address as of a time, from MaxMind databases of several dates, of one kind (ASN, country) or of both: the youngest that had
/// been built by then answers. Of the time before the first one nothing is known, and nothing is guessed.
/// </summary>
internal sealed class NetworkDatabases : IAddressEnrichment
{
    /// <summary>How such a file's name ends.</summary>
    public const string Ending = ".mmdb";

    private readonly Reader[] _youngestFirst;

    private NetworkDatabases(IEnumerable<Reader> readers) => _youngestFirst = [.. readers.OrderByDescending(reader => reader.Metadata.BuildDate)];

    /// <summary>Reads databases whole into memory.</summary>
    /// <param name="option">The option that names them.</param>
    /// <param name="paths">The files.</param>
    /// <exception cref="ToolException">A file is missing, or no such database.</exception>
    public static NetworkDatabases Load(string option, IEnumerable<string> paths) => new([.. paths.Select(path => OptionFile.Read(option, path, Open))]);

    /// <inheritdoc/>
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
                AutonomousSystem = found?.AutonomousSystem ?? (values.GetValueOrDefault("autonomous_system_number") is long or int or uint or ulong ? Convert.ToUInt32(values["autonomous_system_number"], null) : null),
                Organisation = found?.Organisation ?? values.GetValueOrDefault("autonomous_system_organization") as string,
                Country = found?.Country ?? (values.GetValueOrDefault("country") as Dictionary<string, object>)?.GetValueOrDefault("iso_code") as string,
            };
        }

        return found;
    }

    private static Reader Open(string path)
    {
        try
        {
            return new(path, FileAccessMode.Memory);
        }
        catch (InvalidDatabaseException e)
        {
            throw new FormatException($"{path}: this is no MaxMind database ({e.Message.TrimEnd('.')}).");
        }
    }
}
