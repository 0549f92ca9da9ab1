using System.IO.Pipelines;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace PassiveDns.Capture.Tests;

public class FrameStreamTests
{
    private const int Max = 4096;

    [Fact]
    public void A_file_is_its_data_frames_however_it_arrives()
    {
        byte[][] frames = [[1], [.. Enumerable.Repeat((byte)2, 300)], [3, 3], [.. Enumerable.Repeat((byte)4, Max)]];
        byte[] file = TapFrames.File(frames);
        foreach (int piece in (int[])[1, 2, 3, 5, 64, 1000, 1 << 20])
        {
            Walk walk = Walk.Of(file, piece: piece);
            Assert.Equal(frames, walk.Frames);
            Assert.Equal(FrameStreamEnd.Finished, walk.End);
            Assert.Equal(file.Length, walk.Offset);
        }
    }

    [Fact]
    public void A_file_that_ends_between_frames_is_not_stopped_and_one_that_ends_inside_is_cut()
    {
        byte[][] frames = [[1, 2, 3], [4, 5]];
        byte[] file = TapFrames.File(frames, stops: false);
        int start = TapFrames.Control(TapFrames.Start, TapFrames.ContentType).Length;
        int[] borders = [0, start, start + 7, file.Length];
        for (int length = 0; length <= file.Length; length++)
        {
            Walk walk = Walk.Of(file[..length]);
            Assert.Equal(borders.Contains(length) ? FrameStreamEnd.NotStopped : FrameStreamEnd.Cut, walk.End);
            Assert.Equal(length < start + 7 ? 0 : length < file.Length ? 1 : 2, walk.Frames.Count);
        }
    }

    [Theory]
    [InlineData(FrameStreamEnd.Finished)]
    [InlineData(FrameStreamEnd.OtherContent, "test:hello")]
    [InlineData(FrameStreamEnd.MalformedControl, "a", "b")]
    public void The_content_type_of_a_start_is_checked(object end, params string[] contentTypes)
    {
        Walk walk = Walk.Of([.. TapFrames.Control(TapFrames.Start, contentTypes), .. TapFrames.Data([1]), .. TapFrames.Control(TapFrames.Stop)]);
        Assert.Equal(end, walk.End);
        Assert.Equal(walk.End == FrameStreamEnd.Finished ? 1 : 0, walk.Frames.Count);
    }

    [Fact]
    public void Files_that_were_put_behind_each_other_are_one()
    {
        byte[] first = TapFrames.File([[1]]), cut = TapFrames.File([[2]], stops: false), last = TapFrames.File([[3]]);
        Assert.Equal([[1], [2], [3]], Walk.Of([.. first, .. cut, .. last]).Frames);
        byte[] foreign = TapFrames.Control(TapFrames.Start, "test:hello");
        Walk mixed = Walk.Of([.. first, .. foreign, .. last]);
        Assert.Equal(FrameStreamEnd.OtherContent, mixed.End);
        Assert.Single(mixed.Frames);
    }

    [Fact]
    public void Control_frames_of_unknown_types_are_skipped_and_counted()
    {
        byte[] unknown = TapFrames.Control(77, "whatever");
        Walk walk = Walk.Of([.. TapFrames.Control(TapFrames.Start, TapFrames.ContentType), .. unknown, .. TapFrames.Data([1]), .. unknown, .. TapFrames.Control(TapFrames.Stop)]);
        Assert.Equal(FrameStreamEnd.Finished, walk.End);
        Assert.Single(walk.Frames);
        Assert.Equal((2, 2, 0), (walk.Controls[ControlFate.Obeyed], walk.Controls[ControlFate.UnknownType], walk.Controls[ControlFate.Refused]));
    }

    [Theory]
    [InlineData("00000000" + "00000000")] // no length
    [InlineData("00000000" + "00000201")] // longer than 512
    [InlineData("00000000" + "00000002" + "0002")] // no type
    [InlineData("00000000" + "0000000A" + "00000002" + "00000001" + "0000")] // a field without a length
    [InlineData("00000000" + "0000000C" + "00000002" + "00000001" + "00000009")] // a field longer than the frame
    [InlineData("00000000" + "00000004" + "00000003")] // STOP before START
    [InlineData("00000000" + "00000004" + "00000004")] // READY in a file
    [InlineData("00000001" + "FF")] // data before START
    public void A_control_frame_that_is_none_or_has_no_place_ends_the_stream(string hex)
    {
        Walk walk = Walk.Of(Convert.FromHexString(hex));
        Assert.Equal(FrameStreamEnd.MalformedControl, walk.End);
        Assert.Empty(walk.Frames);
    }

