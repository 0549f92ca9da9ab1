using System.IO.Pipelines;
using System.Text;
using FsCheck.Xunit;

namespace PassiveDns.Tests;

public partial class ZoneReaderTests
{
    private static readonly string[] s_pieces =
    [
        "a", "b.example.", "@", "1", "1h", "IN", "CH", "A", "TXT", "SOA", "TYPE65280", "192.0.2.1", "\"x\"", "\"", "(", ")", ";", "\n", "\n", "\n ", "\r\n", " ", "\t",
        "\\", "\\#", "\\065", "0", "4", "c0000201", "$ORIGIN", "$TTL", "$INCLUDE", "$GENERATE", "1-3", "x$", "${0,3,d}", "\0", "\u00FF", ".", "..", "\u001F\u008B", "=",
    ];

    [Property(Replay = "21,23", MaxTest = 3000)]
    public void No_text_makes_it_throw_and_every_text_ends(byte[] noise, int seed)
    {
        foreach (byte[] text in (byte[][])[noise, Scramble(seed)])
        {
            (string[] records, ZoneReport report) = ZoneText.Read(ZoneText.Pipe(text), "example", new() { MaxEntryLength = 1024 });
            Assert.True(report.Entries.Total <= text.Length + 16 * 3L * text.Length);
            Assert.True(records.Length <= report.Entries.Total);
        }
    }

    [Property(Replay = "21,27", MaxTest = 300)]
    public async Task Damaged_files_are_read_to_their_end_and_every_record_becomes_part_of_a_row_or_is_counted(int seed)
    {
        Random random = new(seed);
        string name = Expected.ElementAt(random.Next(Expected.Count)).Data;
        byte[] text = File.ReadAllBytes(TestData.CorpusPath($"zone/{name}.zone"));
        for (int i = random.Next(40); i > 0; i--)
        {
            int at = random.Next(text.Length);
            int from = random.Next(text.Length);
            if (random.Next(3) == 0) text[at] = "();\"\\\n\t $@\0\u00FF"u8[random.Next(12)];
            else text.AsSpan(from, Math.Min(random.Next(60), text.Length - Math.Max(at, from))).CopyTo(text.AsSpan(at));
        }

        ZoneReader reader = new(ZoneText.Pipe(text), DomainName.Parse(TestData.CorpusLines($"zone/{name}.wire").First()));
        ZoneSnapshot snapshot = new(reader, new() { Sensor = new("s"), Time = 1, Epoch = 1 });
        while (await snapshot.ReadAsync() is { } batch)
        {
            foreach (ObservationRow row in batch.Rows) Assert.NotEmpty(row.ToObservation().Rdata);
        }

        Assert.Equal(reader.Report.Entries[ZoneEntryFate.Record], snapshot.Records.Total);
        Assert.Equal(reader.Report.Entries[ZoneEntryFate.Faulty], reader.Report.Errors.Total);
    }

