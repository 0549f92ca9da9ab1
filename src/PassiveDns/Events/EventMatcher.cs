using System.Net;
using System.Text.RegularExpressions;

namespace PassiveDns.Events;

/// <summary>An <see cref="EventSelection"/> made ready to be asked many times. A list of many names costs no more than one of few.</summary>
internal sealed class EventMatcher
{
    private readonly ObservationEventKinds _kinds;
    private readonly HashSet<DomainName> _names;
    private readonly HashSet<DomainName> _subtrees;
    private readonly (HostAddress First, HostAddress Last)[] _networks;
    private readonly Regex[] _patterns;

    public EventMatcher(EventSelection selection)
    {
        if (selection.Kinds == ObservationEventKinds.None) throw new ArgumentException("Kinds is None: name at least one kind of event, or leave it out for all news.", nameof(selection));
        _kinds = selection.Kinds;
        _names = [.. selection.Names];
        _subtrees = [.. selection.Subtrees];
        _networks = [.. selection.Networks.Select(Range)];
        _patterns = [.. selection.Patterns.Select(Compile)];
    }

    private bool IsWatchList => _names.Count + _subtrees.Count + _networks.Length + _patterns.Length > 0;

    private bool WatchesNames => _names.Count + _subtrees.Count + _patterns.Length > 0;

    public bool Includes(ObservationEvent happened)
    {
        if ((happened.Kinds & _kinds) == 0) return false;
        Observation row = happened.Observation;
        if (!IsWatchList || (WatchesNames && Watches(row.RrName))) return true;
        foreach (Rdata record in row.Rdata)
        {
            if (_networks.Length > 0 && RecordData.TryGetAddress(row.Type, record.Canonical, out HostAddress address) && Array.Exists(_networks, n => n.First <= address && address <= n.Last)) return true;
            if (WatchesNames && FindTarget(row.Type, record) is { } target && Watches(target)) return true;
        }

        return false;
    }

    private static DomainName? FindTarget(RecordType type, Rdata record)
    {
        Span<byte> buffer = stackalloc byte[DomainName.MaxWireLength];
        return RecordData.TryGetTarget(type, record.Canonical, buffer, out ReadOnlySpan<byte> target) && DomainName.TryFromWire(target, out DomainName name) ? name : null;
    }

    private bool Watches(DomainName name)
    {
        if (_names.Contains(name)) return true;
        for (int labels = name.LabelCount; _subtrees.Count > 0 && labels >= 0; labels--)
        {
            if (_subtrees.Contains(name.Ancestor(labels))) return true;
        }

        if (_patterns.Length == 0) return false;
        string text = name.ToString();
        return Array.Exists(_patterns, pattern => pattern.IsMatch(text));
    }

    private static (HostAddress First, HostAddress Last) Range(IPNetwork network)
    {
        HostAddress first = HostAddress.From(network.BaseAddress);
        return (first, first.LastOf(network.PrefixLength));
    }

    // Names come from outside: no pattern may take more than linear time over them.
    private static Regex Compile(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"Patterns: '{pattern}' cannot be used ({e.Message.TrimEnd('.')}); give a regular expression without back references and look-around.", nameof(pattern), e);
        }
    }
}
