namespace PassiveDns.Analysis;

/// <summary>
/// What the odds are multiplied by for each circumstance; 1 leaves a circumstance out. What is shared with the brand counts by how widely it is used: the
/// factors here hold for dedicated infrastructure, their square root for shared one, and mass hosting says nothing (<see cref="DegreeClass"/>).
/// </summary>
public sealed record LookalikeOdds
{
    /// <summary>For <see cref="LookalikeCircumstance.New"/>. Default 2.</summary>
    public double New { get; init; } = 2;

    /// <summary>For <see cref="LookalikeCircumstance.TakesMail"/>. Default 1.5.</summary>
    public double TakesMail { get; init; } = 1.5;

    /// <summary>For <see cref="LookalikeCircumstance.SharesWithSquat"/>. Default 3.</summary>
    public double SharesWithSquat { get; init; } = 3;

    /// <summary>For <see cref="LookalikeCircumstance.SharesAddress"/>. Default 0.05.</summary>
    public double SharesAddress { get; init; } = 0.05;

    /// <summary>For <see cref="LookalikeCircumstance.SharesNameServers"/>. Default 0.1.</summary>
    public double SharesNameServers { get; init; } = 0.1;

    /// <summary>For <see cref="LookalikeCircumstance.SharesContact"/>. Default 0.05.</summary>
    public double SharesContact { get; init; } = 0.05;

    /// <summary>For <see cref="LookalikeCircumstance.SharesMailServer"/>. Default 0.1.</summary>
    public double SharesMailServer { get; init; } = 0.1;

    /// <summary>For <see cref="LookalikeCircumstance.Established"/>. Not absolute: most abusive combosquats live for years (Kintis et al. 2017). Default 0.5.</summary>
    public double Established { get; init; } = 0.5;

    /// <summary>For <see cref="LookalikeCircumstance.Popular"/>. Default 0.05.</summary>
    public double Popular { get; init; } = 0.05;

    /// <summary>The multiplier of a circumstance.</summary>
    public double Of(LookalikeCircumstance circumstance) => circumstance switch
    {
        LookalikeCircumstance.New => New,
        LookalikeCircumstance.TakesMail => TakesMail,
        LookalikeCircumstance.SharesWithSquat => SharesWithSquat,
        LookalikeCircumstance.SharesAddress => SharesAddress,
        LookalikeCircumstance.SharesNameServers => SharesNameServers,
        LookalikeCircumstance.SharesContact => SharesContact,
        LookalikeCircumstance.SharesMailServer => SharesMailServer,
        LookalikeCircumstance.Established => Established,
        _ => Popular,
    };

    /// <exception cref="ArgumentException">A multiplier is not above 0.</exception>
    internal void Validate()
    {
        foreach (LookalikeCircumstance circumstance in Enum.GetValues<LookalikeCircumstance>())
        {
            if (Of(circumstance) is not (> 0 and < double.PositiveInfinity)) throw new ArgumentException($"The odds for {circumstance} are {Of(circumstance)}: give a number above 0.");
        }
    }
}
