using System.Net;

namespace PassiveDns.Capture;

/// <summary>
/// Listens on a TCP port for PowerDNS Recursors that send their Protocol Buffers messages (<c>outgoingProtobufServer</c>), any number of them at once. What
/// authoritative servers answered to them is observed; messages between clients and the resolver (<c>protobufServer</c>) are refused and counted.
/// </summary>
/// <remarks>
/// Such messages hold the answer section alone, without header flags and without MX and SRV data, and no zone: the Recursor's dnstap says more. It begins to listen
/// when it is made, and stops as <see cref="DnstapSocketSource"/> does. TCP carries neither a password nor encryption: listen on an address that only the
/// resolvers reach.
/// </remarks>
public sealed class PowerDnsSource : ICaptureSource
{
    private readonly DnstapSocketSource _listener;

    private PowerDnsSource(DnstapSocketSource listener) => _listener = listener;

    /// <inheritdoc/>
    public string Name => _listener.Name;

    /// <summary>Where it listens; a port that was given as 0 has its number here.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_listener.LocalEndPoint;

    /// <summary>Listens on a TCP port.</summary>
    /// <param name="endPoint">The address and the port; port 0 lets the system choose one.</param>
    /// <param name="vantage">What may be observed; pairing and limits are those of <see cref="VantageOptions.Dnstap"/>.</param>
    /// <param name="options">How to deal with the senders. What concerns a handshake or a UNIX socket does not apply.</param>
    /// <param name="time">The clock for messages that have no time; the system's if <c>null</c>.</param>
    /// <exception cref="IOException">The port cannot be opened; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static PowerDnsSource Listen(IPEndPoint endPoint, VantageOptions? vantage = null, DnstapListenerOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new(DnstapSocketSource.ListenTcp(endPoint, TapFormat.PowerDns, vantage, options, time));
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default) => _listener.ReadAsync(batch, cancellationToken);

    /// <inheritdoc/>
    public CaptureReport GetReport() => _listener.GetReport();

    /// <summary>Ends listening at once. What was not taken by <see cref="ReadAsync"/> is lost, and stays counted as held.</summary>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
