using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// Responses of which a part of the work is done already that depends on nothing seen before: hashed, taken apart, scrubbed. So another thread than the aggregator's can do it,
/// such as the one that reads. What comes out is the same octet for octet.
/// </summary>
/// <remarks>Make one for each buffer and use it again and again. One thread at a time; handing it from one to the other is the caller's affair.</remarks>
public sealed class DissectedResponses
{
    // Compressed names expand: what does not fit any more is left to the aggregator.
    private const int MaxOctets = 1 << 20;

    private readonly ResponseAggregator _aggregator;
    private readonly Dissection _parts;
    private Entry[] _entries = new Entry[256];

    /// <summary>Makes one without responses.</summary>
    /// <param name="aggregator">The only aggregator that will take them in.</param>
    public DissectedResponses(ResponseAggregator aggregator)
    {
        ArgumentNullException.ThrowIfNull(aggregator);
        _aggregator = aggregator;
        _parts = new(aggregator.Options.MaxRrsetRecords, aggregator.Options.StrictCompression);
    }

    /// <summary>The responses given last, or <c>null</c>.</summary>
    public ICapturedResponses? Responses { get; private set; }

    internal int Count { get; private set; }

    /// <summary>Takes responses apart, as far as they are not likely to be repeats and there is room; nothing in them can make this throw. The aggregator may be at work on others meanwhile.</summary>
    /// <param name="responses">The responses. They must stay as they are until <see cref="ResponseAggregator.AddAll(DissectedResponses)"/> has taken them in.</param>
    public void Dissect(ICapturedResponses responses)
    {
        ArgumentNullException.ThrowIfNull(responses);
        Clear();
        Responses = responses;
        if (_entries.Length < responses.Count) Array.Resize(ref _entries, responses.Count);
        ResponseMemo? memo = _aggregator.Memo;
        const int Ahead = 4; // so long until the bucket that tells of a repeat has come
        for (int i = 0; i < responses.Count + Ahead; i++)
        {
            if (i < responses.Count)
            {
                _entries[i].Key = memo is null ? default : ResponseMemo.KeyOf(responses[i]);
                if (_entries[i].Key.IsMemorable) memo!.FetchBucket(_entries[i].Key.Hash);
            }

            if (i < Ahead) continue;
            ref Entry entry = ref _entries[i - Ahead];
            CapturedResponse response = responses[i - Ahead];
            entry.IsApart = response.Message.Length <= ResponseMemo.MaxMessageLength && _parts.Octets < MaxOctets
                && !(entry.Key.IsMemorable && memo!.MayHold(entry.Key.Hash));
            if (!entry.IsApart) continue;
            _parts.Read(response.Message);
            entry.Apart = _parts.At;
        }

        Count = responses.Count;
    }

    /// <summary>Forgets the responses.</summary>
    public void Clear()
    {
        Responses = null;
        Count = 0;
        _parts.Clear();
    }

    /// <summary>Lets a response be worked on.</summary>
    internal void Begin(int index, ResponseAtHand atHand)
    {
        ref readonly Entry entry = ref _entries[index];
        if (entry.IsApart) atHand.Begin(entry.Key, _parts, in entry.Apart);
        else atHand.Begin(entry.Key);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public MemoKey Key;
        public bool IsApart;
        public DissectedResponse Apart;
    }
}
