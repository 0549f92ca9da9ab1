using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;

namespace PassiveDns.Capture.Tests;

/// <summary>Which messages of a dnstap stream are an authoritative server's word to the resolver.</summary>
public class DnstapDecoderTests
{
    private const string Name = "www.ExAmple.org";

    [Fact]
    public void A_response_that_answers_a_logged_query_is_observed_with_its_zone_and_nothing_of_the_resolver()
    {
        Tapping tap = new();
        tap.Exchange(7, Name, Wire.Server6, "EXAMPLE.org");
        TappedResponse observed = Assert.Single(tap.Observed);
        Assert.Equal(new TappedResponse(HostAddress.From(IPAddress.Parse(Wire.Server6)), 1_700_000_000_000_000_002, "example.org.", observed.Octets), observed);
        Assert.Equal(Wire.Message(7, Name, true), observed.Octets);
        tap.AssertFates((DnstapFate.Query, 1), (DnstapFate.Observed, 1));
        Assert.Equal(1, tap.Decoder.Counters.Queries[QueryFate.Answered]);
    }

    [Fact]
    public void Every_kind_of_message_has_its_own_fate()
    {
        Tapping tap = new();
        foreach (DnstapMessageType type in Enum.GetValues<DnstapMessageType>().Where(type => type is not (DnstapMessageType.Unknown or DnstapMessageType.ResolverQuery or DnstapMessageType.ResolverResponse)))
        {
            tap.Add(TapFrames.Message(type, Wire.Message(1, Name, (int)type % 2 == 0)));
        }

        Assert.Empty(tap.Observed);
        tap.AssertFates(
            (DnstapFate.RefusedUndeclaredServer, 2), (DnstapFate.RefusedClientSide, 2), (DnstapFate.RefusedForwarder, 2), (DnstapFate.RefusedStub, 2),
            (DnstapFate.RefusedTool, 2), (DnstapFate.RefusedUpdate, 2));
    }

