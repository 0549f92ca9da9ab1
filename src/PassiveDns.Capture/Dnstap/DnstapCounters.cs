using System.Globalization;

namespace PassiveDns.Capture;

/// <summary>The account of one dnstap stream, or of many of them added up.</summary>
internal sealed class DnstapCounters
{
    public Tally<FrameFate> Frames { get; } = new();

    public Tally<DnstapFate> Messages { get; } = new();

    public Tally<QueryFate> Queries { get; } = new();

    public Tally<ControlFate> Controls { get; } = new();

    public Tally<DnstapRemark> Remarks { get; } = new();

    public Tally<TapRecordFate> Records { get; } = new();

    /// <summary>Whether a frame was lost.</summary>
    public static bool IsDrop(FrameFate fate) => fate != FrameFate.Message;

    /// <summary>Whether a message ended here although it was wanted, or had to be refused.</summary>
    public static bool IsDrop(DnstapFate fate) => fate >= DnstapFate.RefusedClientSide;

    /// <summary>Adds the counts of another stream.</summary>
    public void Add(DnstapCounters other)
    {
        Add(Frames, other.Frames);
        Add(Messages, other.Messages);
        Add(Queries, other.Queries);
        Add(Controls, other.Controls);
        Add(Remarks, other.Remarks);
        Add(Records, other.Records);
    }

    /// <summary>Adds the control frames of a stream.</summary>
    public void Add(Tally<ControlFate> controls) => Add(Controls, controls);

    /// <summary>What became of each frame, message and query.</summary>
    public List<StageCount> ToAccount() =>
    [
        .. Frames.ToAccount(PacketDecoder.PacketStage, IsDrop),
        .. Messages.ToAccount(PacketDecoder.MessageStage, IsDrop),
        .. Queries.ToAccount(PacketDecoder.QueryStage, PacketDecoder.IsDrop),
        .. Controls.ToAccount("control-frames", static fate => fate == ControlFate.Refused),
        .. Records.ToAccount("records", static _ => true),
    ];

    /// <summary>Sentences for the summary. They hold numbers, never an address or a name.</summary>
    public List<string> ToNotes()
    {
        List<string> notes = [];
        Note(notes, Remarks[DnstapRemark.WithoutQuery], "{0:N0} responses were taken without their queries, which the resolver does not log: forged ones among them cannot be told. "
            + "Switch on the resolver's query messages too.");
        Note(notes, Remarks[DnstapRemark.TimeClamped], "{0:N0} times had more nanoseconds than a second has, and were cut.");
        Note(notes, Remarks[DnstapRemark.QueryTimeTaken], "{0:N0} responses had no time of their own; their query's was taken.");
        Note(notes, Remarks[DnstapRemark.ArrivalTimeTaken], "{0:N0} responses had no time; that of their arrival here was taken.");
        Note(notes, Remarks[DnstapRemark.ZoneLeftOut], "{0:N0} responses named a query zone that is no name or not above the question; it was left out.");
        Note(notes, Records[TapRecordFate.LeftOut], "{0:N0} records were left out, because PowerDNS sends them without their owners or a part of their data: MX and SRV always, answers of several aliases, and very long ones.");
        Note(notes, Remarks[DnstapRemark.OwnersInferred], "{0:N0} responses named no owners of their records, as the PowerDNS Recursor sends them; the question or its only alias says them.");
        if (Messages[DnstapFate.Observed] + Messages[DnstapFate.Held] > 0) return notes;

        Note(notes, Messages[DnstapFate.RefusedUndeclaredServer], "Nothing was taken, and {0:N0} messages are those of an authoritative server: "
            + "if the sender is one, and no resolver, declare it in Vantage.Dnstap.AuthoritativeServers.");
        Note(notes, Messages[DnstapFate.RefusedClientSide], "Nothing was taken, and {0:N0} messages lie between clients and the resolver: "
            + "switch on the resolver's RESOLVER messages, and these off.");
        Note(notes, Messages[DnstapFate.RefusedOtherHosts], "Nothing was taken: {0:N0} messages have none of the configured resolver addresses. "
            + "Check the addresses, or set Vantage.Dnstap.CheckResolvers to false if the sender hides its own.");
        Note(notes, Messages[DnstapFate.Unsolicited], "Nothing was taken: {0:N0} responses came without their queries. Switch on the resolver's query messages.");
        return notes;
    }

    private static void Note(List<string> notes, long count, string text)
    {
        if (count > 0) notes.Add(string.Format(CultureInfo.InvariantCulture, text, count));
    }

    private static void Add<TFate>(Tally<TFate> sum, Tally<TFate> other)
        where TFate : struct, Enum
    {
        foreach (TFate fate in Enum.GetValues<TFate>()) sum.Count(fate, other[fate]);
    }
}
