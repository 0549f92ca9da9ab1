namespace PassiveDns;

/// <summary>Where a zone file is wrong, and how.</summary>
/// <param name="Error">What is wrong.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The octet in the line, from 1.</param>
/// <param name="File">The file, or <c>null</c> for an input without a name.</param>
public readonly record struct ZoneFault(ZoneError Error, long Line, int Column, string? File)
{
    /// <summary>The fault as <c>file:line:column: error</c>.</summary>
    public override string ToString() => $"{File ?? "zone"}:{Line}:{Column}: {Error}";
}
