namespace PassiveDns.Capture;

/// <summary>What a dnstap listener does with responses while its queue is full because nobody takes them fast enough.</summary>
public enum DnstapQueuePolicy
{
    /// <summary>It reads no more from the connections until there is room, so that the senders hold their frames. The default.</summary>
    Block,

    /// <summary>It reads on, drops the new responses and counts them, so that the senders never wait.</summary>
    DropNewest,
}
