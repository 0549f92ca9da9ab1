using System.Net;
using PassiveDns.Capture;
using PassiveDns.Capture.Live;

namespace PassiveDns.Tool.Commands;

/// <summary>What <c>pdns capture</c> was asked to do.</summary>
internal sealed class CaptureRequest
{
    /// <summary>The store's directory.</summary>
    public required string Store { get; init; }

    /// <summary>The sensor.</summary>
    public required SensorId Sensor { get; init; }

    /// <summary>When to end, or <c>null</c> to listen until it is stopped.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long sightings are summed before they are written, or <c>null</c> for the default.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Whether the account is written as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>A file of root hints, or <c>null</c> for the real root.</summary>
    public string? RootHints { get; init; }

    /// <summary>A file of what an import has learnt of zones and their servers, or <c>null</c>.</summary>
    public string? Delegations { get; init; }

    /// <summary>The interfaces, and how to listen to them; no interfaces if only other sources are wanted.</summary>
    public LiveCaptureOptions Live { get; } = new();

    /// <summary>UNIX sockets for dnstap.</summary>
    public List<string> DnstapSockets { get; } = [];

    /// <summary>TCP ports for dnstap.</summary>
    public List<IPEndPoint> DnstapListeners { get; } = [];

    /// <summary>TCP ports for messages of PowerDNS.</summary>
    public List<IPEndPoint> PowerDnsListeners { get; } = [];

    /// <summary>How to deal with the senders of both.</summary>
    public DnstapListenerOptions Dnstap { get; } = new();

    /// <summary>Whose traffic may be observed.</summary>
    public VantageOptions Vantage { get; } = new();
}
