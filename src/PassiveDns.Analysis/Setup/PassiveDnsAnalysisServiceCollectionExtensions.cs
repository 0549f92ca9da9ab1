using Microsoft.Extensions.DependencyInjection.Extensions;
using PassiveDns.Analysis;

// In this namespace, so that the method appears wherever services are configured.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the analyses to an application that has an <see cref="PassiveDns.Storage.IObservationReader"/>: one with <c>AddPassiveDns()</c>, or with a reader of its own.</summary>
public static class PassiveDnsAnalysisServiceCollectionExtensions
{
    /// <summary>Adds each analysis as a service.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">What all analyses share; the defaults if <c>null</c>.</param>
    public static IServiceCollection AddPassiveDnsAnalysis(this IServiceCollection services, AnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(options ?? new());
        services.TryAddSingleton<SharedAddresses>();
        services.TryAddSingleton<RelatedNames>();
        services.TryAddSingleton<ServerUses>();
        services.TryAddSingleton<SimilarZones>();
        services.TryAddSingleton<Newcomers>();
        services.TryAddSingleton<NameHistories>();
        services.TryAddSingleton<Lookalikes>();
        services.TryAddSingleton(new HijackOptions());
        services.TryAddSingleton<Hijacks>();
        services.TryAddSingleton<ObservedChanges>();
        services.TryAddSingleton<MailAuthentications>();
        services.TryAddSingleton<SpfAuthorisations>();
        services.TryAddSingleton<DkimKeyUses>();
        return services;
    }
}