    [Theory]
    [InlineData("another question", "www.example.net", Wire.Server, 7)]
    [InlineData("other letter case", "www.exAmple.org", Wire.Server, 7)]
    [InlineData("another server", Name, "198.51.100.9", 7)]
    [InlineData("another id", Name, Wire.Server, 8)]
    public void A_response_that_differs_from_the_query_is_no_answer(string how, string name, string server, int id)
    {
        Tapping tap = new();
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, Wire.Message(7, Name, false)));
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(id, name, true), server));
        Assert.True(tap.Observed.Count == 0, how);
        tap.AssertFates((DnstapFate.Query, 1), (DnstapFate.Unsolicited, 1));
    }

    [Fact]
    public void Ports_and_the_resolvers_address_play_no_part()
    {
        Tapping tap = new();
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, Wire.Message(7, Name, false)));
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true), change: m =>
        {
            m.QueryPort = 1;
            m.ClearQueryAddress();
            m.SocketProtocol = 2;
        }));
        Assert.Single(tap.Observed);
    }

    [Fact]
    public void A_query_has_one_answer()
    {
        Tapping tap = new();
        tap.Exchange(7, Name);
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true)));
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true, answer: 66)));
        tap.AssertFates((DnstapFate.Query, 1), (DnstapFate.Observed, 1), (DnstapFate.Duplicate, 1), (DnstapFate.Contested, 1));
        tap.Exchange(7, Name);
        Assert.Equal(2, tap.Observed.Count);
    }

    [Fact]
    public void An_answer_after_its_time_is_late()
    {
        Tapping tap = new(new() { QueryTimeout = TimeSpan.FromSeconds(10) });
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, Wire.Message(7, Name, false)));
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true), change: m => m.ResponseTimeSec += 11));
        tap.AssertFates((DnstapFate.Query, 1), (DnstapFate.Late, 1));
        tap.Decoder.Complete();
        Assert.Equal(1, tap.Decoder.Counters.Queries[QueryFate.Unanswered]);
    }

    [Fact]
    public void Queries_that_wait_are_bounded()
    {
        Tapping tap = new(new() { MaxOutstandingQueries = 100 });
        for (int i = 0; i < 1000; i++) tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, Wire.Message(i, Name, false)));
        Assert.Equal(100, tap.Decoder.Counters.Queries[QueryFate.Waiting]);
        Assert.Equal(900, tap.Decoder.Counters.Queries[QueryFate.Evicted]);
    }

    [Fact]
    public void Where_no_queries_are_logged_responses_are_taken_and_the_summary_says_so()
    {
        Tap.Dnstap response = TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true));
        Tapping tap = new();
        tap.Add(response);
        Assert.Single(tap.Observed);
        Assert.Contains(tap.Decoder.Counters.ToNotes(), note => note.Contains("without their queries", StringComparison.Ordinal));

        tap.Exchange(8, Name);
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(9, Name, true)));
        tap.AssertFates((DnstapFate.Query, 1), (DnstapFate.Observed, 2), (DnstapFate.Unsolicited, 1));

        VantageOptions strict = new();
        strict.Dnstap.Pairing = DnstapPairing.Always;
        tap = new(strict);
        tap.Add(response);
        tap.AssertFates((DnstapFate.Unsolicited, 1));
    }

    [Fact]
    public void A_query_in_the_same_message_is_compared_too()
    {
        Tapping tap = new();
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true), change: m => m.QueryMessage = ByteString.CopyFrom(Wire.Message(7, Name, false))));
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true), change: m => m.QueryMessage = ByteString.CopyFrom(Wire.Message(7, "x.example", false))));
        tap.AssertFates((DnstapFate.Observed, 1), (DnstapFate.Unsolicited, 1));
        Assert.Empty(tap.Decoder.Counters.ToNotes());
    }

    [Fact]
    public void Recursion_desired_is_a_forwarder_whatever_the_type_says()
    {
        Tapping tap = new();
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, Wire.Message(7, Name, false, flags: 0x100)));
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true, flags: 0x180)));
        tap.AssertFates((DnstapFate.RefusedRecursionDesired, 2));
    }

    [Fact]
    public void An_answer_that_a_policy_made_is_dropped_unless_the_policy_let_it_pass()
    {
        Tapping tap = new();
        for (uint action = 0; action <= 6; action++)
        {
            tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, Wire.Message(7, Name, false)));
            Tap.Policy policy = new() { Type = "RPZ" };
            if (action > 0) policy.Action = action;
            tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true), change: m => m.Policy = policy));
        }

        tap.AssertFates((DnstapFate.Query, 7), (DnstapFate.Observed, 1), (DnstapFate.RefusedPolicy, 6));
    }

    [Fact]
    public void Configured_resolvers_are_checked_where_there_are_addresses()
    {
        VantageOptions vantage = Decoding.Vantage();
        Tapping tap = new(vantage);
        Tap.Dnstap Response(string? resolver, string server) => TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true), server, change: m =>
        {
            m.QueryAddress = resolver is null ? ByteString.Empty : ByteString.CopyFrom(IPAddress.Parse(resolver).GetAddressBytes());
        });
        tap.Add(Response(Wire.Resolver, Wire.Server));
        tap.Add(Response(null, Wire.Server));
        tap.Add(Response("203.0.113.7", Wire.Server));
        tap.Add(Response(Wire.Resolver, Wire.Resolver));
        tap.AssertFates((DnstapFate.Observed, 2), (DnstapFate.RefusedOtherHosts, 1), (DnstapFate.RefusedForwarder, 1));
        vantage.Dnstap.CheckResolvers = false;
        tap = new(vantage);
        tap.Add(Response("203.0.113.7", Wire.Server));
        tap.AssertFates((DnstapFate.Observed, 1));
    }

    [Fact]
    public void A_declared_servers_answers_are_observed_in_its_zones()
    {
        VantageOptions vantage = new();
        vantage.Dnstap.AuthoritativeServers.Add("ns.example");
        vantage.Dnstap.AuthoritativeZones.Add("Example.org");
        vantage.Dnstap.AuthoritativeZones.Add("org");
        Tapping tap = new(vantage);
        byte[] ds = Wire.Message(7, Name[4..], true);
        ds[^19] = 43; // the type of the question
        tap.Add(TapFrames.Message(DnstapMessageType.AuthQuery, Wire.Message(7, Name, false)));
        tap.Add(TapFrames.Message(DnstapMessageType.AuthResponse, Wire.Message(7, Name, true), change: m => m.ClearResponseAddress()));
        tap.Add(TapFrames.Message(DnstapMessageType.AuthResponse, Wire.Message(7, "a.net", true), zone: "net"));
        tap.Add(TapFrames.Message(DnstapMessageType.AuthResponse, ds));
        tap.Add(TapFrames.Message(DnstapMessageType.AuthResponse, Wire.Message(7, Name, true, flags: 0x100)));
        Tap.Dnstap other = TapFrames.Message(DnstapMessageType.AuthResponse, Wire.Message(7, Name, true));
        other.Identity = ByteString.CopyFromUtf8("resolver.example");
        tap.Add(other);
        tap.AssertFates((DnstapFate.ServerQuery, 1), (DnstapFate.Observed, 3), (DnstapFate.RefusedRecursionDesired, 1), (DnstapFate.RefusedUndeclaredServer, 1));
        Assert.Equal(["example.org.", "net.", "org."], tap.Observed.Select(o => o.Zone));
        Assert.Equal(["::", Wire.Server, Wire.Server], tap.Observed.Select(o => o.Server.ToString()));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("00", ".")]
    [InlineData("034F5267" + "00", "org.")]
    [InlineData("034F5267", null)] // no end
    [InlineData("034F5267" + "00" + "00", null)] // something behind it
    [InlineData("036E6574" + "00", null)] // not above the question
    [InlineData("C000", null)] // compressed
    [InlineData("0161" + "0377777707657861" + "00", null)]
    public void A_query_zone_counts_only_if_it_is_a_whole_name_above_the_question(string hex, string? zone)
    {
        Tapping tap = new();
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true), change: m => m.QueryZone = ByteString.CopyFrom(Convert.FromHexString(hex))));
        Assert.Equal(zone ?? "", Assert.Single(tap.Observed).Zone);
        Assert.Equal(zone is null ? 1 : 0, tap.Decoder.Counters.Remarks[DnstapRemark.ZoneLeftOut]);
    }

    [Fact]
    public void Times_that_are_missing_or_impossible_are_replaced_and_counted()
    {
        Tapping tap = new();
        Tap.Dnstap Response(Action<Tap.Message> change) => TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true), change: change);
        tap.Add(Response(m => m.ResponseTimeNsec = uint.MaxValue));
        tap.Add(Response(m => m.ClearResponseTimeSec()));
        tap.Add(Response(m => m.ResponseTimeSec = ulong.MaxValue));
        tap.Add(Response(ClearTimes));
        tap.Arrival = 5;
        tap.Add(Response(ClearTimes));
        tap.AssertFates((DnstapFate.Observed, 4), (DnstapFate.NoTime, 1));
        Assert.Equal([1_700_000_000_999_999_999, 1_700_000_000_000_000_001, 1_700_000_000_000_000_001, 5], tap.Observed.Select(o => o.UnixNanoseconds));
        Tally<DnstapRemark> remarks = tap.Decoder.Counters.Remarks;
        Assert.Equal((1, 2, 1), (remarks[DnstapRemark.TimeClamped], remarks[DnstapRemark.QueryTimeTaken], remarks[DnstapRemark.ArrivalTimeTaken]));

        static void ClearTimes(Tap.Message m)
        {
            m.ClearResponseTimeSec();
            m.ClearQueryTimeSec();
        }
    }

    [Fact]
    public void Damaged_messages_have_their_fates()
    {
        Tapping tap = new();
        byte[] whole = Wire.Message(7, Name, true);
        void Add(byte[] message, Action<Tap.Message>? change = null) => tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, message, change: change));
        Add([]);
        Add(whole[..11]);
        Add(Wire.Message(7, Name, false));
        Add(new byte[65_536]);
        Add(Wire.Message(7, Name, true, flags: 0x2800));
        Add(Wire.Message(7, Name, true, qdcount: 0));
        Add(Wire.Message(7, Name, true, qdcount: 2));
        Add(whole[..20]);
        Add(whole, m => m.ResponseAddress = ByteString.CopyFrom(1, 2, 3));
        Add(whole, m => m.ClearResponseAddress());
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, []));
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, whole));
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, Wire.Message(7, Name, false, qdcount: 0)));
        tap.AssertFates(
            (DnstapFate.NoMessage, 2), (DnstapFate.MalformedHeader, 4), (DnstapFate.RefusedOpcode, 1), (DnstapFate.MalformedQuestion, 4), (DnstapFate.NoServerAddress, 2));
    }

    [Fact]
    public void An_error_without_a_question_ends_its_query()
    {
        Tapping tap = new();
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverQuery, Wire.Message(7, Name, false)));
        tap.Add(TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, "", true, flags: 1, answers: 0, qdcount: 0)));
        tap.AssertFates((DnstapFate.Query, 1), (DnstapFate.Observed, 1));
        Assert.Equal(1, tap.Decoder.Counters.Queries[QueryFate.Answered]);
    }

    [Fact]
    public void Without_room_a_response_is_dropped_and_counted_or_offered_again()
    {
        Tapping tap = new();
        byte[] response = TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, Name, true)).ToByteArray();
        tap.Add(response, hasRoom: false);
        tap.AssertFates((DnstapFate.DroppedQueueFull, 1));

        DnstapDecoder decoder = new(new());
        MessageBatch batch = new(messageCapacity: 1);
        byte[][] exchange = TapFrames.Exchange(8, Name);
        Assert.True(decoder.TryTake(exchange[0], null, batch));
        Assert.True(decoder.TryTake(exchange[1], null, batch));
        exchange = TapFrames.Exchange(9, Name);
        Assert.True(decoder.TryTake(exchange[0], null, batch));
        Assert.False(decoder.TryTake(exchange[1], null, batch));
        Assert.Equal(1, decoder.Counters.Messages[DnstapFate.Observed]);
        batch.Clear();
        Assert.True(decoder.TryTake(exchange[1], null, batch));
        Assert.Equal(2, decoder.Counters.Messages[DnstapFate.Observed]);
    }

    [Fact]
    public void Options_out_of_range_are_told_with_the_mend()
    {
        AssertRefused("MaxFrameLength", o => o.MaxFrameLength = 10);
        AssertRefused("Pairing", o => o.Pairing = (DnstapPairing)9);
        AssertRefused("AuthoritativeServers", o => o.AuthoritativeServers.Add(""));
        AssertRefused("AuthoritativeZones", o => o.AuthoritativeZones.Add("example.org"));
        AssertRefused("AuthoritativeZones", o =>
        {
            o.AuthoritativeServers.Add("*");
            o.AuthoritativeZones.Add("a..b");
        });

        static void AssertRefused(string option, Action<DnstapOptions> set)
        {
            VantageOptions vantage = new();
            set(vantage.Dnstap);
            ArgumentException e = Assert.Throws<ArgumentException>(vantage.Validate);
            Assert.Contains(option, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void In_steady_state_a_frame_costs_no_allocation()
    {
        List<byte[]> frames = [];
        for (int i = 0; i < 1000; i++)
        {
            frames.AddRange(TapFrames.Exchange(i, string.Create(CultureInfo.InvariantCulture, $"host{i % 50}.example.org"), zone: "example.org"));
            frames.Add(TapFrames.Message(DnstapMessageType.ClientResponse, Wire.Message(i, Name, true)).ToByteArray());
        }

        using LoopStream stream = new([.. frames.SelectMany(TapFrames.Data)]);
        FrameStream file = new(PipeReader.Create(stream), FrameStreamRole.File, 1 << 20);
        MessageBatch batch = new();
        DnstapDecoder decoder = new(new() { MaxOutstandingQueries = 2000 });
        long filling = 0; // an unoptimised build makes an object of each call of an async method
        for (int round = 0; round < 5; round++) Run();
        int rounds = 5;
        long least = long.MaxValue;
        for (; rounds < 10 && least > 0; rounds++) // the least of some rounds: see Allocated
        {
            filling = -GC.GetAllocatedBytesForCurrentThread();
            Run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() + filling);
        }

        Assert.Equal(0, least);
        Assert.Equal(rounds * 1000, decoder.Counters.Messages[DnstapFate.Observed]);

        void Run()
        {
            for (int frame = 0; frame < frames.Count;)
            {
                if (file.Next() == FrameStreamStatus.NeedMore)
                {
                    filling += GC.GetAllocatedBytesForCurrentThread();
                    file.FillAsync(default).AsTask().GetAwaiter().GetResult();
                    filling -= GC.GetAllocatedBytesForCurrentThread();
                    continue;
                }

                frame++;
                while (!decoder.TryTake(file.Frame, null, batch)) batch.Clear();
            }
        }
    }

    /// <summary>START, then the same frames for ever, in pieces that cut them.</summary>
    private sealed class LoopStream(byte[] frames) : MemoryStream(frames, writable: false)
    {
        private bool _hasStarted;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_hasStarted)
            {
                byte[] start = TapFrames.Control(TapFrames.Start, TapFrames.ContentType);
                start.CopyTo(buffer);
                _hasStarted = true;
                return new(start.Length);
            }

            if (Position == Length) Position = 0;
            return new(Read(buffer.Span[..Math.Min(buffer.Length, 1999)]));
        }
    }
}
