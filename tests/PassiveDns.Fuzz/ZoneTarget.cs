using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace PassiveDns.Fuzz;

/// <summary>
/// A zone file, packed or not: it ends, within its bounds, each entry has one fate, each record is canonical, and it makes no difference
/// in which pieces the octets arrive.
/// </summary>
internal static class ZoneTarget
{
    private const int MaxGenerated = 200; // far less than the default, for speed

    private static readonly DomainName s_zone = DomainName.Parse("example.com");
    private static readonly ZoneReaderOptions s_options = new() { MaxEntryLength = 1024, MaxGeneratedRecords = MaxGenerated, MaxKeptFaults = 16 };

    public static void Run(ReadOnlySpan<byte> text)
    {
        byte[] octets = text.ToArray();
        bool isPacked = text.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);
        string whole = Read(PipeReader.Create(new ReadOnlySequence<byte>(octets)), s_options, isPacked ? long.MaxValue : octets.Length, check: true);
        string pieces = Read(PipeReader.Create(new PieceStream(octets, octets.Length)), s_options, long.MaxValue, check: false);

        // how much comes out of a damaged gzip stream before the damage is noticed does depend on the pieces
        bool isDamaged = isPacked && whole.Contains("damaged-compression", StringComparison.Ordinal);
        Promise.Holds(whole == pieces || isDamaged, $"as a whole\n{whole}in pieces\n{pieces}");
    }

    /// <returns>The account and a digest of all records.</returns>
    public static string Read(PipeReader pipe, ZoneReaderOptions options, long length, bool check)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ZoneReader reader = new(pipe, s_zone, options);
        long records = 0;
        Span<byte> numbers = stackalloc byte[16];
        while (reader.ReadAsync().AsTask().GetAwaiter().GetResult())
        {
            records++;
            BitConverter.TryWriteBytes(numbers, (int)reader.Type << 16 | (int)reader.Class);
            BitConverter.TryWriteBytes(numbers[4..], reader.TimeToLive);
            BitConverter.TryWriteBytes(numbers[8..], reader.Line);
            digest.AppendData(numbers);
            digest.AppendData(reader.Owner);
            digest.AppendData(reader.Rdata);
            if (check) CheckRecord(reader);
        }

        // an entry needs an octet and a line end, but the last; what $GENERATE makes has a limit of its own
        Promise.Holds(records / 2 - 8 * MaxGenerated <= length, $"{records} records from {length} octets");
        Promise.Holds(records == reader.Report.Entries[ZoneEntryFate.Record], "records handed out and counted");
        Promise.Holds(reader.Report.Errors.Total == reader.Report.Entries[ZoneEntryFate.Faulty], "each faulty entry has one error");
        Promise.Holds(reader.Report.Faults.Count == Math.Min(reader.Report.Errors.Total, options.MaxKeptFaults), "faults kept");
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        string account = string.Concat(reader.Report.ToAccount().Select(line => $"{line}\n"));
        return account + string.Concat(reader.Report.Faults.Select(fault => $"{fault}\n")) + Convert.ToHexString(digest.GetHashAndReset()) + "\n";
    }

    private static void CheckRecord(ZoneReader reader)
    {
        Promise.Holds(DomainName.TryFromWire(reader.Owner, out DomainName owner), "the owner is no name");
        Promise.Same(reader.Owner, owner.Wire, "owner");
        Promise.Holds(owner.IsAtOrUnder(s_zone), $"{owner} is not in the zone");
        Promise.Holds(reader.TimeToLive <= int.MaxValue && !reader.Type.IsMeta() && reader.Line > 0, "TTL, type or line");
        RdataPromises.Check(reader.Type, reader.Rdata);
    }
}
