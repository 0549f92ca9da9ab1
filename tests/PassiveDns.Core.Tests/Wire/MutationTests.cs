using System.Diagnostics;

namespace PassiveDns.Tests;

/// <summary>
/// One octet of a message changed, at every place of every message of the corpus: it is read and printed or refused, and reader and decoder
/// say the same. Every run gives every value to every octet of short messages and telling ones to those of the others; the run that gives
/// every value to every octet of all takes too long for that, and is asked for:
/// <code>dotnet test -c Release --project tests/PassiveDns.Core.Tests -- --filter-class "*MutationTests" --explicit only</code>
/// </summary>
public class MutationTests(ITestOutputHelper output)
{
    private const int ShortMessage = 64; // up to here every value is tried in every run
    private const int MediumMessage = 300;

    /// <summary>Each bit, and what makes or unmakes a pointer.</summary>
    private static readonly byte[] s_changes = [0x01, 0x40, 0x80, 0xC0, 0xFF, 0x02, 0x04, 0x08, 0x10, 0x20];

    /// <summary>The root, a pointer's usual target, the longest label, what lies above it, a pointer.</summary>
    private static readonly byte[] s_values = [0x00, 0x0C, 0x3F, 0x40, 0xC0, 0xFF];

    [Fact]
    public void An_octet_with_a_telling_value_is_read_or_rejected_alike_by_reader_and_decoder() => Try(message => message.Length switch
    {
        <= ShortMessage => AllValues,
        <= MediumMessage => Telling,
        _ => old => [.. s_changes.Take(5).Select(change => (byte)(old ^ change))],
    });

    [Fact(Explicit = true)]
    public void An_octet_with_any_value_is_read_or_rejected_alike_by_reader_and_decoder() => Try(_ => AllValues);

    private static byte[] AllValues(byte old) => [.. Enumerable.Range(0, 256).Select(value => (byte)value).Where(value => value != old)];

    private static byte[] Telling(byte old) =>
        [.. s_changes.Select(change => (byte)(old ^ change)).Concat(s_values).Append((byte)(old + 1)).Append((byte)(old - 1)).Distinct().Where(value => value != old)];

    private void Try(Func<byte[], Func<byte, byte[]>> choose)
    {
        const int Share = 64; // octets of a message that one thread takes at a time
        long mutants = 0, sound = 0;
        Stopwatch clock = Stopwatch.StartNew();
        byte[][] messages = [.. DnsReaderTests.CorpusMessages().Select(message => message.Length <= ushort.MaxValue ? message : message[..ushort.MaxValue])];
        (byte[] Message, int From)[] shares =
            [.. messages.SelectMany(message => Enumerable.Range(0, (message.Length + Share - 1) / Share).Select(share => (message, share * Share)))];
        Parallel.ForEach(shares, () => new ReadingRoom(), (share, _, room) =>
        {
            byte[] copy = [.. share.Message];
            Func<byte, byte[]> valuesFor = choose(copy);
            long tried = 0, read = 0;
            for (int i = share.From; i < Math.Min(share.From + Share, copy.Length); i++)
            {
                byte old = copy[i];
                foreach (byte value in valuesFor(old))
                {
                    copy[i] = value;
                    read += room.ReadTwice(copy);
                    tried++;
                }

                copy[i] = old;
            }

            Interlocked.Add(ref mutants, tried);
            Interlocked.Add(ref sound, read);
            return room;
        }, _ => { });
        output.WriteLine($"{mutants:N0} mutants of {messages.Length} messages with {sound:N0} sound records in {clock.Elapsed.TotalSeconds:F0} s");
        Assert.InRange(sound, 1, long.MaxValue);
    }
}