    [Fact]
    public void A_frame_over_the_limit_ends_the_stream_and_is_not_waited_for()
    {
        byte[] start = TapFrames.Control(TapFrames.Start, TapFrames.ContentType);
        Walk walk = Walk.Of([.. start, .. TapFrames.Data([1]), 0, 0, 0x10, 1, 9, 9]);
        Assert.Equal(FrameStreamEnd.FrameTooLong, walk.End);
        Assert.Equal([[1]], walk.Frames);
        Assert.Equal(start.Length + 5, walk.Offset);
    }

    [Fact]
    public void A_writer_that_asks_is_answered_with_what_it_offered()
    {
        byte[] rest = [.. TapFrames.Control(TapFrames.Start, TapFrames.ContentType), .. TapFrames.Data([7]), .. TapFrames.Control(TapFrames.Stop)];
        Walk walk = Walk.Of([.. TapFrames.Control(TapFrames.Ready, "other", TapFrames.ContentType), .. rest], FrameStreamRole.Bidirectional);
        Assert.Equal([[7]], walk.Frames);
        Assert.Equal(FrameStreamEnd.Finished, walk.End);
        Assert.Equal(2, walk.Replies.Count);
        Assert.Equal(TapFrames.Control(1, TapFrames.ContentType), walk.Replies[0]);
        Assert.Equal(TapFrames.Control(5), walk.Replies[1]);

        walk = Walk.Of([.. TapFrames.Control(TapFrames.Ready), .. rest], FrameStreamRole.Bidirectional);
        Assert.Equal(TapFrames.Control(1), walk.Replies[0]);

        walk = Walk.Of([.. TapFrames.Control(TapFrames.Ready, "other"), .. rest], FrameStreamRole.Bidirectional);
        Assert.Equal(FrameStreamEnd.OtherContent, walk.End);
        Assert.Equal("other", walk.ContentType);
    }

    [Fact]
    public void A_writer_that_does_not_ask_is_taken_only_where_that_is_wanted()
    {
        byte[] file = TapFrames.File([[7]]);
        Walk lenient = Walk.Of(file, FrameStreamRole.EitherWay);
        Assert.Equal([[7]], lenient.Frames);
        Assert.Empty(lenient.Replies);
        Assert.Equal(FrameStreamEnd.RefusedUnidirectional, Walk.Of(file, FrameStreamRole.Bidirectional).End);
    }

    [Property(MaxTest = 300)]
    public Property Any_octets_end_and_pieces_make_no_difference() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        Gen.Choose(1, 9).ToArbitrary(),
        (tail, piece) =>
        {
            byte[] octets = [.. TapFrames.File([[1, 2], [3]], stops: false), .. tail];
            if (tail.Length > 0) octets[tail[0] % octets.Length] ^= tail[^1];
            Walk whole = Walk.Of(octets), pieces = Walk.Of(octets, piece: piece);
            Assert.Equal(whole.Frames, pieces.Frames);
            Assert.Equal((whole.End, whole.Offset), (pieces.End, pieces.Offset));
        });

    /// <summary>A stream walked to its end.</summary>
    private sealed class Walk
    {
        public List<byte[]> Frames { get; } = [];

        public List<byte[]> Replies { get; } = [];

        public FrameStreamEnd End { get; private set; }

        public long Offset { get; private set; }

        public string ContentType { get; private set; } = "";

        public required Tally<ControlFate> Controls { get; init; }

        public static Walk Of(byte[] octets, FrameStreamRole role = FrameStreamRole.File, int piece = 1 << 20)
        {
            FrameStream stream = new(PipeReader.Create(new PieceStream(octets, piece), new(bufferSize: 64, minimumReadSize: 1)), role, Max);
            Walk walk = new() { Controls = stream.Controls };
            FrameStreamStatus status;
            while ((status = stream.Next()) != FrameStreamStatus.Ended)
            {
                if (status == FrameStreamStatus.Frame) walk.Frames.Add(stream.Frame.ToArray());
                else if (status == FrameStreamStatus.Reply) walk.Replies.Add(stream.Reply.ToArray());
                else stream.FillAsync(default).AsTask().GetAwaiter().GetResult();
            }

            (walk.End, walk.Offset, walk.ContentType) = (stream.End, stream.Offset, stream.ContentType);
            stream.Complete();
            return walk;
        }
    }
}
