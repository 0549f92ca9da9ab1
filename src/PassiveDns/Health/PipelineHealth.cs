namespace PassiveDns;

/// <summary>
/// Judges a run by its reports. It remembers when things last went well, so that the answer does not depend on how often somebody asks, as long as
/// somebody does.
/// </summary>
internal sealed class PipelineHealth(PipelineHealthOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private PipelineReport? _heard;
    private long _heardAt;
    private long _emptyAt;
    private long _spoolAt = -1;
    private long _lost;

    /// <summary>What ails the run: sentences that hold no name and no address; empty if nothing does.</summary>
    public IReadOnlyList<string> FindAilments(PipelineReport report)
    {
        lock (_lock)
        {
            List<string> ailments = [];
            long now = time.GetTimestamp();
            if (FindSilence(report, now) is { } silence) ailments.Add(silence);
            if (FindGrowth(report, now) is { } growth) ailments.Add(growth);
            if (report.IsStoreFailing) ailments.Add("the store failed at the last attempt to write, and is tried again: see the log and the store");
            return ailments;
        }
    }

    /// <summary>Packets arrive, and nothing is observed.</summary>
    private string? FindSilence(PipelineReport report, long now)
    {
        if (_heard is null || report.Observed > _heard.Observed || report.HasEnded)
        {
            _heard = report;
            _heardAt = now;
            return null;
        }

        long packets = Packets(report) - Packets(_heard);
        if (packets < options.SilentPackets || time.GetElapsedTime(_heardAt, now) < options.Patience) return null;
        StageCount? worst = report.Account.Where(line => line.IsDrop).OrderByDescending(line => line.Count).FirstOrDefault();
        string hint = worst is { } line ? $"most are dropped as {line.Stage}/{line.Fate}" : "none is dropped either: is there DNS among them?";
        return $"{packets} packets have arrived since the last response was observed; {hint}. Check Resolvers and where the sensor listens";
    }

    /// <summary>Batches wait in the spool, and it has not been empty for a while and is not getting smaller; or it has begun to lose some.</summary>
    private string? FindGrowth(PipelineReport report, long now)
    {
        if (report.Spool is not { } spool) return null;
        long lost = spool.DroppedBatches + spool.LostBatches;
        bool hasLost = lost > _lost;
        _lost = lost;
        if (hasLost) return $"the spool has lost {lost} batches, because it is full or its disk fails";
        if (_spoolAt < 0 || spool.PendingBatches < _spoolAt || spool.PendingBatches == 0)
        {
            _spoolAt = spool.PendingBatches;
            _emptyAt = now;
            return null;
        }

        return spool.PendingBatches == 0 || time.GetElapsedTime(_emptyAt, now) < options.Patience
            ? null
            : $"{spool.PendingBatches} batches wait in the spool and do not get fewer: the store does not keep up or is down";
    }

    private static long Packets(PipelineReport report) => report.Sources.Sum(s => s.Capture.Packets);
}
