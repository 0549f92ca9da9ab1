using System.Text;

namespace PassiveDns;

public sealed partial class ZoneReader
{
    private const int MaxIncludeDepth = 10; // as NSD
    private const int MaxIncludes = 1000;
    private const int MaxPathLength = 1024;

    private int _includes;

    private bool ReadDirective(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> word, ReadOnlySpan<byte> rest)
    {
        int at = entry.Length - rest.Length;
        ZoneError error = ZoneError.UnknownDirective;
        if (Ascii.EqualsIgnoreCase(word, "$ORIGIN"u8)) error = SetOrigin(rest);
        else if (Ascii.EqualsIgnoreCase(word, "$TTL"u8)) error = SetDefaultTtl(rest);
        else if (Ascii.EqualsIgnoreCase(word, "$INCLUDE"u8)) return Include(entry, rest);
        else if (Ascii.EqualsIgnoreCase(word, "$GENERATE"u8)) error = StartGenerating(rest);
        else if (Ascii.EqualsIgnoreCase(word, "$DATE"u8)) error = ZoneError.None; // BIND's dumps tell their time with it; it changes nothing
        else at = 0;
        if (error != ZoneError.None) return Fail(error, entry, at);
        Report.Entries.Count(ZoneEntryFate.Directive);
        return false;
    }

    /// <summary>RFC 1035 section 5.1; a relative name is relative to the origin before, as in BIND.</summary>
    private ZoneError SetOrigin(ReadOnlySpan<byte> rest)
    {
        Span<byte> wire = stackalloc byte[ZoneName.RoomLength];
        ReadOnlySpan<byte> word = TakeWord(ref rest);
        if (word.IsEmpty || !rest.IsEmpty) return ZoneError.MalformedDirective;
        int length = ZoneName.Parse(word, _origin.Wire, wire);
        if (length < 0) return ZoneError.MalformedName;
        _origin = DomainName.FromCanonicalWire(wire[..length]);
        _ownerTextLength = 0;
        return ZoneError.None;
    }

    /// <summary>RFC 2308 section 4.</summary>
    private ZoneError SetDefaultTtl(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> word = TakeWord(ref rest);
        if (word.IsEmpty || !rest.IsEmpty) return ZoneError.MalformedDirective;
        ZoneError error = ParseTtl(word, out uint seconds);
        if (error == ZoneError.None) _defaultTtl = seconds;
        return error;
    }

    private bool Include(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> rest)
    {
        int at = entry.Length - rest.Length;
        if (_options.IncludeDirectory is null) return Fail(ZoneError.IncludeRefused, entry, at);
        scoped ReadOnlySpan<byte> path;
        if (!rest.IsEmpty && rest[0] == '"')
        {
            int quote = rest[1..].IndexOf((byte)'"');
            path = quote < 0 ? default : rest.Slice(1, quote);
            rest = quote < 0 ? default : rest[(quote + 2)..].TrimStart(" \t\r\n"u8);
        }
        else
        {
            path = TakeWord(ref rest);
        }

        ReadOnlySpan<byte> origin = TakeWord(ref rest);
        if (path.IsEmpty || !rest.IsEmpty || path.Contains((byte)0)) return Fail(ZoneError.MalformedDirective, entry, at);
        Span<byte> wire = stackalloc byte[ZoneName.RoomLength];
        int length = origin.IsEmpty ? 0 : ZoneName.Parse(origin, _origin.Wire, wire);
        if (length < 0) return Fail(ZoneError.MalformedName, entry, at);
        ZoneError error = OpenIncluded(Encoding.UTF8.GetString(path), out ZoneInput? input);
        if (input is null) return Fail(error, entry, at);
        Report.Entries.Count(ZoneEntryFate.Directive);
        _includedFrom.Push(new(_input, _origin, Owner.ToArray(), _isInZone));
        _input = input;
        if (length > 0) _origin = DomainName.FromCanonicalWire(wire[..length]);
        _ownerTextLength = 0;
        return false;
    }

    private ZoneError OpenIncluded(string name, out ZoneInput? input)
    {
        input = null;
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(_options.IncludeDirectory!));
        string path = Path.GetFullPath(Path.Combine(root, name));
        if (path.Length > MaxPathLength || !IsInside(root, path)) return ZoneError.IncludeOutsideDirectory;
        if (_input.File is not null && Path.GetFullPath(_input.File) == path) return ZoneError.IncludeCycle;
        foreach (IncludedFrom outer in _includedFrom)
        {
            if (outer.Input.File is not null && Path.GetFullPath(outer.Input.File) == path) return ZoneError.IncludeCycle;
        }

        if (_includedFrom.Count == MaxIncludeDepth) return ZoneError.IncludeTooDeep;
        if (_includes == MaxIncludes) return ZoneError.TooManyIncludes; // ten levels of files that include others many times would never end
        try
        {
            input = new(OpenPipe(path), path, _options.MaxEntryLength);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ZoneError.IncludeNotFound;
        }

        _includes++;
        return ZoneError.None;
    }

    /// <summary>Whether a path stays under the root by its text and goes over no link on the way.</summary>
    private static bool IsInside(string root, string path)
    {
        if (!path.StartsWith(root, StringComparison.Ordinal) || path.Length == root.Length) return false;
        if (!Path.EndsInDirectorySeparator(root) && path[root.Length] != Path.DirectorySeparatorChar) return false;
        for (string? at = path; at is not null && at.Length > root.Length; at = Path.GetDirectoryName(at))
        {
            if (new FileInfo(at).LinkTarget is not null) return false;
        }

        return true;
    }

    /// <summary>Goes back to the file that included: an included file changes neither its origin nor its owner (RFC 1035 section 5.1).</summary>
    private void Return(IncludedFrom outer)
    {
        _input = outer.Input;
        _origin = outer.Origin;
        _ownerLength = outer.Owner.Length;
        outer.Owner.CopyTo(_owner, 0);
        _isInZone = outer.IsInZone;
        _ownerTextLength = 0;
    }

    private sealed record IncludedFrom(ZoneInput Input, DomainName Origin, byte[] Owner, bool IsInZone);
}
