using PassiveDns;
using PassiveDns.Capture;
using PassiveDns.Capture.Live;

// In this namespace, so that the method appears on what AddPassiveDns() returns.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds live capture as a source.</summary>
public static class LiveCaptureBuilderExtensions
{
    /// <summary>Listens to a network interface from the start of the host to its shutdown. The resolvers must be named, or the host does not start.</summary>
    /// <param name="builder">What <c>AddPassiveDns()</c> returned.</param>
    /// <param name="interfaceName">The interface, such as <c>eth0</c>.</param>
    /// <param name="configure">
    /// Sets options; further interfaces added here are one recording with the first. A call of this method for each interface makes recordings of their own.
    /// </param>
    public static PassiveDnsBuilder AddLiveCapture(this PassiveDnsBuilder builder, string interfaceName, Action<LiveCaptureOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        return builder.AddCaptureSource(services =>
        {
            LiveCaptureOptions options = new();
            options.Interfaces.Add(interfaceName);
            configure?.Invoke(options);
            return LiveCaptureSource.Open(options, services.GetRequiredService<VantageOptions>());
        });
    }
}
