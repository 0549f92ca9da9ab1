namespace PassiveDns.Capture;

/// <summary>Why a capture could not be read to its end.</summary>
/// <param name="Input">The file, by the path that was given, or the stream.</param>
/// <param name="Offset">The offset of the damage in octets (in the uncompressed stream).</param>
/// <param name="Problem">What is wrong there.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record CaptureDamage(string Input, long Offset, string Problem, string Mend)
{
    /// <summary>All of it in one line.</summary>
    public override string ToString() => $"{Input}: {Problem} at offset {Offset}; {Mend}";
}
