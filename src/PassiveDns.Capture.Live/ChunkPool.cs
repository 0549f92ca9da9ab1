namespace PassiveDns.Capture.Live;

/// <summary>The buffer between capture and decoding: as many chunks as the options allow, made when they are first needed.</summary>
internal sealed class ChunkPool(int maxChunks)
{
    private readonly Stack<PacketChunk> _free = new();
    private int _made;

    /// <summary>Whether every chunk is taken.</summary>
    public bool IsExhausted
    {
        get
        {
            lock (_free) return _made == maxChunks && _free.Count == 0;
        }
    }

    /// <summary>Takes an empty chunk.</summary>
    /// <param name="milliseconds">How long to wait for one to be given back if all are in use.</param>
    public PacketChunk? TryTake(int milliseconds)
    {
        lock (_free)
        {
            if (_free.Count == 0 && _made < maxChunks)
            {
                _made++;
                return new();
            }

            if (_free.Count == 0 && milliseconds > 0) Monitor.Wait(_free, milliseconds);
            return _free.TryPop(out PacketChunk? chunk) ? chunk : null;
        }
    }

    /// <summary>Gives a chunk back.</summary>
    public void Return(PacketChunk chunk)
    {
        chunk.Clear();
        lock (_free)
        {
            _free.Push(chunk);
            Monitor.Pulse(_free);
        }
    }
}
