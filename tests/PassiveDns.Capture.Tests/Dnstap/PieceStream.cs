namespace PassiveDns.Capture.Tests;

/// <summary>Gives its octets in pieces.</summary>
internal sealed class PieceStream(byte[] octets, int piece) : MemoryStream(octets, writable: false)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
}
