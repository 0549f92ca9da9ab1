namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>Holds the pages of an index that is derived anew against those in the file, in turn.</summary>
/// <param name="count">How many pages the file has.</param>
/// <param name="read">Reads one of them.</param>
internal sealed class DerivedPages(int count, Func<int, ReadOnlyMemory<byte>> read)
{
    private int _next;

    /// <summary>Whether a page was another one than in the file, or there is none in the file for it.</summary>
    public bool Differ { get; private set; }

    /// <summary>Whether all pages of the file came, as they are there.</summary>
    public bool AreAll => !Differ && _next == count;

    /// <summary>Takes a page in the place of writing it.</summary>
    public (long Start, int Length) Compare(ReadOnlySpan<byte> page)
    {
        Differ |= _next == count || !read(_next).Span.SequenceEqual(page);
        if (_next < count) _next++;
        return (0, page.Length);
    }
}
