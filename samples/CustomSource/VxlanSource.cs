using System.Net.Sockets;
using PassiveDns.Capture;

namespace CustomSource;

/// <summary>What a switch or a cloud's traffic mirror sends: Ethernet frames, each in a UDP datagram behind a VXLAN header (RFC 7348 section 5).</summary>
public sealed class VxlanSource(UdpClient mirror, VantageOptions vantage) : ICaptureSource
{
    private const int HeaderLength = 8;
    private readonly PacketDecoder _decoder = new(vantage);
    private bool _hasEnded;

    public string Name => "traffic mirror";

    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        while (_decoder.TryDrain(batch) && batch.Count == 0 && !_hasEnded)
        {
            try
            {
                byte[] datagram = (await mirror.ReceiveAsync(cancellationToken)).Buffer;
                _decoder.Decode(LinkType.Ethernet, datagram.AsSpan(Math.Min(HeaderLength, datagram.Length)), DateTimeOffset.UtcNow);
            }
            catch (OperationCanceledException)
            {
                _decoder.Complete(); // the host stops: what was held back leaves with this batch
                _hasEnded = true;
            }
        }

        return !_hasEnded || batch.Count > 0;
    }

    public CaptureReport GetReport() => _decoder.GetReport();

    public ValueTask DisposeAsync()
    {
        mirror.Dispose();
        return ValueTask.CompletedTask;
    }
}
