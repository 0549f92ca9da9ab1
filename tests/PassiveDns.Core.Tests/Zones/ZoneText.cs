using System.IO.Pipelines;
using System.Text;

namespace PassiveDns.Tests;

/// <summary>Reads zone text, and the short forms that tests compare.</summary>
internal static class ZoneText
{
    public static PipeReader Pipe(byte[] octets) => PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(octets));

    /// <summary>Records as "owner ttl class type data"; class IN is left out.</summary>
    public static (string[] Records, ZoneReport Report) Read(string text, string zone = "example", ZoneReaderOptions? options = null) =>
        Read(Pipe(Encoding.Latin1.GetBytes(text)), zone, options);

    public static (string[] Records, ZoneReport Report) Read(PipeReader pipe, string zone = "example", ZoneReaderOptions? options = null)
    {
        ZoneReader reader = new(pipe, DomainName.Parse(zone), options);
        return Read(reader);
    }

    public static (string[] Records, ZoneReport Report) Read(ZoneReader reader)
    {
        List<string> records = [];
        while (Next(reader))
        {
            Assert.True(DomainName.TryFromWire(reader.Owner, out DomainName owner));
            Assert.Equal(owner.Wire, reader.Owner); // it is canonical
            string type = RecordTypeNames.Format(reader.Type);
            string @class = reader.Class == RecordClass.IN ? "" : $"CLASS{(int)reader.Class} ";
            records.Add($"{owner} {reader.TimeToLive} {@class}{type} {RdataText.Format(reader.Type, reader.Rdata)}");
        }

        ZoneReport report = reader.Report;
        Assert.Equal(records.Count, report.Entries[ZoneEntryFate.Record]);
        Assert.Equal(report.Entries[ZoneEntryFate.Faulty], report.Errors.Total);
        Assert.Equal(report.Entries.Total, report.ToAccount().Sum(line => line.Count));
        Wait(reader.DisposeAsync());
        return ([.. records], report);
    }

    /// <summary>Records as the expected files have them: owner, type, class, TTL and data, names and data in hexadecimal.</summary>
    public static HashSet<string> ReadWire(ZoneReader reader)
    {
        HashSet<string> records = [];
        while (Next(reader)) records.Add(WireLine(reader.Owner, reader.Type, reader.Class, reader.TimeToLive, reader.Rdata));
        Wait(reader.DisposeAsync());
        return records;
    }

    public static string WireLine(ReadOnlySpan<byte> owner, RecordType type, RecordClass @class, uint ttl, ReadOnlySpan<byte> rdata) =>
        $"{Convert.ToHexStringLower(owner)} {(int)type} {(int)@class} {ttl} {Convert.ToHexStringLower(rdata)}";

    public static bool Next(ZoneReader reader)
    {
        if (reader.TryRead()) return true;
        ValueTask<bool> read = reader.ReadAsync();
        return read.IsCompletedSuccessfully ? read.Result : read.AsTask().GetAwaiter().GetResult();
    }

    private static void Wait(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully) task.AsTask().GetAwaiter().GetResult();
    }
}
