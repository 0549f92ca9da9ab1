namespace PassiveDns.Capture;

/// <summary>A question that is asked again and again.</summary>
/// <param name="Name">The name asked for.</param>
/// <param name="Type">The type asked for.</param>
public readonly record struct WatchedName(DomainName Name, RecordType Type);
