using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PassiveDns;
using PassiveDns.Storage;

// In this namespace, so that the method appears wherever services are configured.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds passive DNS to an application.</summary>
public static class PassiveDnsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the pipeline from sources to a store: <see cref="IObservationStore"/> and <see cref="IObservationReader"/> to ask, <see cref="PipelineRun"/> to
    /// await the end, and a hosted service that runs it from the start of the host to its shutdown.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; a further call adds to the same pipeline.</param>
    /// <returns>A builder that wants sources and exactly one store.</returns>
    public static PassiveDnsBuilder AddPassiveDns(this IServiceCollection services, Action<PassiveDnsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<PassiveDnsOptions> options = services.AddOptions<PassiveDnsOptions>();
        if (configure is not null) options.Configure(configure);
        if (services.FirstOrDefault(s => s.ServiceType == typeof(PassiveDnsSetup))?.ImplementationInstance is PassiveDnsSetup existing) return new(services, existing);

        PassiveDnsSetup setup = new();
        services.AddSingleton(setup);
        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<PassiveDnsOptions>, PassiveDnsOptionsValidator>();
        services.AddSingleton<IValidateOptions<PassiveDnsOptions>, PassiveDnsSetupValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(s => PipelineParts.Vantage(s.GetRequiredService<IOptions<PassiveDnsOptions>>().Value));
        services.AddSingleton(setup.OpenStore);
        services.AddSingleton<IObservationReader>(PipelineParts.Reader);
        services.AddSingleton(s => new PipelineRun(s));
        services.AddSingleton(s => new PipelineEnd(s.GetRequiredService<PipelineRun>()));
        services.AddHostedService(s => new HostedPipeline(s));
        return new(services, setup);
    }
}
