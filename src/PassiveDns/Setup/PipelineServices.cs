using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PassiveDns.Capture;
using PassiveDns.Events;
using PassiveDns.Storage;

namespace PassiveDns;

/// <summary>
/// The services as one pipeline of a host sees them. Sources and stores ask for <see cref="VantageOptions"/> or the store as if theirs were the only
/// pipeline; here they get those of their own, by its name.
/// </summary>
internal sealed class PipelineServices(IServiceProvider services, string name) : IKeyedServiceProvider, IServiceProviderIsService
{
    public string Name => name;

    public PassiveDnsOptions Options => services.GetRequiredService<IOptionsMonitor<PassiveDnsOptions>>().Get(name);

    public object? GetService(Type serviceType) => serviceType switch
    {
        _ when serviceType == typeof(IServiceProvider) || serviceType == typeof(IServiceProviderIsService) => this,
        _ when name.Length == 0 => services.GetService(serviceType),
        _ when serviceType == typeof(IOptions<PassiveDnsOptions>) => OptionsOf<PassiveDnsOptions>(),
        _ when serviceType == typeof(IOptions<ProbeOptions>) => OptionsOf<ProbeOptions>(),
        _ when IsOfPipeline(serviceType) => ((IKeyedServiceProvider)services).GetKeyedService(serviceType, name),
        _ => services.GetService(serviceType),
    };

    public object? GetKeyedService(Type serviceType, object? serviceKey) => ((IKeyedServiceProvider)services).GetKeyedService(serviceType, serviceKey);

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) => ((IKeyedServiceProvider)services).GetRequiredKeyedService(serviceType, serviceKey);

    public bool IsService(Type serviceType) => services.GetService<IServiceProviderIsService>() is { } known && known.IsService(serviceType) || IsOfPipeline(serviceType);

    private static bool IsOfPipeline(Type type) => type == typeof(VantageOptions) || type == typeof(IObservationStore) || type == typeof(IObservationReader)
        || type == typeof(PipelineRun) || type == typeof(ObservationFeed) || type == typeof(PipelineEnd);

    private IOptions<T> OptionsOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>()
        where T : class => Microsoft.Extensions.Options.Options.Create(services.GetRequiredService<IOptionsMonitor<T>>().Get(name));
}
