namespace PassiveDns.Capture.Tests;

/// <summary>
/// What became of things, told one by one: which packet it was, and never whose address. That the sums are those of the account is checked by
/// <see cref="TraceCheck"/> in every run of these tests, among them those of <see cref="MessageOracleTests"/> over all captures.
/// </summary>
public class TraceTests
{
    [Fact]
    public void A_message_is_told_with_the_number_of_its_packet_its_question_and_its_server_when_it_is_settled()
    {
        Decoding decoding = new(Decoding.Vantage());
        decoding.Add(Wire.Query(1, "eXample.org"));
        decoding.Add(Wire.Response(1, "eXample.org"));
        Assert.DoesNotContain(decoding.Trace.Fates, fate => fate.Fate == "observed");
        decoding.Complete();
        TracedFate observed = Assert.Single(decoding.Trace.Fates, fate => fate.Fate == "observed");
        Assert.Equal(("messages", false, 2, "example.org.", RecordType.A, Wire.Server),
            (observed.Stage, observed.IsDrop, observed.Number, observed.Name.ToString(), observed.Type, observed.Server.ToString()));
        TracedFate answered = Assert.Single(decoding.Trace.Fates, fate => fate.Stage == "queries");
        Assert.Equal(("answered", 1L, "example.org.", Wire.Server), (answered.Fate, answered.Number, answered.Name.ToString(), answered.Server.ToString()));
    }

    [Fact]
    public void Contested_answers_are_told_both_each_with_its_own_packet()
    {
        Decoding decoding = new(Decoding.Vantage());
        decoding.Add(Wire.Query(1, "example.org"));
        decoding.Add(Wire.Response(1, "example.org", answer: 1));
        decoding.Add(Wire.Response(1, "example.org", answer: 2));
        decoding.Complete();
        Assert.Equal([2L, 3L], decoding.Trace.Fates.Where(fate => fate.Fate == "contested").Select(fate => fate.Number).Order());
    }

    [Fact]
    public void Of_a_stream_with_a_hole_those_segments_are_incomplete_that_lie_behind_it()
    {
        Decoding decoding = new(Decoding.Vantage());
        byte[] first = Wire.Framed(Wire.Message(1, "one.example", true)), second = Wire.Framed(Wire.Message(2, "two.example", true));
        void Send(uint sequence, byte[] data, bool syn = false) => decoding.Add(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, sequence, data, syn)));
        Send(99, [], syn: true);
        Send(100 + (uint)first.Length + 5, second[5..]); // packet 2: behind a hole that is never filled
        Send(100, first[..10]);                          // packets 3 and 4 complete the first message
        Send(110, first[10..]);
        decoding.Complete();
        Assert.Equal([2L], decoding.Trace.Fates.Where(fate => fate.Fate == "tcp-incomplete").Select(fate => fate.Number));
        Assert.Equal([3L, 4L], decoding.Trace.Fates.Where(fate => fate.Fate == "tcp-segment").Select(fate => fate.Number));
    }

    [Fact]
    public void A_resolvers_address_is_never_told_as_that_of_a_server()
    {
        // below the resolver: without configuration nothing tells that this is no server
        Decoding inferred = new();
        inferred.Add(Wire.Query(1, "example.org", from: "10.1.2.3", to: Wire.Resolver));
        inferred.Add(Wire.Query(2, "example.org", from: "10.1.2.3", to: Wire.Resolver, flags: 0x0100));
        inferred.Add(Wire.Response(2, "example.org", from: Wire.Resolver, to: "10.1.2.3", flags: 0x0180));
        inferred.Add(Wire.Response(3, "example.org", from: Wire.Resolver, to: "10.1.2.3", flags: 0x0080));
        inferred.Add(Wire.Response(4, "example.org", from: Wire.Resolver, to: "10.1.2.3"));
        inferred.Complete();
        Assert.Equal(11, inferred.Trace.Fates.Count); // 5 packets, 5 messages, 1 query
        Assert.All(inferred.Trace.Fates, fate => Assert.Null(fate.Server));

        Decoding configured = new(Decoding.Vantage());
        configured.Add(Wire.Query(1, "example.org", from: "10.1.2.3", to: Wire.Resolver));
        configured.Add(Wire.Response(1, "example.org", from: Wire.Resolver, to: "10.1.2.3"));
        configured.Add(Wire.Query(2, "example.org", from: "10.1.2.3", to: "10.1.2.4"));
        configured.Complete();
        Assert.All(configured.Trace.Fates, fate => Assert.Null(fate.Server));
    }
}
