namespace PassiveDns.Analysis;

/// <summary>How widely a piece of infrastructure is used.</summary>
/// <param name="Names">Distinct owner names.</param>
/// <param name="RegistrableDomains">Distinct registrable domains: df.</param>
/// <param name="Class">What a link through it is worth.</param>
/// <param name="InverseFrequency">idf = ln(N / (1 + df)) over a population of N registrable domains, at least 0: the weight of a link; <c>null</c> if N is not known.</param>
public readonly record struct Degree(long Names, long RegistrableDomains, DegreeClass Class, double? InverseFrequency)
{
    /// <summary>Reckons a degree.</summary>
    /// <param name="names">Distinct owner names.</param>
    /// <param name="registrableDomains">Distinct registrable domains.</param>
    /// <param name="options">Where the classes begin, and the population.</param>
    public static Degree Of(long names, long registrableDomains, DegreeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        double? inverse = options.Population is { } population ? Math.Max(0, Math.Log((double)population / (1 + registrableDomains))) : null;
        return new(names, registrableDomains, options.ClassOf(registrableDomains), inverse);
    }
}
