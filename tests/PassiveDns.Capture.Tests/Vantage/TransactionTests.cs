namespace PassiveDns.Capture.Tests;

/// <summary>Which responses answer a query that was seen.</summary>
public class TransactionTests
{
    private readonly Decoding _decoding = new(Decoding.Vantage());

    public static TheoryData<string, byte[]> Forged() => new()
    {
        { "id", Wire.Response(2, "example.org") },
        { "port", Wire.Response(1, "example.org", port: 4001) },
        { "server", Wire.Response(1, "example.org", from: "198.51.100.2") },
        { "name", Wire.Response(1, "example.net") },
        { "letter case", Wire.Response(1, "eXample.org") },
        { "type", Wire.UdpPacket(Wire.Server, Wire.Resolver, 53, 4000, Patched(Wire.Message(1, "example.org", true), 26, 28)) },
        { "class", Wire.UdpPacket(Wire.Server, Wire.Resolver, 53, 4000, Patched(Wire.Message(1, "example.org", true), 28, 3)) },
        { "protocol", Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, 1, Wire.Framed(Wire.Message(1, "example.org", true)))) },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public void A_response_that_differs_in_one_part_of_the_nine_is_unsolicited(string part, byte[] forged)
    {
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Add(forged);
        Assert.Equal(1, _decoding.Decoder.MessageFates[MessageFate.Unsolicited]);
        _decoding.Add(Wire.Response(1, "example.org"));
        _decoding.Complete();
        Assert.Single(_decoding.Observed);
        Assert.False(string.IsNullOrEmpty(part));
    }

    [Fact]
    public void Two_different_responses_to_one_query_are_both_dropped()
    {
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Add(Wire.Response(1, "example.org", answer: 66));
        _decoding.Now += 1;
        _decoding.Add(Wire.Response(1, "example.org", answer: 1));
        _decoding.Add(Wire.Response(1, "example.org", answer: 66));
        _decoding.Complete();
        Assert.Empty(_decoding.Observed);
        Assert.Equal(3, _decoding.Decoder.MessageFates[MessageFate.Contested]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_response_that_cannot_be_read_does_not_contest_one_that_can(bool damagedFirst)
    {
        byte[] good = Wire.Response(1, "example.org");
        byte[] damaged = Wire.UdpPacket(Wire.Server, Wire.Resolver, 53, 4000, Patched(Wire.Message(1, "example.org", true), 7, 200)); // ANCOUNT
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Add(damagedFirst ? damaged : good);
        _decoding.Add(damagedFirst ? good : damaged);
        _decoding.Complete();
        Assert.Equal(Wire.Message(1, "example.org", true), Assert.Single(_decoding.Observed).Octets);
        Assert.Equal(1, _decoding.Decoder.MessageFates[MessageFate.MalformedRecords]);
    }

    [Fact]
    public void An_identical_copy_is_a_duplicate_and_does_not_spoil_the_first()
    {
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Add(Wire.Response(1, "example.org"));
        _decoding.Add(Wire.Response(1, "example.org"));
        _decoding.Now += 10; // out of the contest window: now the first one has left
        _decoding.Add(Wire.Response(1, "example.org"));
        _decoding.Complete();
        Assert.Single(_decoding.Observed);
        Assert.Equal(2, _decoding.Decoder.MessageFates[MessageFate.Duplicate]);
    }

    [Fact]
    public void A_different_response_after_the_window_is_late_and_the_first_one_stays()
    {
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Add(Wire.Response(1, "example.org"));
        _decoding.Now += 6;
        _decoding.Add(Wire.Response(1, "example.org", answer: 66));
        _decoding.Complete();
        Assert.Single(_decoding.Observed);
        Assert.Equal(1, _decoding.Decoder.MessageFates[MessageFate.Late]);
    }

    [Fact]
    public void A_response_after_the_timeout_is_late()
    {
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Now += 61;
        _decoding.Add(Wire.Response(1, "example.org"));
        _decoding.Complete();
        Assert.Empty(_decoding.Observed);
        Assert.Equal(1, _decoding.Decoder.MessageFates[MessageFate.Late]);
        Assert.Equal(1, _decoding.Decoder.QueryFates[QueryFate.Unanswered]);
    }

    [Fact]
    public void A_repeated_query_is_one_transaction()
    {
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Now += 50;
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Now += 50;
        _decoding.Add(Wire.Response(1, "example.org"));
        _decoding.Complete();
        Assert.Single(_decoding.Observed);
        Assert.Equal(1, _decoding.Decoder.QueryFates[QueryFate.Repeated]);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(0, false)]
    [InlineData(3, false)]
    public void A_response_without_a_question_matches_only_with_an_error_code(int rcode, bool matches)
    {
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Add(Wire.UdpPacket(Wire.Server, Wire.Resolver, 53, 4000, Wire.Message(1, "", true, flags: rcode, answers: 0, qdcount: 0)));
        _decoding.Complete();
        Assert.Equal(matches ? 1 : 0, _decoding.Observed.Count);
        Assert.Equal(matches ? 0 : 1, _decoding.Decoder.MessageFates[MessageFate.MalformedQuestion]);
    }

    [Fact]
    public void Messages_without_a_readable_question_are_counted()
    {
        _decoding.Add(Wire.UdpPacket(Wire.Resolver, Wire.Server, 4000, 53, new byte[11]));
        _decoding.Add(Wire.UdpPacket(Wire.Resolver, Wire.Server, 4000, 53, Wire.Message(1, "example.org", false, qdcount: 2)));
        _decoding.Add(Wire.UdpPacket(Wire.Resolver, Wire.Server, 4000, 53, Wire.Message(1, "example.org", false)[..^2]));
        Assert.Equal(1, _decoding.Decoder.MessageFates[MessageFate.MalformedHeader]);
        Assert.Equal(2, _decoding.Decoder.MessageFates[MessageFate.MalformedQuestion]);
    }

    [Fact]
    public void The_oldest_query_leaves_when_the_table_is_full()
    {
        VantageOptions options = Decoding.Vantage();
        options.MaxOutstandingQueries = 4;
        Decoding decoding = new(options);
        for (int id = 0; id < 6; id++) decoding.Add(Wire.Query(id, "example.org"));
        for (int id = 0; id < 6; id++) decoding.Add(Wire.Response(id, "example.org"));
        decoding.Complete();
        Assert.Equal(4, decoding.Observed.Count);
        Assert.Equal(2, decoding.Decoder.QueryFates[QueryFate.Evicted]);
        Assert.Equal(2, decoding.Decoder.MessageFates[MessageFate.Unsolicited]);
    }

    [Fact]
    public void The_table_grows_without_losing_a_query()
    {
        VantageOptions options = Decoding.Vantage();
        options.QueryTimeout = TimeSpan.FromHours(1);
        Decoding decoding = new(options);
        for (int n = 0; n < 20_000; n++) decoding.Add(Wire.Query(n, $"host{n}.example.org", port: 4000 + (n >> 16)));
        for (int n = 0; n < 20_000; n++) decoding.Add(Wire.Response(n, $"host{n}.example.org", port: 4000 + (n >> 16)));
        decoding.Complete();
        Assert.Equal(20_000, decoding.Observed.Count);
        Assert.Equal(20_000, decoding.Decoder.QueryFates[QueryFate.Answered]);
    }

    [Fact]
    public void Responses_leave_in_the_order_in_which_they_came_and_after_the_window()
    {
        for (int i = 0; i < 20; i++)
        {
            _decoding.Add(Wire.Query(i, "example.org"));
            _decoding.Add(Wire.Response(i, "example.org"));
            _decoding.Now += 1;
        }

        Assert.Equal(15, _decoding.Observed.Count); // those of the last five seconds are still held
        Assert.Equal(5, _decoding.Decoder.MessageFates[MessageFate.Held]);
        _decoding.Complete();
        Assert.Equal(Enumerable.Range(0, 20), _decoding.Observed.Select(o => o.Octets[1] | o.Octets[0] << 8));
    }

    [Fact]
    public void When_the_buffer_is_used_up_the_oldest_is_released_early_and_noted()
    {
        VantageOptions options = Decoding.Vantage();
        options.MaxHeldOctets = 262_144;
        Decoding decoding = new(options);
        for (int i = 0; i < 2000; i++)
        {
            decoding.Add(Wire.Query(i, "example.org"));
            decoding.Add(Wire.UdpPacket(Wire.Server, Wire.Resolver, 53, 4000, Wire.Message(i, "example.org", true, padding: 1000)));
        }

        decoding.Complete();
        Assert.Equal(2000, decoding.Observed.Count);
        Assert.Equal(Enumerable.Range(0, 2000), decoding.Observed.Select(o => o.Octets[1] | o.Octets[0] << 8));
        Assert.Contains(decoding.Decoder.GetNotes(), note => note.Contains("released before their contest window", StringComparison.Ordinal));
    }

    [Fact]
    public void A_caller_who_does_not_drain_is_told()
    {
        VantageOptions options = Decoding.Vantage();
        options.MaxHeldOctets = 262_144;
        PacketDecoder decoder = new(options);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
        {
            for (int i = 0; i < 2000; i++)
            {
                byte[] query = Wire.Query(i, "example.org");
                decoder.Decode(LinkType.Raw, query, query.Length, 0);
                byte[] response = Wire.UdpPacket(Wire.Server, Wire.Resolver, 53, 4000, Wire.Message(i, "example.org", true, padding: 1000));
                decoder.Decode(LinkType.Raw, response, response.Length, 0);
            }
        });
        Assert.Contains("TryDrain", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_may_pass_without_a_packet()
    {
        PacketDecoder decoder = new(Decoding.Vantage());
        MessageBatch batch = new();
        const long Now = 1_700_000_000_000_000_000;
        decoder.Decode(LinkType.Raw, Wire.Query(7, "example.org"), 1 << 16, Now);
        decoder.Decode(LinkType.Raw, Wire.Response(7, "example.org"), 1 << 16, Now);
        decoder.AdvanceTo(Now + 4_000_000_000);
        decoder.AdvanceTo(Now);
        Assert.True(decoder.TryDrain(batch));
        Assert.Equal(0, batch.Count);
        decoder.AdvanceTo(Now + 5_000_000_000);
        Assert.True(decoder.TryDrain(batch));
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public void A_recording_that_starts_anew_releases_what_the_one_before_held()
    {
        _decoding.Add(Wire.Query(1, "example.org"));
        _decoding.Add(Wire.Response(1, "example.org"));
        _decoding.Now -= 1_000_000;
        _decoding.Add(Wire.Query(2, "example.org"));
        Assert.Single(_decoding.Observed);
        _decoding.Add(Wire.Response(2, "example.org"));
        _decoding.Now += 6;
        _decoding.Add(Wire.Query(3, "example.org"));
        Assert.Equal(2, _decoding.Observed.Count);
    }

    private static byte[] Patched(byte[] message, int at, byte value)
    {
        // 12 octets of header, 13 of the name, type in 25 and 26, class in 27 and 28
        message[at] = value;
        return message;
    }
}
