using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PassiveDns;
using PassiveDns.Storage;

// In this namespace, so that the method appears wherever services are registered, without a using of ours.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wires PassiveDns.</summary>
public static class PassiveDnsServiceCollectionExtensions
{
    // The binder generator of the SDK knows neither networks nor types without a public constructor, and leaves out the options that hold one.
    private const string Binds = "Options are bound by reflection. In a trimmed or native program set them in the delegate instead.";

    /// <summary>
    /// Adds the pipeline from sources to a store: <see cref="IObservationStore"/> and <see cref="IObservationReader"/> to ask, <see cref="PipelineRun"/> to
    /// await the end, and a hosted service that runs it from the start of the host to its shutdown.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>A builder that wants sources and exactly one store, unless <see cref="PassiveDnsOptions.StoreDirectory"/> names the default one.</returns>
    public static PassiveDnsBuilder AddPassiveDns(this IServiceCollection services) => services.AddPassiveDns(Options.Options.DefaultName);

    /// <summary>Adds the pipeline with options set in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; a further call adds to the same pipeline.</param>
    /// <returns>A builder that wants sources and exactly one store, unless <see cref="PassiveDnsOptions.StoreDirectory"/> names the default one.</returns>
    public static PassiveDnsBuilder AddPassiveDns(this IServiceCollection services, Action<PassiveDnsOptions> configure) =>
        services.AddPassiveDns(Options.Options.DefaultName, configure);

    /// <summary>Adds the pipeline with options from configuration, such as <c>builder.Configuration.GetSection("PassiveDns")</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section whose keys are the options' names; an unknown key fails the start of the host.</param>
    /// <returns>A builder that wants sources and exactly one store, unless <see cref="PassiveDnsOptions.StoreDirectory"/> names the default one.</returns>
    [RequiresUnreferencedCode(Binds), RequiresDynamicCode(Binds)]
    public static PassiveDnsBuilder AddPassiveDns(this IServiceCollection services, IConfiguration configuration) =>
        services.AddPassiveDns(Options.Options.DefaultName, configuration);

    /// <summary>
    /// Adds one of several pipelines of a host. Its services have the name as their key: <c>[FromKeyedServices("edge")] IObservationReader</c>; its
    /// <see cref="PassiveDnsOptions"/> have it as their name.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, which also stands in metrics and health checks: a word of yours, never a domain name or an address.</param>
    /// <returns>A builder that wants sources and exactly one store; that of the same pipeline, if the name was given before.</returns>
    public static PassiveDnsBuilder AddPassiveDns(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        return new(services, PassiveDnsSetup.Find(services, name) ?? Add(services, services.AddOptions<PassiveDnsOptions>(name), name));
    }

    /// <summary>Adds one of several pipelines of a host, with options set in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, as for the other methods of this kind.</param>
    /// <param name="configure">Sets options; a further call with the same name adds to the same pipeline.</param>
    /// <returns>A builder that wants sources and exactly one store, unless <see cref="PassiveDnsOptions.StoreDirectory"/> names the default one.</returns>
    public static PassiveDnsBuilder AddPassiveDns(this IServiceCollection services, string name, Action<PassiveDnsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(name, configure);
        return services.AddPassiveDns(name);
    }

    /// <summary>Adds one of several pipelines of a host, with options from configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, as for the other methods of this kind.</param>
    /// <param name="configuration">The section whose keys are the options' names; an unknown key fails the start of the host.</param>
    /// <returns>A builder that wants sources and exactly one store, unless <see cref="PassiveDnsOptions.StoreDirectory"/> names the default one.</returns>
    [RequiresUnreferencedCode(Binds), RequiresDynamicCode(Binds)]
    public static PassiveDnsBuilder AddPassiveDns(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddPassiveDns(name, options => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true));
    }

    private static PassiveDnsSetup Add(IServiceCollection services, OptionsBuilder<PassiveDnsOptions> options, string name)
    {
        PassiveDnsSetup setup = new(name);
        services.AddSingleton(setup);
        options.ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PassiveDnsOptions>, PassiveDnsOptionsValidator>());
        services.AddSingleton<IValidateOptions<PassiveDnsOptions>>(new PassiveDnsSetupValidator(setup));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new PipelineMeter(s.GetService<System.Diagnostics.Metrics.IMeterFactory>()));
        AddNamed(services, name, s => PipelineParts.Vantage(s.Options));
        AddNamed(services, name, setup.OpenStore);
        AddNamed<IObservationReader>(services, name, PipelineParts.Reader);
        AddNamed(services, name, s => new PipelineRun(s, setup));
        AddNamed(services, name, s => new PipelineEnd(s.GetRequiredService<PipelineRun>()));
        services.AddSingleton<IHostedService>(s => new HostedPipeline(new PipelineServices(s, name)));
        return setup;
    }

    /// <summary>The pipeline without a name has plain services, so that a program with one of them never hears of keys.</summary>
    private static void AddNamed<T>(IServiceCollection services, string name, Func<PipelineServices, T> make)
        where T : class
    {
        if (name.Length == 0) services.AddSingleton(s => make(new PipelineServices(s, name)));
        else services.AddKeyedSingleton(name, (s, _) => make(new PipelineServices(s, name)));
    }
}
