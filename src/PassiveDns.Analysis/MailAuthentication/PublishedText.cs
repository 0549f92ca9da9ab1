namespace PassiveDns.Analysis;

/// <summary>A text that was published, and when.</summary>
/// <param name="Text">The strings of the record joined without anything between them; octets beyond ASCII as the characters of Latin-1.</param>
/// <param name="Presence">When it was observed.</param>
public sealed record PublishedText(string Text, Presence Presence);
