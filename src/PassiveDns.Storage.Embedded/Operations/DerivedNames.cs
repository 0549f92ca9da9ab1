using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>Derives the name index of a table anew and holds it against the one in the file, as <see cref="DerivedChanges"/> does with changes.</summary>
internal sealed class DerivedNames
{
    private readonly NameIndex _stored;
    private readonly DerivedPages _pages;
    private readonly NameIndexBuilder _builder;
    private int _block;
    private int _run;
    private int _restarts;

    public DerivedNames(NameIndex stored)
    {
        _stored = stored;
        NameIndex.Page[] pages = [.. stored.Runs.ToArray().SelectMany(run => run.Pages)];
        _pages = new(pages.Length, page => stored.ReadPage(pages[page]));
        _builder = new(_pages.Compare);
    }

    /// <summary>Takes the entry at which a cursor stands.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <returns><c>false</c> if something differed up to now.</returns>
    public bool Fits(TableCursor cursor)
    {
        if (cursor.Number != _block)
        {
            _builder.EndBlock(_restarts);
            if (_run < _stored.Runs.Length && _stored.Runs[_run].FirstBlock + _stored.Runs[_run].Blocks - 1 == _block)
            {
                _builder.EndRun();
                _run++;
            }

            _block = cursor.Number;
        }

        _restarts = cursor.Restarts;
        ReadOnlySpan<byte> key = cursor.Key;
        if ((Keyspace)key[0] is Keyspace.Rrsets or Keyspace.Dnssec && KeyHead.Measure(key) is > 0 and int head) _builder.Add(key[..head], _block, cursor.Entry / TableFormat.RestartInterval);
        return !_pages.Differ;
    }

    /// <summary>Ends the comparison.</summary>
    public bool FitsToTheEnd()
    {
        _builder.EndBlock(_restarts);
        _builder.EndRun();
        return _pages.AreAll && _builder.Runs.SequenceEqual(_stored.Runs.ToArray().Select(run => (run.FirstBlock, run.Blocks, run.Pages.Length)));
    }
}
