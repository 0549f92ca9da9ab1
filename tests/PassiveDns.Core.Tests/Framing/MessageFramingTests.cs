using System.Buffers;
using System.IO.Pipelines;
using FsCheck.Xunit;

namespace PassiveDns.Tests;

public class MessageFramingTests
{
    private static readonly byte[] s_stream = [0, 3, 1, 2, 3, 0, 0, 0, 1, 9, 0, 0, 0, 0, 0, 2, 7, 8];

    [Fact]
    public void Messages_are_the_same_wherever_the_stream_is_cut_in_three()
    {
        for (int first = 0; first <= s_stream.Length; first++)
        {
            for (int second = first; second <= s_stream.Length; second++)
            {
                ReadOnlySequence<byte> buffer = Cut(s_stream[..first], s_stream[first..second], s_stream[second..]);
                List<string> messages = [];
                while (MessageFraming.TryRead(ref buffer, out ReadOnlySequence<byte> message)) messages.Add(Convert.ToHexString(message.ToArray()));
                Assert.Equal(["010203", "", "09", "", "", "0708"], messages);
                Assert.True(buffer.IsEmpty);
            }
        }
    }

    [Fact]
    public void What_is_not_there_to_its_end_is_left_in_the_buffer()
    {
        for (int length = 0; length < 5; length++)
        {
            ReadOnlySequence<byte> buffer = new(s_stream, 0, length);
            ReadOnlySpan<byte> span = s_stream.AsSpan(0, length);
            Assert.False(MessageFraming.TryRead(ref buffer, out ReadOnlySequence<byte> message));
            Assert.False(MessageFraming.TryRead(ref span, out ReadOnlySpan<byte> contiguous));
            Assert.Equal((length, 0L, length, 0), (buffer.Length, message.Length, span.Length, contiguous.Length));
        }
    }

    [Property(Replay = "31,33", MaxTest = 500)]
    public async Task Any_messages_come_back_from_a_stream_cut_anywhere(byte[][] messages, byte[] cuts)
    {
        byte[] stream = [.. messages.SelectMany(message => (byte[])[(byte)(message.Length >> 8), (byte)message.Length, .. message])];
        Pipe pipe = new(new(pauseWriterThreshold: 0, minimumSegmentSize: 16, useSynchronizationContext: false));
        List<byte[]> read = [];
        MessageStream framed = new(pipe.Reader);
        Task reading = Task.Run(async () =>
        {
            while (await framed.ReadAsync()) read.Add(framed.Message.ToArray());
        });
        for (int at = 0, cut = 0; at < stream.Length; cut++)
        {
            int step = Math.Min(stream.Length - at, cuts.Length == 0 ? 1 : 1 + cuts[cut % cuts.Length] % 40);
            await pipe.Writer.WriteAsync(stream.AsMemory(at, step));
            at += step;
        }

        await pipe.Writer.CompleteAsync();
        await reading;
        Assert.Equal(messages.Where(message => message.Length > 0), read);
        Assert.Equal((read.Count, messages.Length - read.Count, 0), (framed.Messages, framed.EmptyMessages, framed.TruncatedOctets));
        await framed.DisposeAsync();
    }

    [Property(Replay = "31,35", MaxTest = 500)]
    public async Task Any_octets_are_messages_and_a_truncated_rest_that_sum_up(byte[] octets)
    {
        MessageStream framed = new(PipeReader.Create(new ReadOnlySequence<byte>(octets)));
        long sum = 0;
        while (await framed.ReadAsync()) sum += framed.Message.Length;
        Assert.False(await framed.ReadAsync());
        Assert.Equal(octets.Length, sum + 2 * (framed.Messages + framed.EmptyMessages) + framed.TruncatedOctets);
    }

    [Fact]
    public async Task The_longest_message_passes_a_pipe_with_the_usual_limits()
    {
        byte[] message = new byte[MessageFraming.MaxMessageLength];
        Random.Shared.NextBytes(message);
        Pipe pipe = new();
        Task writing = Task.Run(async () =>
        {
            await pipe.Writer.WriteAsync(new byte[] { 0xFF, 0xFF });
            await pipe.Writer.WriteAsync(message);
            await pipe.Writer.WriteAsync(new byte[] { 0, 9, 1 });
            await pipe.Writer.CompleteAsync();
        });
        await using MessageStream framed = new(pipe.Reader);
        Assert.True(await framed.ReadAsync());
        Assert.Equal(message, framed.Message);
        Assert.False(await framed.ReadAsync());
        Assert.Equal(3, framed.TruncatedOctets);
        await writing;
    }

    [Fact]
    public void Contiguous_messages_are_handed_out_where_they_stand_without_allocating()
    {
        byte[] stream = [.. Enumerable.Repeat(s_stream, 2000).SelectMany(octets => octets)];
        MessageStream framed = new(PipeReader.Create(new ReadOnlySequence<byte>(stream)));
        Assert.True(Next(framed));
        Assert.True(stream.AsSpan().Overlaps(framed.Message));
        int messages = 1;
        Assert.Equal(0, Allocated.Least(() =>
        {
            for (int i = 0; i < 1000 && Next(framed); i++) messages++;
        }));
        while (Next(framed)) messages++;
        Assert.Equal(6000, messages);
    }

    private static bool Next(MessageStream framed)
    {
        ValueTask<bool> read = framed.ReadAsync();
        return read.IsCompletedSuccessfully ? read.Result : throw new InvalidOperationException("Nothing was to be waited for.");
    }

    private static ReadOnlySequence<byte> Cut(params byte[][] parts)
    {
        Segment first = new(parts[0], null);
        Segment last = first;
        foreach (byte[] part in parts.Skip(1)) last = new(part, last);
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] octets, Segment? before)
        {
            Memory = octets;
            if (before is null) return;
            before.Next = this;
            RunningIndex = before.RunningIndex + before.Memory.Length;
        }
    }
}
