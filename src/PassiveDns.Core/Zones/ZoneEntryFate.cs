namespace PassiveDns;

/// <summary>What became of an entry of a zone file: a record or a directive with all its lines. Blank lines and comments are no entries.</summary>
public enum ZoneEntryFate : byte
{
    /// <summary>A record was handed out.</summary>
    Record,

    /// <summary>A directive was obeyed.</summary>
    Directive,

    /// <summary>A record whose owner is not at or under the zone's apex was skipped.</summary>
    OutOfZone,

    /// <summary>There was an error (see <see cref="ZoneError"/>).</summary>
    Faulty,
}
