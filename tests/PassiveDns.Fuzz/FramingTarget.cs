using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace PassiveDns.Fuzz;

/// <summary>DNS over a stream: however the octets are split, the messages are those that a plain walk finds.</summary>
internal static class FramingTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        List<byte[]> expected = [];
        ReadOnlySpan<byte> rest = input;
        while (rest.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && rest.Length - 2 >= length)
        {
            expected.Add(rest.Slice(2, length).ToArray());
            rest = rest[(2 + length)..];
        }

        int next = 0;
        ReadOnlySpan<byte> contiguous = input;
        while (MessageFraming.TryRead(ref contiguous, out ReadOnlySpan<byte> message)) Promise.Same(expected[next++], message, "contiguous");
        Promise.Holds(next == expected.Count && contiguous.Length == rest.Length, "contiguous: messages or what is left");

        for (int seed = 0; seed < 3; seed++)
        {
            next = 0;
            ReadOnlySequence<byte> split = Split(input, new(seed));
            while (MessageFraming.TryRead(ref split, out ReadOnlySequence<byte> message)) Promise.Same(expected[next++], message.ToArray(), "split");
            Promise.Holds(next == expected.Count && split.Length == rest.Length, "split: messages or what is left");
            Stream(PipeReader.Create(Split(input, new(seed))), expected, rest.Length);
            Stream(PipeReader.Create(new PieceStream(input.ToArray(), seed)), expected, rest.Length);
        }
    }

    private static void Stream(PipeReader pipe, List<byte[]> expected, int left)
    {
        MessageStream stream = new(pipe);
        int next = 0;
        while (stream.ReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (expected[next].Length == 0) next++;
            Promise.Same(expected[next++], stream.Message, "stream");
        }

        int empty = expected.Count(message => message.Length == 0);
        Promise.Holds(stream.Messages == expected.Count - empty && stream.EmptyMessages == empty, "stream: messages");
        Promise.Holds(stream.TruncatedOctets == left, $"stream: {stream.TruncatedOctets} of {left} octets left");
        stream.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static ReadOnlySequence<byte> Split(ReadOnlySpan<byte> octets, Random random)
    {
        Segment first = new([], null);
        Segment last = first;
        while (!octets.IsEmpty)
        {
            int length = Math.Min(random.Next(0, random.Next(2) == 0 ? 3 : 300), octets.Length);
            last = new(octets[..length].ToArray(), last);
            octets = octets[length..];
        }

        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] octets, Segment? before)
        {
            Memory = octets;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
