namespace PassiveDns.Storage.Privacy;

/// <summary>
/// When a name may be seen outside the sensor that saw it: enough sensors or enough days saw it, so that it is no single person's. At least one of the two
/// thresholds must be set; a name that reaches one of them is published.
/// </summary>
public sealed record PublicationOptions
{
    /// <summary>How many sensors must have seen a name, 2 to <see cref="SightingHistory.MaxWitnesses"/>; 0, the default, if their number does not matter.</summary>
    public int MinSensors { get; init; }

    /// <summary>On how many days (UTC) a name must have been seen, 2 to 366; 0, the default, if their number does not matter.</summary>
    public int MinDays { get; init; }

    /// <summary>
    /// Tells the registrable domain, which is always published: it names who registered it, not who asked. Default: without a list, the last two labels of a name.
    /// </summary>
    public PublicSuffixList PublicSuffixes { get; init; } = PublicSuffixList.Empty;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">No threshold is set, or one is out of its range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(PublicSuffixes);
        if (MinSensors == 0 && MinDays == 0) throw new ArgumentException("MinSensors and MinDays are both 0, so nothing would be published: set one of them to 2 or more.");
        if (MinSensors is < 0 or 1 or > SightingHistory.MaxWitnesses)
        {
            throw new ArgumentException($"MinSensors is out of range: give 2 to {SightingHistory.MaxWitnesses}, which is as many as a row remembers, or 0.");
        }

        if (MinDays is < 0 or 1 or > 366) throw new ArgumentException("MinDays is out of range: give 2 to 366, or 0.");
    }
}
