using Microsoft.Extensions.Diagnostics.HealthChecks;
using PassiveDns;

// In this namespace, so that the method appears on what AddHealthChecks() returns.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health check of a pipeline.</summary>
public static class PassiveDnsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that fails when the pipeline has ended with a failure, when packets arrive and nothing is observed, when the spool grows, or when the store
    /// fails; <see cref="PassiveDnsOptions.Health"/> says after how long. Its descriptions hold no domain name and no address.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="pipeline">The pipeline's name, as given to <c>AddPassiveDns()</c>; empty for the one without a name.</param>
    /// <param name="failureStatus">What a failing check is reported as. Default <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags for filters.</param>
    public static IHealthChecksBuilder AddPassiveDns(this IHealthChecksBuilder builder, string pipeline = "", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(pipeline);
        PipelineHealthCheck? check = null; // one for the whole life of the host: it remembers when things last went well
        Lock once = new();
        return builder.Add(new HealthCheckRegistration(
            pipeline.Length == 0 ? "passivedns" : $"passivedns-{pipeline}",
            services =>
            {
                lock (once) return check ??= new(new PipelineServices(services, pipeline));
            },
            failureStatus,
            tags));
    }
}
