using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Where changes are looked for. The set of scopes is closed.</summary>
public abstract record ChangeScope
{
    private ChangeScope()
    {
    }

    /// <summary>A name and everything under it.</summary>
    /// <param name="Apex">The name at the top.</param>
    public sealed record Subtree(DomainName Apex) : ChangeScope;

    /// <summary>The names of a watch list, in its order.</summary>
    /// <param name="Names">The names.</param>
    public sealed record Watched(ImmutableArray<WatchedName> Names) : ChangeScope;

    /// <summary>What came to, or went from, addresses of a range; both ends belong to it and are of one family.</summary>
    /// <param name="First">The lowest address.</param>
    /// <param name="Last">The highest address.</param>
    public sealed record Addresses(HostAddress First, HostAddress Last) : ChangeScope;

    /// <summary>What came to, or went from, a name server or mail server.</summary>
    /// <param name="Host">The server.</param>
    public sealed record Server(DomainName Host) : ChangeScope;

    /// <summary>All that the store holds.</summary>
    public sealed record Everything : ChangeScope;

    /// <summary>One name.</summary>
    public static ChangeScope Name(DomainName name) => new Watched([new(name, false)]);
}
