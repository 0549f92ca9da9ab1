using System.Globalization;
using PassiveDns.Tool.Commands;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Diagnosis;

/// <summary>
/// One line for each fate that is wanted, in the order of the packets. Fates are settled out of that order, so lines wait in a bounded room; what is
/// settled later than so many lines is written where it comes.
/// </summary>
internal sealed class FindingLines(TextWriter output, DoctorRequest request)
{
    private const int Room = 50_000;

    private readonly PriorityQueue<TracedFate, (long Packet, long Order)> _waiting = new();
    private long _order;

    /// <summary>How many lines were written, or wait to be.</summary>
    public long Count { get; private set; }

    /// <summary>How many were not, because there was a limit.</summary>
    public long Withheld { get; private set; }

    /// <summary>Takes a fate.</summary>
    /// <param name="fate">The fate, with the number of its packet.</param>
    /// <param name="asked">The name asked for in the response that an RRset stood in.</param>
    public void Take(TracedFate fate, DomainName? asked)
    {
        if (!request.Wants(fate, asked)) return;
        if (Count == request.Limit)
        {
            Withheld++;
            return;
        }

        Count++;
        _waiting.Enqueue(fate, (fate.Number, _order++));
        if (_waiting.Count > Room) Write(_waiting.Dequeue());
    }

    /// <summary>Writes what waits.</summary>
    public void Flush()
    {
        while (_waiting.TryDequeue(out TracedFate? fate, out _)) Write(fate);
        output.Flush();
    }

    private static string Meaning(TracedFate fate) =>
        (Reasons.TryFind(fate.Stage, fate.Fate, out Reason? reason) ? reason.Meaning : fate.Fate)
            .Replace("{zone}", fate.Zone is { IsRoot: false } zone ? Text(zone) : "the root", StringComparison.Ordinal);

    private static string Text(DomainName name) => NameDisplay.WithoutFinalDot(name.ToString());

    private void Write(TracedFate fate)
    {
        if (request.Json) WriteJson(fate);
        else WriteText(fate);
    }

    private void WriteText(TracedFate fate)
    {
        string time = fate.UnixNanoseconds == 0 ? "-" : Time(fate.UnixNanoseconds).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        output.Write(string.Create(CultureInfo.InvariantCulture, $"packet {fate.Number}  {time}  {fate.Stage}/{fate.Fate}"));
        if (fate.Name is { } name) output.Write($"  {Text(name)}");
        if (fate.Type is { } type) output.Write($" {RecordTypeNames.Format(type)}");
        if (fate.Section is { } section) output.Write($" in {section.ToString().ToLowerInvariant()}");
        if (fate.Server is { } server) output.Write($" from server {server}");
        output.WriteLine($": {Meaning(fate)}");
    }

    private void WriteJson(TracedFate fate) => JsonOutput.Write(output, json =>
    {
        json.WriteNumber("packet", fate.Number);
        if (fate.UnixNanoseconds != 0) json.WriteString("time", Time(fate.UnixNanoseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("stage", fate.Stage);
        json.WriteString("fate", fate.Fate);
        json.WriteBoolean("is_drop", fate.IsDrop);
        if (fate.Name is { } name) json.WriteString("name", name.ToString());
        if (fate.Type is { } type) json.WriteString("type", RecordTypeNames.Format(type));
        if (fate.Section is { } section) json.WriteString("section", section.ToString().ToLowerInvariant());
        if (fate.Server is { } server) json.WriteString("server", server.ToString());
        if (fate.Zone is { } zone) json.WriteString("zone", zone.ToString());
        json.WriteString("meaning", Meaning(fate));
    });

    private static DateTimeOffset Time(long unixNanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(unixNanoseconds / TimeSpan.NanosecondsPerTick);
}
