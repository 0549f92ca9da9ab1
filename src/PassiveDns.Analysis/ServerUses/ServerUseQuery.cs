namespace PassiveDns.Analysis;

/// <summary>A question for the names that use a server.</summary>
/// <param name="Server">The name server or mail server. The root asks for null MX (RFC 7505).</param>
/// <param name="Role">What it does.</param>
public sealed record ServerUseQuery(DomainName Server, ServerRole Role)
{
    /// <summary>Whether servers under the name count too: <c>*.example.net</c>.</summary>
    public bool IncludeSubtree { get; init; }

    /// <summary>The time that is meant. Default: always.</summary>
    public TimeWindow Window { get; init; } = TimeWindow.Always;
}
