using System.Globalization;
using PassiveDns.Analysis;

namespace PassiveDns.Tool.Output;

/// <summary>Changes for people.</summary>
internal static class ChangeTable
{
    /// <summary>The heads of the columns.</summary>
    public static string[] Heads => ["name", "type", "change", "not before", "not after", "from", "to", "sure"];

    /// <summary>Adds a change.</summary>
    public static void AddTo(PagedTable table, ObservedChange change)
    {
        string zone = change.Type == RecordType.NS ? change.Side == UseSide.Parent ? " (parent)" : " (zone)" : "";
        table.Add(
            NameDisplay.Format(change.Name), RecordTypeNames.Format(change.Type) + zone, What(change), AnalysisText.Time(change.Time.After), AnalysisText.Time(change.Time.By),
            AnalysisText.Data(change.Before), change is { After: null, Effect: ChangeEffect.Removed } ? "gone" : AnalysisText.Data(change.After), Sure(change));
    }

    /// <summary>A kind in a word.</summary>
    public static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.NewName => "new_name",
        ChangeKind.NewType => "new_type",
        ChangeKind.Added => "added",
        ChangeKind.Removed => "removed",
        ChangeKind.Replaced => "replaced",
        ChangeKind.Reverted => "reverted",
        ChangeKind.DelegationChanged => "delegation_changed",
        ChangeKind.GlueChanged => "glue_changed",
        ChangeKind.DsChanged => "ds_changed",
        ChangeKind.MailAuthChanged => "mail_auth_changed",
        ChangeKind.TimeToLiveShift => "ttl_shift",
        _ => "soa_only",
    };

    /// <summary>An effect in a word.</summary>
    public static string Word(ChangeEffect effect) => effect == ChangeEffect.TimeToLive ? "ttl" : effect.ToString().ToLowerInvariant();

    /// <summary>A kind of noise in a word.</summary>
    public static string Word(ChangeNoise noise) => noise switch
    {
        ChangeNoise.RoundRobin => "round_robin",
        ChangeNoise.PoolRotation => "pool_rotation",
        ChangeNoise.SameOperator => "same_operator",
        ChangeNoise.Serial => "serial",
        _ => "none",
    };

    private static string What(ObservedChange change)
    {
        string kind = Word(change.Kind).Replace('_', ' ');
        string effect = Word(change.Effect);
        if (change.Kind is ChangeKind.DelegationChanged or ChangeKind.GlueChanged or ChangeKind.DsChanged or ChangeKind.MailAuthChanged) kind += $" ({effect})";
        if (change.Kind == ChangeKind.TimeToLiveShift && change.After is { } state) kind += string.Create(CultureInfo.InvariantCulture, $" ({state.MinTimeToLive} and {state.MaxTimeToLive})");
        if (change.Noise == ChangeNoise.None) return kind;
        string noise = Word(change.Noise).Replace('_', ' ');
        return string.Create(CultureInfo.InvariantCulture, $"{change.Folded} x {noise}");
    }

    private static string Sure(ObservedChange change) => change.Confidence is { } confidence ? confidence.ToString("0.00", CultureInfo.InvariantCulture) : "unknown";
}
