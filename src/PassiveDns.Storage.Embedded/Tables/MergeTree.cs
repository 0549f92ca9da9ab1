using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// All entries of several tables in the order of their keys, all versions of a row merged by the merge law: what flushes and compactions read.
/// </summary>
/// <remarks>
/// A tree of losers: each inner node keeps the source that lost there, so the next one takes one comparison a level. And hardly any looks at keys. Each
/// source has a code that says where its key first differs from the last one that won, and in which octet: of two keys that differ from the same smaller one,
/// the one that does so later is the smaller one; at the same place, the one with the smaller octet. Only if that is the same, too, are
/// the octets behind it compared, and the loser's code is from then on that of its difference to the winner. (Offset-value coding: Conner, 1977.)
/// </remarks>
internal sealed class MergeTree
{
    private const int OctetBits = 9; // an octet + 1, or 0 where a key ends
    private const uint Ended = uint.MaxValue;

    private readonly TableScan[] _sources;
    private readonly uint[] _codes;
    private readonly int[] _losers;
    private readonly byte[] _key = new byte[TableFormat.MaxKeyLength];
    private readonly HistoryMerge _merge;
    private int _winner;
    private int _keyLength;
    private bool _hasStarted;

    /// <param name="sources">Walks that have not begun.</param>
    /// <param name="intervalGap">The store's interval gap.</param>
    public MergeTree(TableScan[] sources, TimeSpan intervalGap)
    {
        _sources = sources;
        _codes = new uint[sources.Length];
        _losers = new int[sources.Length];
        _merge = new(intervalGap);
        for (int i = 0; i < sources.Length; i++) _codes[i] = sources[i].MoveNext() ? Code(sources[i].Key, 0) : Ended;
        _winner = sources.Length == 0 ? -1 : Play(1);
    }

    public ReadOnlySpan<byte> Key => _keyLength > 0 ? _key.AsSpan(0, _keyLength) : _sources[_winner].Key;

    public ReadOnlySpan<byte> Value => _merge.Length > 0 ? _merge.Value : _sources[_winner].Value;

    public bool MoveNext()
    {
        if (_winner < 0) return false;
        if (_hasStarted && _keyLength == 0) Advance();
        _hasStarted = true;
        _keyLength = 0;
        _merge.Clear();
        if (_codes[_winner] == Ended) return false;
        if (HasOtherVersions()) MergeVersions();
        return true;
    }

    /// <summary>A source that stands at the winner's key lost to it, or to another one that did: one of them is among those that lost to it directly.</summary>
    private bool HasOtherVersions()
    {
        uint same = CodeOfSame(_sources[_winner].Key.Length);
        for (int node = (_winner + _sources.Length) / 2; node > 0; node /= 2)
        {
            if (_codes[_losers[node]] == same) return true;
        }

        return false;
    }

    /// <summary>Copies key and value, since the sources move on while the versions are gathered.</summary>
    private void MergeVersions()
    {
        ReadOnlySpan<byte> key = _sources[_winner].Key;
        key.CopyTo(_key);
        int length = key.Length;
        uint same = CodeOfSame(length);
        bool isSet = key[0] == (byte)Keyspace.Sets; // written once: all versions are the same
        _merge.Add(_sources[_winner].Value);
        for (Advance(); _codes[_winner] == same; Advance())
        {
            if (!isSet) _merge.Add(_sources[_winner].Value);
        }

        _keyLength = length;
    }

    /// <summary>The winner's source moves on and plays again on the way to the root.</summary>
    private void Advance()
    {
        int playing = _winner;
        TableScan source = _sources[playing];
        _codes[playing] = source.MoveNext() ? Code(source.Key, source.Shared) : Ended;
        for (int node = (playing + _sources.Length) / 2; node > 0; node /= 2)
        {
            int loser = _losers[node];
            if (!Beats(loser, playing)) continue;
            _losers[node] = playing;
            playing = loser;
        }

        _winner = playing;
    }

    private int Play(int node)
    {
        if (node >= _sources.Length) return node - _sources.Length;
        int left = Play(2 * node), right = Play(2 * node + 1);
        bool isLeft = Beats(left, right);
        _losers[node] = isLeft ? right : left;
        return isLeft ? left : right;
    }

    private bool Beats(int one, int other)
    {
        uint code = _codes[one];
        if (code != _codes[other] || code == Ended) return code < _codes[other];
        if ((code & (1 << OctetBits) - 1) == 0) return false; // both end there: they are the same
        ReadOnlySpan<byte> mine = _sources[one].Key, theirs = _sources[other].Key;
        int at = TableFormat.MaxKeyLength - (int)(code >> OctetBits) + 1;
        at += mine[at..].CommonPrefixLength(theirs[at..]);
        uint oneCode = Code(mine, at), otherCode = Code(theirs, at);
        if (oneCode < otherCode)
        {
            _codes[other] = otherCode;
            return true;
        }

        _codes[one] = oneCode;
        return false;
    }

    private static uint Code(ReadOnlySpan<byte> key, int shared) =>
        (uint)(TableFormat.MaxKeyLength - shared) << OctetBits | (shared < key.Length ? key[shared] + 1u : 0);

    private static uint CodeOfSame(int length) => (uint)(TableFormat.MaxKeyLength - length) << OctetBits;
}
