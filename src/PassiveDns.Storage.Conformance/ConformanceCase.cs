namespace PassiveDns.Storage.Conformance;

/// <summary>One thing that every store must do, and the code that tries it. Cases are data, so that a new one reaches every store without a line of its author's.</summary>
public sealed class ConformanceCase
{
    private readonly Func<CaseRun, Task> _run;

    internal ConformanceCase(string area, string requirement, Func<CaseRun, Task> run, int variant = 0, bool needsDurability = false, Type? capability = null)
    {
        Area = area;
        Requirement = requirement;
        string id = $"{area}/{requirement.ToLowerInvariant().Replace(' ', '-')}";
        Id = variant == 0 ? id : $"{id}.{variant}";
        NeedsDurability = needsDurability;
        Capability = capability;
        _run = run;
    }

    /// <summary>The case's name, the same in every version of the kit: area, slash, requirement, and a number if there are variants of it.</summary>
    public string Id { get; }

    /// <summary>What the case is about, such as <c>writing</c> or <c>paging</c>.</summary>
    public string Area { get; }

    /// <summary>What a store must do, as a sentence.</summary>
    public string Requirement { get; }

    /// <summary>Whether the case opens a store again: it is skipped for stores that are not <see cref="StoreFixture.IsDurable"/>.</summary>
    public bool NeedsDurability { get; }

    /// <summary>The interface that a store must offer to be asked this, or <c>null</c> if every store must do it: it is skipped for stores that do not offer it.</summary>
    public Type? Capability { get; }

    /// <summary>Tries the case on a store. For test frameworks: a failure is an exception, as they like it.</summary>
    /// <param name="fixture">A fixture that no other case uses. The caller disposes it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><c>false</c> if the store cannot be asked this; see <see cref="NeedsDurability"/> and <see cref="Capability"/>.</returns>
    /// <exception cref="ConformanceException">The store does not do what is required; the message says what was expected and what came.</exception>
    public async Task<bool> RunAsync(StoreFixture fixture, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fixture);
        if (NeedsDurability && !fixture.IsDurable) return false;
        CaseRun run = new(fixture, cancellationToken);
        try
        {
            await _run(run).ConfigureAwait(false);
        }
        catch (NotOfferedException)
        {
            return false;
        }
        catch (UnmetException e)
        {
            throw new ConformanceException(this, e.Message, e);
        }
        finally
        {
            await run.CloseAsync().ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The case's name.</summary>
    public override string ToString() => Id;
}
