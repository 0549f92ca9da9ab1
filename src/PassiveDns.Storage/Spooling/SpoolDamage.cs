namespace PassiveDns.Storage.Spooling;

/// <summary>A part of a spool that cannot be read back.</summary>
/// <param name="File">The name of the segment file, without its folder.</param>
/// <param name="Offset">Where the damage begins, in octets.</param>
/// <param name="Octets">How many octets were passed over.</param>
/// <param name="Problem">What is wrong, in a few words.</param>
public sealed record SpoolDamage(string File, long Offset, long Octets, string Problem)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => $"{File}: {Problem} at offset {Offset}; {Octets} octets were passed over";
}
