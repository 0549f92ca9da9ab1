namespace PassiveDns.Storage;

/// <summary>How complete an answer is.</summary>
public enum Completeness : byte
{
    /// <summary>Everything that the store knows.</summary>
    Exact,

    /// <summary>The limit or the budget ended the walk; the page's continuation goes on behind it.</summary>
    Truncated,

    /// <summary>Some rows were coarsened or summarised, so that numbers are estimates.</summary>
    Estimated,
}
