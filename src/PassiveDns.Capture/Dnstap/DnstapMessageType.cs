namespace PassiveDns.Capture;

/// <summary>What a dnstap message is about (<c>Message.Type</c> of dnstap.proto): even numbers are responses.</summary>
internal enum DnstapMessageType
{
    /// <summary>None, or one that came later than this code.</summary>
    Unknown = 0,

    AuthQuery = 1,
    AuthResponse = 2,
    ResolverQuery = 3,
    ResolverResponse = 4,
    ClientQuery = 5,
    ClientResponse = 6,
    ForwarderQuery = 7,
    ForwarderResponse = 8,
    StubQuery = 9,
    StubResponse = 10,
    ToolQuery = 11,
    ToolResponse = 12,
    UpdateQuery = 13,
    UpdateResponse = 14,
}
