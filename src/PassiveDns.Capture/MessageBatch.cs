using System.Runtime.InteropServices;

namespace PassiveDns.Capture;

/// <summary>
/// A buffer that a source fills with responses and the pipeline empties: the only thing that crosses from the capture room into the others.
/// The caller owns it and uses it again and again, so that a response costs no allocation.
/// </summary>
public sealed class MessageBatch : ICapturedResponses
{
    private readonly byte[] _octets;
    private readonly Entry[] _entries;
    private int _length;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="byteCapacity">Octets for messages; at least 65,790, so that the longest message and its query zone fit.</param>
    /// <param name="messageCapacity">The most messages.</param>
    public MessageBatch(int byteCapacity = 1 << 20, int messageCapacity = 2048)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(byteCapacity, 65_790);
        ArgumentOutOfRangeException.ThrowIfLessThan(messageCapacity, 1);
        _octets = new byte[byteCapacity];
        _entries = new Entry[messageCapacity];
    }

    /// <summary>The number of responses in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Copies a response into the batch.</summary>
    /// <param name="response">The response.</param>
    /// <returns><c>false</c> if it does not fit any more: hand the batch on, and offer the response again with the next one.</returns>
    /// <exception cref="ArgumentException">The message is longer than 65,535 octets, or the query zone longer than 255.</exception>
    public bool TryAdd(scoped in CapturedResponse response)
    {
        if (response.Message.Length > ushort.MaxValue || response.QueryZone.Length > DomainName.MaxWireLength)
        {
            throw new ArgumentException("A DNS message has at most 65,535 octets and a zone name at most 255.", nameof(response));
        }

        int length = response.Message.Length + response.QueryZone.Length;
        if (Count == _entries.Length || length > _octets.Length - _length) return false;
        response.Message.CopyTo(_octets.AsSpan(_length));
        response.QueryZone.CopyTo(_octets.AsSpan(_length + response.Message.Length));
        _entries[Count++] = new(_length, response.Message.Length, response.QueryZone.Length, response.UnixNanoseconds, response.Server, response.IsProbe);
        _length += length;
        return true;
    }

    /// <summary>Empties the batch; its buffer stays.</summary>
    public void Clear()
    {
        Count = 0;
        _length = 0;
    }

    /// <summary>A response; it borrows the batch.</summary>
    /// <param name="index">Its place in the order in which they were added.</param>
    public CapturedResponse this[int index]
    {
        get
        {
            ref readonly Entry entry = ref _entries[index];
            ReadOnlySpan<byte> octets = _octets.AsSpan(entry.Offset, entry.MessageLength + entry.ZoneLength);
            return new()
            {
                Message = octets[..entry.MessageLength],
                QueryZone = octets[entry.MessageLength..],
                UnixNanoseconds = entry.UnixNanoseconds,
                Server = entry.Server,
                IsProbe = entry.IsProbe,
            };
        }
    }

    /// <summary>Enumerates the responses in the order in which they were added.</summary>
    public Enumerator GetEnumerator() => new(this);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(int Offset, int MessageLength, int ZoneLength, long UnixNanoseconds, HostAddress Server, bool IsProbe);

    /// <summary>Walks over the responses of a batch.</summary>
    public ref struct Enumerator
    {
        private readonly MessageBatch _batch;
        private int _index;

        internal Enumerator(MessageBatch batch)
        {
            _batch = batch;
            _index = -1;
        }

        /// <summary>The current response; it borrows the batch.</summary>
        public readonly CapturedResponse Current => _batch[_index];

        /// <summary>Moves to the next response.</summary>
        public bool MoveNext() => ++_index < _batch.Count;
    }
}
