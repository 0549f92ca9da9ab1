namespace PassiveDns;

/// <summary>When the health check of a pipeline (<c>AddHealthChecks().AddPassiveDns()</c>) calls it ill. Part of <see cref="PassiveDnsOptions"/>.</summary>
public sealed class PipelineHealthOptions
{
    /// <summary>
    /// How long packets may arrive without one response being observed, and how long the spool may hold batches without ever being empty: one second to one
    /// day. Default 5 minutes.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many packets without one observed response are silence, 1 or more: so many must have arrived as well. Default 1,000.</summary>
    public long SilentPackets { get; set; } = 1000;
}
