using System.Runtime.InteropServices;

namespace PassiveDns.Tests;

/// <summary>No octets make a reader throw, read out of bounds or allocate: all corpus messages, cut at each octet; damaged ones are in MutationTests.</summary>
public class HarmlessnessTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_prefix_of_every_message_is_read_or_rejected()
    {
        long prefixes = 0;
        byte[][] messages = [.. DnsReaderTests.CorpusMessages().Select(message => message.Length <= ushort.MaxValue ? message : message[..ushort.MaxValue])];
        Parallel.ForEach(messages.SelectMany(message => Enumerable.Range(0, message.Length + 1).Chunk(256).Select(lengths => (message, lengths))), () => new ReadingRoom(), (part, _, room) =>
        {
            foreach (int length in part.lengths) room.ReadTwice(part.message.AsSpan(0, length));
            Interlocked.Add(ref prefixes, part.lengths.Length);
            return room;
        }, _ => { });
        output.WriteLine($"{prefixes:N0} prefixes of {messages.Length} messages");
        Assert.InRange(prefixes, messages.Length, long.MaxValue);
    }

    [Fact]
    public void Random_rdata_of_every_type_is_canonical_once_and_for_all_and_its_text_reads_back()
    {
        Random random = new(20240817);
        byte[] canonical = new byte[RecordData.MaxLength];
        byte[] again = new byte[RecordData.MaxLength];
        byte[] text = new byte[700_000];
        byte[] parsed = new byte[RecordData.MaxLength];
        int[] statuses = new int[4];
        for (int round = 0; round < 150_000; round++)
        {
            RecordType type = (RecordType)(round % 290 < 280 ? round % 290 : 32_760 + round % 290);
            const int Start = 15; // behind the header and the name "A."
            byte[] message = new byte[Start + random.Next(0, round % 5 == 0 ? 60 : 24)];
            random.NextBytes(message);
            for (int i = Start; i < message.Length; i++)
            {
                if (random.Next(2) == 0) message[i] = (byte)random.Next(0, 5); // short labels, lengths and windows: else hardly anything is sound
            }

            (message[12], message[13], message[14]) = (1, (byte)'A', 0);
            if (round % 3 == 0 && message.Length - Start >= 2) (message[^2], message[^1]) = (0xC0, 12);
            RdataStatus status = RecordData.Canonicalize(message, Start, message.Length - Start, type, canonical, out int length);
            statuses[(int)status]++;
            if (status == RdataStatus.Malformed) continue;
            byte[] behindHeader = [.. new byte[12], .. canonical.AsSpan(0, length)];
            RdataStatus second = RecordData.Canonicalize(behindHeader, 12, length, type, again, out int secondLength);
            Assert.True(canonical.AsSpan(0, length).SequenceEqual(again.AsSpan(0, secondLength)));
            Assert.Equal(status == RdataStatus.Opaque, second == RdataStatus.Opaque);
            Assert.True(RdataText.TryFormat(type, canonical.AsSpan(0, length), text, out int written));
            ReadOnlySpan<byte> form = text.AsSpan(0, written);
            if (status == RdataStatus.Opaque) Assert.True(form.StartsWith("\\#"u8));
            Assert.True(RdataText.TryParse(type, form, parsed, out int parsedLength), System.Text.Encoding.ASCII.GetString(form));
            bool same = canonical.AsSpan(0, length).SequenceEqual(parsed.AsSpan(0, parsedLength));
            Assert.True(same || LosesZeros(type, length, parsedLength), $"{type} {System.Text.Encoding.ASCII.GetString(form)}");
        }

        Assert.All(statuses, count => Assert.InRange(count, 50, int.MaxValue)); // each outcome was met
    }

    [Fact]
    public void Reading_canonicalising_and_writing_10000_messages_allocates_nothing()
    {
        byte[][] messages = [.. DnsReaderTests.CorpusMessages().Where(message => message.Length < 2000)];
        ReadingRoom room = new();
        for (int i = 0; i < 2 * messages.Length; i++) room.ReadTwice(messages[i % messages.Length]);
        Assert.Equal(0, Allocated.Least(() =>
        {
            for (int i = 0; i < 10_000; i++) room.ReadTwice(messages[i % messages.Length]);
        }));
    }

    [Fact]
    public unsafe void Nothing_is_read_behind_the_end_of_a_message()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The guard page is made with mmap.");
        const int Page = 65_536;
        byte* pages = (byte*)Native.Map(0, 2 * Page, 3, 0x22, -1, 0);
        Assert.NotEqual(-1, (nint)pages);
        Assert.Equal(0, Native.Protect((nint)(pages + Page), Page, 0)); // whoever reads past the first page now dies at once
        ReadingRoom room = new();
        foreach (byte[] message in DnsReaderTests.CorpusMessages().Where(message => message.Length < 1500))
        {
            for (int length = 0; length <= message.Length; length++)
            {
                Span<byte> atTheEnd = new(pages + Page - length, length);
                message.AsSpan(0, length).CopyTo(atTheEnd);
                room.ReadAll(atTheEnd);
                for (int i = Math.Max(0, length - 16); i < length; i++) // what stands near the end tempts most
                {
                    foreach (byte value in (ReadOnlySpan<byte>)[0x3F, 0xC0, 0xFF])
                    {
                        byte kept = atTheEnd[i];
                        atTheEnd[i] = value;
                        room.ReadAll(atTheEnd);
                        atTheEnd[i] = kept;
                    }
                }
            }
        }

        Assert.Equal(0, Native.Unmap((nint)pages, 2 * Page));
    }

    /// <summary>Text does not say how many zero octets stand at the end of a bitmap's window.</summary>
    private static bool LosesZeros(RecordType type, int length, int parsedLength) =>
        parsedLength < length && type is RecordType.NSEC or RecordType.NSEC3 or RecordType.CSYNC or RecordType.NXT;

    private static class Native
    {
        [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
        public static extern nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

        [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
        public static extern int Protect(nint address, nint length, int protection);

        [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
        public static extern int Unmap(nint address, nint length);
    }
}
