using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PassiveDns.Storage.Embedded;

namespace PassiveDns;

/// <summary>Opens embedded stores of a host: damage that they meet in the background is logged, since nobody waits for an exception there.</summary>
internal static partial class LoggedStore
{
    private const string Category = "PassiveDns.Storage";

    /// <summary>Opens a store.</summary>
    /// <param name="services">Gives the logger, if there is one.</param>
    /// <param name="path">The directory.</param>
    /// <param name="configure">Sets options; a listener for damage that it sets is called as well.</param>
    public static EmbeddedObservationStore Open(IServiceProvider services, string path, Action<EmbeddedStoreOptions>? configure = null)
    {
        EmbeddedStoreOptions options = new();
        configure?.Invoke(options);
        if (services.GetService<ILoggerFactory>()?.CreateLogger(Category) is { } logger) options.DamageFound += line => DamageFound(logger, line);
        return EmbeddedObservationStore.Open(path, options);
    }

    [LoggerMessage(20, LogLevel.Error, "{Problem} The file is left as it is and the store goes on; pdns verify tells what else is damaged.")]
    private static partial void DamageFound(ILogger logger, string problem);
}
