using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using PassiveDns.Capture.Tests.Tap;

namespace PassiveDns.Capture.Tests;

/// <summary>The hand-written reader against Google.Protobuf.</summary>
public class DnstapReaderTests
{
    private const int Seconds = 1_000_000_000;

    [Property(MaxTest = 1000)]
    public Property It_reads_what_the_judge_wrote() => Prop.ForAll(Messages().ToArbitrary(), tap => AssertSame(tap.ToByteArray()));

    [Property(MaxTest = 1000)]
    public Property Fields_in_another_order_and_unknown_ones_make_no_difference() => Prop.ForAll(Messages().ToArbitrary(), ArbMap.Default.ArbFor<int>(), (tap, seed) =>
    {
        Random random = new(seed);
        List<byte[]> body = Fields(tap.Message);
        body.AddRange(Unknown(random));
        Shuffle(body, random);
        byte[] message = [.. body.SelectMany(field => field)];
        List<byte[]> frame = [[14 << 3 | 2, .. Varint((ulong)message.Length), .. message], [15 << 3, 1]];
        if (tap.HasIdentity) frame.Add([1 << 3 | 2, .. Varint((ulong)tap.Identity.Length), .. tap.Identity]);
        frame.AddRange(Unknown(random));
        Shuffle(frame, random);
        AssertSame([.. frame.SelectMany(field => field)]);
    });

    [Property(MaxTest = 3000)]
    public Property Whatever_is_done_to_it_it_stays_total_and_agrees_with_the_judge_on_what_both_read() => Prop.ForAll(
        Messages().ToArbitrary(), ArbMap.Default.ArbFor<int>(), (tap, seed) =>
    {
        byte[] octets = tap.ToByteArray();
        Random random = new(seed);
        for (int changes = random.Next(1, 4); changes > 0; changes--) octets = Change(octets, random);
        AssertSame(octets);
    });

    [Fact]
    public void Of_a_repeated_field_the_last_counts()
    {
        byte[] first = TapFrames.Message(DnstapMessageType.ResolverQuery, [1, 2]).ToByteArray();
        byte[] second = TapFrames.Message(DnstapMessageType.ResolverResponse, [3, 4]).ToByteArray();
        Assert.Equal(FrameFate.Message, DnstapMessage.Read([.. first, .. second], out DnstapMessage message));
        Assert.Equal(DnstapMessageType.ResolverResponse, message.Type);
        Assert.True(message.Response.SequenceEqual((byte[])[3, 4]));
        Assert.True(message.Query.IsEmpty, "copies of an embedded message are not merged");
    }

    [Theory]
    [InlineData("7802", (int)FrameFate.NotAMessage)] // another type, no message
    [InlineData("72027808" + "7801", (int)FrameFate.UnknownMessageType)] // Message without a type
    [InlineData("7202085F" + "7801", (int)FrameFate.UnknownMessageType)] // Message.type 95
    [InlineData("72020804", (int)FrameFate.NotAMessage)] // without Dnstap.type
    [InlineData("7801", (int)FrameFate.NotAMessage)]
    [InlineData("", (int)FrameFate.NotAMessage)]
    [InlineData("72030804" + "7801", (int)FrameFate.MalformedProtobuf)] // its message reaches into what follows
    [InlineData("72FFFFFFFF0F", (int)FrameFate.MalformedProtobuf)] // 4 GiB
    [InlineData("72FFFFFFFFFFFFFFFFFF01", (int)FrameFate.MalformedProtobuf)] // 2^64-1
    [InlineData("78FFFFFFFFFFFFFFFFFFFF01", (int)FrameFate.MalformedProtobuf)] // a varint of eleven octets
    [InlineData("7B7C", (int)FrameFate.MalformedProtobuf)] // a group
    [InlineData("0000", (int)FrameFate.MalformedProtobuf)] // field 0
    public void What_is_no_message_is_told_by_its_reason(string hex, int fate) =>
        Assert.Equal((FrameFate)fate, DnstapMessage.Read(Convert.FromHexString(hex), out _));

    private static void AssertSame(byte[] octets)
    {
        FrameFate fate = DnstapMessage.Read(octets, out DnstapMessage ours);
        Tap.Dnstap judged;
        try
        {
            // Of several messages the last is the whole for us; the judge merges them.
            judged = Tap.Dnstap.Parser.ParseFrom(octets);
            if (LastMessage(octets) is { } last) judged.Message = Message.Parser.ParseFrom(last);
        }
        catch (InvalidProtocolBufferException)
        {
            // Groups and negative lengths are wrong for both; what the judge refuses beyond that is its own strictness, such as text that is no UTF-8.
            return;
        }

        if (fate == FrameFate.MalformedProtobuf)
        {
            Assert.True(HasGroup(octets), $"{Convert.ToHexString(octets)}: the judge reads it");
            return;
        }

        Assert.Equal(judged.Type == 1 && judged.Message is not null, fate != FrameFate.NotAMessage);
        if (fate == FrameFate.NotAMessage) return;
        Message theirs = judged.Message!;
        Assert.Equal(theirs.Type is >= 1 and <= 14 ? (int)theirs.Type : 0, (int)ours.Type);
        Assert.Equal(theirs.Policy is { } policy && policy.Action != 3, ours.IsPolicyApplied);
        Assert.True(ours.Response.SequenceEqual(theirs.ResponseMessage.Span));
        Assert.True(ours.Query.SequenceEqual(theirs.QueryMessage.Span));
        Assert.True(ours.QueryZone.SequenceEqual(theirs.QueryZone.Span));
        Assert.True(ours.QueryAddress.SequenceEqual(theirs.QueryAddress.Span));
        Assert.True(ours.ResponseAddress.SequenceEqual(theirs.ResponseAddress.Span));
        Assert.Equal(Time(theirs.HasQueryTimeSec, theirs.QueryTimeSec, theirs.QueryTimeNsec), ours.QueryTime);
        Assert.Equal(Time(theirs.HasResponseTimeSec, theirs.ResponseTimeSec, theirs.ResponseTimeNsec), ours.ResponseTime);
        if (fate == FrameFate.Message) Assert.True(ours.Identity.SequenceEqual(judged.Identity.Span));
    }