    [Theory]
    [InlineData("(\n")]
    [InlineData(")\\\n")]
    [InlineData("a\\\n)")]
    [InlineData("\"\n(")]
    [InlineData(";(\n\\(")]
    [InlineData("\\")]
    [InlineData(" (")]
    [InlineData("( ; \n")]
    [InlineData("\n")]
    public void The_work_is_linear_in_the_text(string piece)
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, 4 * 1024 * 1024 / piece.Length)));
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        ZoneText.Read(ZoneText.Pipe(text));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30); // quadratic work would take hours; this takes less than a second
    }

    [Property(Replay = "21,25", MaxTest = 500)]
    public void What_is_read_does_not_depend_on_how_the_input_is_cut(int seed, byte[] cuts)
    {
        byte[] text = Scramble(seed);
        (string[] whole, ZoneReport report) = ZoneText.Read(ZoneText.Pipe(text));
        (string[] cut, ZoneReport other) = ZoneText.Read(new CutPipe(text, cuts));
        Assert.Equal(whole, cut);
        Assert.Equal(report.Faults, other.Faults);
        Assert.Equal(report.ToAccount(), other.ToAccount());
    }

    [Fact]
    public void Files_of_the_corpus_are_read_alike_when_they_come_octet_by_octet()
    {
        foreach (string name in Expected.Select(row => row.Data))
        {
            byte[] text = File.ReadAllBytes(TestData.CorpusPath($"zone/{name}.zone"));
            string zone = TestData.CorpusLines($"zone/{name}.wire").First();
            (string[] whole, _) = ZoneText.Read(ZoneText.Pipe(text), zone);
            (string[] cut, _) = ZoneText.Read(new CutPipe(text, [1]), zone);
            Assert.Equal(whole, cut);
        }
    }

    [Fact]
    public void Records_of_the_corpus_are_the_same_after_they_were_written_as_text_and_read_again()
    {
        foreach (string name in Expected.Select(row => row.Data))
        {
            string zone = TestData.CorpusLines($"zone/{name}.wire").First();
            (string[] records, _) = ZoneText.Read(ZoneReader.Open(TestData.CorpusPath($"zone/{name}.zone"), DomainName.Parse(zone)));
            (string[] again, ZoneReport report) = ZoneText.Read(string.Join('\n', records), zone);
            Assert.Empty(report.Faults);
            Assert.Equal(records, again);
        }
    }

    [Fact]
    public void Reading_a_registry_dump_allocates_nothing_per_record()
    {
        StringBuilder text = new("example.\t900\tin\tsoa\ta.nic.example. host.nic.example. 1 900 900 604800 86400\n");
        for (int i = 0; i < 20_000; i++)
        {
            text.Append($"name-{i}.example.\t3600\tin\tns\tns{i % 7}.host-{i % 13}.test.\nname-{i}.example.\t86400\tin\tds\t{i} 13 2 {i:x64}\n");
            text.Append($"ns.name-{i}.example.\t3600\tin\ta\t192.0.2.{i % 256}\nns.name-{i}.example.\t3600\tin\taaaa\t2001:db8::{i % 65536:x}\n");
            text.Append($"{i:x}.example.\t86400\tin\tnsec3\t1 1 0 - 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NS SOA RRSIG DNSKEY NSEC3PARAM\n");
        }

        ZoneReader reader = new(ZoneText.Pipe(Encoding.ASCII.GetBytes(text.ToString())), DomainName.Parse("example"));
        for (int i = 0; i < 20_000; i++) Assert.True(ZoneText.Next(reader));
        long allocated = Allocated.Least(() =>
        {
            for (int i = 0; i < 14_000; i++)
            {
                if (!ZoneText.Next(reader)) Assert.Fail("The text is longer.");
            }
        });
        Assert.InRange(allocated, 0, 2000); // some 5 times the input is asked for more
        Assert.Equal(0, reader.Report.Errors.Total);
    }

    private static byte[] Scramble(int seed)
    {
        Random random = new(seed);
        StringBuilder text = new();
        for (int i = random.Next(200); i > 0; i--)
        {
            text.Append(s_pieces[random.Next(s_pieces.Length)]);
            if (random.Next(3) > 0) text.Append(' ');
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>Gives out octets in pieces of given lengths.</summary>
    private sealed class CutPipe(byte[] octets, byte[] cuts) : PipeReader
    {
        private int _start;
        private int _end;
        private int _cut;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            int step = cuts.Length == 0 ? 1 : 1 + cuts[_cut++ % cuts.Length] % 16;
            _end = Math.Min(octets.Length, _end + step);
            return new(new ReadResult(new(octets, _start, _end - _start), isCanceled: false, isCompleted: _end == octets.Length));
        }

        public override void AdvanceTo(SequencePosition consumed) => _start = consumed.GetInteger();

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _start = consumed.GetInteger();

        public override void CancelPendingRead()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override bool TryRead(out ReadResult result)
        {
            result = default;
            return false;
        }
    }
}
