namespace PassiveDns.Capture.Live;

/// <summary>What becomes of packets when the buffer between capture and decoding is full, because decoding or the store does not keep up.</summary>
public enum FullBuffer
{
    /// <summary>Capture waits. The kernel's own buffer takes what comes meanwhile, and the kernel counts what does not fit there either.</summary>
    Block,

    /// <summary>The newest packets are dropped and counted, so that what waits in the buffer is never older than the buffer is long.</summary>
    DropNewest,
}