    private static long? Time(bool has, ulong seconds, uint nanoseconds) =>
        !has || seconds > long.MaxValue / Seconds - 1 ? null : (long)seconds * Seconds + Math.Min(nanoseconds, Seconds - 1);

    // The same walk with the judge's own reader of fields.
    private static byte[]? LastMessage(byte[] octets)
    {
        CodedInputStream input = new(octets);
        byte[]? last = null;
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (tag == (14 << 3 | 2)) last = input.ReadBytes().ToByteArray();
            else input.SkipLastField();
        }

        return last;
    }

    // The judge still skips groups, which are refused here: in the frame, in its message, in the message's policy.
    private static bool HasGroup(ReadOnlySpan<byte> octets, uint embedded = 14)
    {
        ProtobufReader fields = new(octets);
        while (fields.Read())
        {
            if (fields.Field == embedded && fields.WireType == ProtobufReader.LengthDelimited && HasGroup(fields.Octets, 15)) return true;
        }

        return fields.IsMalformed;
    }

    private static Gen<Tap.Dnstap> Messages()
    {
        Gen<ByteString> octets = ArbMap.Default.GeneratorFor<byte[]>().Select(ByteString.CopyFrom);
        Gen<ulong> numbers = Gen.OneOf(Gen.Choose(0, int.MaxValue).Select(n => (ulong)n), Gen.Constant(ulong.MaxValue), Gen.Constant(9_223_372_036UL));
        return
            from type in Gen.Choose(0, 20)
            from kind in Gen.Frequency((9, Gen.Constant(1u)), (1, Gen.Constant(2u)))
            from a in octets
            from b in octets
            from c in octets
            from seconds in numbers
            from nanoseconds in Gen.Choose(0, int.MaxValue)
            from has in Gen.Choose(0, 255)
            select Make((uint)type, kind, [a, b, c], seconds, (uint)nanoseconds, has);
    }

    private static Tap.Dnstap Make(uint type, uint kind, ByteString[] octets, ulong seconds, uint nanoseconds, int has)
    {
        Message message = new() { Type = type };
        if ((has & 1) != 0) message.QueryMessage = octets[0];
        if ((has & 2) != 0) message.ResponseMessage = octets[1];
        if ((has & 4) != 0) message.QueryZone = octets[2];
        if ((has & 8) != 0) (message.QueryAddress, message.ResponseAddress) = (octets[1], octets[2]);
        if ((has & 16) != 0) (message.QueryTimeSec, message.QueryTimeNsec) = (seconds, nanoseconds);
        if ((has & 32) != 0) (message.ResponseTimeSec, message.ResponseTimeNsec) = (seconds, nanoseconds);
        if ((has & 64) != 0) message.Policy = new() { Type = "x", Action = nanoseconds % 7 };
        Tap.Dnstap tap = new() { Type = kind, Message = message };
        if ((has & 128) != 0) (tap.Identity, tap.Extra) = (octets[0], octets[2]);
        return tap;
    }

    private static List<byte[]> Fields(Message message)
    {
        byte[] octets = message.ToByteArray();
        List<byte[]> fields = [];
        CodedInputStream input = new(octets);
        long start = 0;
        while (input.ReadTag() != 0)
        {
            input.SkipLastField();
            fields.Add(octets[(int)start..(int)input.Position]);
            start = input.Position;
        }

        return fields;
    }

    private static IEnumerable<byte[]> Unknown(Random random) =>
    [
        [.. Varint(100 << 3), .. Varint((ulong)random.NextInt64())],
        [.. Varint(101 << 3 | 1), 1, 2, 3, 4, 5, 6, 7, 8],
        [.. Varint(102 << 3 | 2), 3, 9, 9, 9],
        [.. Varint((1UL << 29) - 1 << 3 | 5), 1, 2, 3, 4],
    ];

    private static void Shuffle(List<byte[]> fields, Random random)
    {
        byte[][] array = [.. fields];
        random.Shuffle(array);
        fields.Clear();
        fields.AddRange(array);
    }

    private static byte[] Change(byte[] octets, Random random)
    {
        List<byte> changed = [.. octets];
        int at = random.Next(changed.Count + 1);
        switch (random.Next(4))
        {
            case 0 when at < changed.Count:
                changed[at] = (byte)random.Next(256);
                break;
            case 1 when at < changed.Count:
                changed.RemoveAt(at);
                break;
            case 2:
                changed.Insert(at, (byte)random.Next(256));
                break;
            default:
                changed.RemoveRange(at, changed.Count - at);
                break;
        }

        return [.. changed];
    }

    private static byte[] Varint(ulong value)
    {
        List<byte> octets = [];
        for (; value >= 0x80; value >>= 7) octets.Add((byte)(value | 0x80));
        octets.Add((byte)value);
        return [.. octets];
    }
}
