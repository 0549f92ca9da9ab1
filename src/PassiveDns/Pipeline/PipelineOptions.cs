using PassiveDns.Aggregation;
using PassiveDns.Storage;
using PassiveDns.Storage.Privacy;
using PassiveDns.Storage.Spooling;

namespace PassiveDns;

/// <summary>How a <see cref="PassiveDnsPipeline"/> reads, stops and retries. The defaults suit live capture.</summary>
public sealed record PipelineOptions
{
    /// <summary>
    /// What becomes of what the sources and the aggregator still hold when the pipeline is stopped before its sources end. <c>true</c> (live capture, the
    /// default): sources are read until they have handed on what they had received, and all rows are written. <c>false</c> (imports of files): they are left out and only finished batches are written, so that the same
    /// import, run again with the same <see cref="BatchId.Epoch"/>, makes the same batches and goes on where it was; nothing counts twice.
    /// </summary>
    public bool DrainOnStop { get; init; } = true;

    /// <summary>
    /// Whether all sources are read at the same time (live capture). <c>false</c>, the default: one after the other in the order given, so that
    /// the result depends on the input alone.
    /// </summary>
    public bool ReadConcurrently { get; init; }

    /// <summary>
    /// A second store, which gets the chaff of an aggregator with <see cref="AggregationOptions.KeepChaff"/>. Like the first one it is not disposed of by the
    /// pipeline, and a batch it has acknowledged before counts once. Chaff is written at once, past the <see cref="Spool"/>.
    /// </summary>
    public IObservationStore? ChaffStore { get; init; }

    /// <summary>
    /// Takes the negative evidence of an aggregator with <see cref="AggregationOptions.KeepNegativeEvidence"/>. The pipeline waits for it, and its failure
    /// ends the run. Its names are not redacted.
    /// </summary>
    public Func<NegativeEvidenceBatch, ValueTask>? NegativeEvidence { get; init; }

    /// <summary>
    /// Takes what the aggregator has learnt of zones and servers, every <see cref="SaveInterval"/> and when the run ends, for
    /// <see cref="AggregationOptions.Delegations"/> of the next one; or <c>null</c>, the default. Its failure ends the run.
    /// </summary>
    public Func<DelegationSnapshot, ValueTask>? SaveDelegations { get; init; }

    /// <summary>The least time between two calls of <see cref="SaveDelegations"/>. Default ten minutes.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Where batches wait on the disk until the store has them, or <c>null</c>, the default: then each is written at once. With a spool a store that is
    /// down or slow does not hold back the sources until the spool is full, and what the spool has taken survives the process. What an earlier process
    /// left in it is written first.
    /// </summary>
    public BatchSpool? Spool { get; init; }

    /// <summary>
    /// Where batches go whose times lie outside <see cref="ClockBounds"/>, or <c>null</c>, the default, to believe all times. They are not lost: people release
    /// them with their ids, or delete them.
    /// </summary>
    public BatchQuarantine? Quarantine { get; init; }

    /// <summary>Which times are believed, if there is a <see cref="Quarantine"/>. They are compared with <see cref="TimeProvider"/>.</summary>
    public ClockBounds ClockBounds { get; init; } = new();

    /// <summary>Cuts names that carry secrets before a batch is spooled or stored, or <c>null</c>, the default, to keep all names.</summary>
    public NameRedaction? Redaction { get; init; }

    /// <summary>How long a stop waits for the store to take what is in the spool; the rest stays there for the next run. Default 10 seconds.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a batch is offered to a store that fails transiently, 1 or more, before the failure ends the run. Default 8. With a <see cref="Spool"/>
    /// there is no such bound.
    /// </summary>
    public int MaxWriteAttempts { get; init; } = 8;

    /// <summary>The wait before a batch is offered again; each further wait is twice as long. Default 200 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between two attempts. Default 15 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The least time between two progress reports. Default 250 ms.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Where the waits take their time from. Results never depend on it: observations take their time from the data.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate(AggregationOptions aggregation)
    {
        Check(aggregation.KeepChaff, nameof(AggregationOptions.KeepChaff), ChaffStore is not null, nameof(ChaffStore));
        Check(aggregation.KeepNegativeEvidence, nameof(AggregationOptions.KeepNegativeEvidence), NegativeEvidence is not null, nameof(NegativeEvidence));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWriteAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(DrainTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ProgressInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(SaveInterval, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(ClockBounds);
        ClockBounds.Validate();
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }

    private static void Check(bool keeps, string keeper, bool takes, string taker)
    {
        if (keeps == takes) return;
        throw new ArgumentException(keeps
            ? $"The aggregator has {keeper}, but nothing would take what it keeps: set PipelineOptions.{taker}."
            : $"PipelineOptions.{taker} is set, but the aggregator keeps nothing for it: set AggregationOptions.{keeper}.");
    }
}
