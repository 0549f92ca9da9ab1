using System.Diagnostics;
using PassiveDns.Storage;

namespace PassiveDns;

/// <summary>The one activity source of this package. An activity is one batch on its way into the store; nothing is traced packet by packet.</summary>
internal static class PipelineActivities
{
    internal const string SourceName = "PassiveDns";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Begins the activity of a batch that is written, if anybody listens.</summary>
    internal static Activity? StartWrite(ObservationBatch batch) => s_source.StartActivity("passivedns.write", ActivityKind.Client)?.SetTag("passivedns.rows", batch.Rows.Count);

    /// <summary>Tells how the store took it.</summary>
    internal static void Written(this Activity? activity, WriteResult result) => activity?.SetTag("passivedns.result", result == WriteResult.Applied ? "applied" : "already-applied");

    /// <summary>Tells that it has to be offered again.</summary>
    internal static void Retried(this Activity? activity) => activity?.AddEvent(new("retry"));

    /// <summary>Tells that the store failed. The kind of the failure, never its message: messages name paths, and those of foreign stores anything.</summary>
    internal static void Failed(this Activity? activity, Exception exception) =>
        activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name).SetTag("error.type", exception.GetType().FullName);
}
