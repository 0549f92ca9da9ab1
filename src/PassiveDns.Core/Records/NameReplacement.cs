namespace PassiveDns;

/// <summary>Writes the name that takes the place of another one.</summary>
/// <param name="name">A name in canonical wire format, folded to lower case.</param>
/// <param name="replacement">Room for 255 octets.</param>
/// <returns>The length of the replacement, or 0 to keep the name.</returns>
public delegate int NameReplacement(ReadOnlySpan<byte> name, Span<byte> replacement);
