using System.Globalization;
using PassiveDns.Analysis;

namespace PassiveDns.Tool.Output;

/// <summary>Changes for people. So many are aligned with each other and then written, so that a long answer needs no more memory than a short one.</summary>
/// <param name="terminal">Where they are shown.</param>
internal sealed class ChangeTable(Terminal terminal)
{
    private const int Rows = 1000;

    private ColumnTable _table = Make();

    /// <summary>Appends a change.</summary>
    public void Add(ObservedChange change)
    {
        string zone = change.Type == RecordType.NS ? change.Side == UseSide.Parent ? " (parent)" : " (zone)" : "";
        _table.Add(
            NameDisplay.Format(change.Name), RecordTypeNames.Format(change.Type) + zone, What(change), AnalysisText.Time(change.Time.After), AnalysisText.Time(change.Time.By),
            AnalysisText.Data(change.Before), change is { After: null, Effect: ChangeEffect.Removed } ? "gone" : AnalysisText.Data(change.After), Sure(change));
        if (_table.Count < Rows) return;
        _table.WriteTo(terminal);
        _table = Make();
    }

    /// <summary>Writes what is left.</summary>
    public void End()
    {
        if (_table.Count > 0) _table.WriteTo(terminal);
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

    private static ColumnTable Make() => new(["name", "type", "change", "not before", "not after", "from", "to", "sure"]);

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
