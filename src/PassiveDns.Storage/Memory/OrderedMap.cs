using System.Diagnostics;

namespace PassiveDns.Storage.Memory;

/// <summary>
/// An ordered map from octets to octets that never changes: a B+tree whose next version is made by a <see cref="Builder"/> that copies only
/// the nodes it touches. So a reader holds a snapshot by holding a reference, and neither side waits for the other.
/// </summary>
internal sealed class OrderedMap
{
    private const int Fanout = 64;

    private readonly Node _root;

    private OrderedMap(Node root, long count, long octets)
    {
        _root = root;
        Count = count;
        Octets = octets;
    }

    public static OrderedMap Empty { get; } = new(new(new(), isLeaf: true), 0, 0);

    public long Count { get; }

    public long Octets { get; }

    public Builder ToBuilder() => new(this);

    public Cursor Seek(ReadOnlySpan<byte> from) => new(_root, from);

    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value)
    {
        Node node = _root;
        while (!node.IsLeaf) node = node.Children[node.ChildOf(key)];
        bool found = node.Find(key, out int index);
        value = found ? node.Values[index] : [];
        return found;
    }

    /// <summary>Makes the next version. Nodes that it made itself carry its mark and are changed in place.</summary>
    internal sealed class Builder(OrderedMap map)
    {
        private readonly object _mark = new();
        private Node _root = map._root;
        private long _count = map.Count;
        private long _octets = map.Octets;

        public OrderedMap ToMap() => new(_root, _count, _octets);

        /// <summary>Finds the place of a key's value and makes the entry if there is none. The caller must fill the place.</summary>
        public ref byte[] Upsert(ReadOnlySpan<byte> key, out bool existed)
        {
            if (_root.Count == Fanout)
            {
                Node top = new(_mark, isLeaf: false) { Count = 1 };
                top.Keys[0] = _root.Keys[0];
                top.Children[0] = _root;
                top.SplitChild(0, _mark);
                _root = top;
            }
            else if (_root.Mark != _mark)
            {
                _root = _root.Copy(_mark);
            }

            Node node = _root;
            while (!node.IsLeaf)
            {
                int index = node.ChildOf(key);
                Node child = node.Children[index];
                if (child.Count == Fanout)
                {
                    node.SplitChild(index, _mark);
                    if (key.SequenceCompareTo(node.Keys[index + 1]) >= 0) index++;
                }
                else if (child.Mark != _mark)
                {
                    node.Children[index] = child.Copy(_mark);
                }

                node = node.Children[index];
            }

            existed = node.Find(key, out int at);
            if (!existed)
            {
                node.InsertEntry(at, key.ToArray());
                _count++;
                _octets += key.Length;
            }

            return ref node.Values[at];
        }

        public void Grow(int octets) => _octets += octets;
    }

    /// <summary>Walks upwards from a key. It starts before the first entry.</summary>
    internal sealed class Cursor
    {
        private readonly Stack<(Node Node, int Index)> _path = new();
        private Node? _leaf;
        private int _index;

        public Cursor(Node root, ReadOnlySpan<byte> from)
        {
            Node node = root;
            while (!node.IsLeaf)
            {
                int index = node.ChildOf(from);
                _path.Push((node, index));
                node = node.Children[index];
            }

            _leaf = node;
            node.Find(from, out int at);
            _index = at - 1;
        }

        public byte[] Key => _leaf!.Keys[_index];

        public byte[] Value => _leaf!.Values[_index];

        public bool MoveNext()
        {
            if (_leaf is null) return false;
            if (++_index < _leaf.Count) return true;
            _leaf = null;
            while (_path.TryPop(out (Node Node, int Index) step))
            {
                if (step.Index + 1 >= step.Node.Count) continue;
                _path.Push((step.Node, step.Index + 1));
                Node node = step.Node.Children[step.Index + 1];
                while (!node.IsLeaf)
                {
                    _path.Push((node, 0));
                    node = node.Children[0];
                }

                _leaf = node;
                _index = 0;
                return true;
            }

            return false;
        }
    }

    /// <summary>A leaf holds keys and values; an inner node holds children and, for all but the first, the least key of each.</summary>
    internal sealed class Node(object mark, bool isLeaf)
    {
        public readonly object Mark = mark;
        public readonly byte[][] Keys = new byte[Fanout][];
        public readonly byte[][] Values = isLeaf ? new byte[Fanout][] : [];
        public readonly Node[] Children = isLeaf ? [] : new Node[Fanout];
        public int Count;

        public bool IsLeaf => Children.Length == 0;

        public int ChildOf(ReadOnlySpan<byte> key)
        {
            int low = 1, high = Count; // the first child takes all keys below the second one's
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (key.SequenceCompareTo(Keys[middle]) >= 0) low = middle + 1;
                else high = middle;
            }

            return low - 1;
        }

        public bool Find(ReadOnlySpan<byte> key, out int index)
        {
            int low = 0, high = Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                int order = key.SequenceCompareTo(Keys[middle]);
                if (order == 0)
                {
                    index = middle;
                    return true;
                }

                if (order > 0) low = middle + 1;
                else high = middle;
            }

            index = low;
            return false;
        }

        public Node Copy(object mark)
        {
            Node copy = new(mark, IsLeaf) { Count = Count };
            Array.Copy(Keys, copy.Keys, Count);
            if (IsLeaf) Array.Copy(Values, copy.Values, Count);
            else Array.Copy(Children, copy.Children, Count);
            return copy;
        }

        public void InsertEntry(int at, byte[] key)
        {
            Array.Copy(Keys, at, Keys, at + 1, Count - at);
            Array.Copy(Values, at, Values, at + 1, Count - at);
            Keys[at] = key;
            Values[at] = [];
            Count++;
        }

        /// <summary>Puts two halves in the place of a full child. This node must have room and be the builder's own.</summary>
        public void SplitChild(int index, object mark)
        {
            Debug.Assert(Count < Fanout, "a full node is split on the way down, before its children");
            Node left = Children[index].Mark == mark ? Children[index] : Children[index].Copy(mark);
            const int Half = Fanout / 2;
            Node right = new(mark, left.IsLeaf) { Count = Fanout - Half };
            Array.Copy(left.Keys, Half, right.Keys, 0, Fanout - Half);
            Array.Clear(left.Keys, Half, Fanout - Half);
            if (left.IsLeaf)
            {
                Array.Copy(left.Values, Half, right.Values, 0, Fanout - Half);
                Array.Clear(left.Values, Half, Fanout - Half);
            }
            else
            {
                Array.Copy(left.Children, Half, right.Children, 0, Fanout - Half);
                Array.Clear(left.Children, Half, Fanout - Half);
            }

            left.Count = Half;
            Array.Copy(Keys, index + 1, Keys, index + 2, Count - index - 1);
            Array.Copy(Children, index + 1, Children, index + 2, Count - index - 1);
            Children[index] = left;
            Children[index + 1] = right;
            Keys[index + 1] = right.Keys[0];
            Count++;
        }
    }
}
