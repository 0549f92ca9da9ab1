using System.Net;
using Google.Protobuf;

namespace PassiveDns.Capture.Tests.PowerDns;

/// <summary>What the reader makes of messages that the makers' own library wrote.</summary>
public class PowerDnsReaderTests
{
    private readonly MessageBatch _batch = new();
    private DnstapDecoder _decoder = new(new(), TapFormat.PowerDns);

    [Fact]
    public void An_exchange_gives_the_answer_at_the_name_asked_for()
    {
        Take(PowerDnsFrames.Query(1, "www.example.org."));
        Take(PowerDnsFrames.Response(1, "www.example.org.", RecordType.A, PowerDnsFrames.Address("192.0.2.1"), PowerDnsFrames.Address("192.0.2.2")));
        TappedResponse response = Assert.Single(Observed());
        Assert.Equal(Wire.Server, response.Server.ToString());
        Assert.Equal((PowerDnsFrames.Time * 1_000_000_000L) + 9_000, response.UnixNanoseconds);
        Assert.Equal(["www.example.org. 300 A 192.0.2.1", "www.example.org. 300 A 192.0.2.2"], Records(response));
        Assert.True(DnsHeader.TryRead(response.Octets, out DnsHeader header));
        Assert.Equal((true, false, 1), (header.IsResponse, header.IsAuthoritative, (int)header.Id));
        Assert.Equal(1, _decoder.Counters.Remarks[DnstapRemark.OwnersInferred]);
        AssertFates((DnstapFate.Query, 1), (DnstapFate.Observed, 1));
    }

    [Fact]
    public void Records_that_name_their_owners_keep_them()
    {
        Take(PowerDnsFrames.Response(1, "WWW.example.org.", RecordType.A,
            PowerDnsFrames.Text(RecordType.CNAME, "a.example.net.", "WWW.example.org."), PowerDnsFrames.Text(RecordType.CNAME, "b.example.net.", "a.example.net."),
            PowerDnsFrames.Address("192.0.2.1", "b.example.net.")));
        Assert.Equal(
            ["www.example.org. 300 CNAME a.example.net.", "a.example.net. 300 CNAME b.example.net.", "b.example.net. 300 A 192.0.2.1"],
            Records(Assert.Single(Observed())));
        Assert.Equal(0, _decoder.Counters.Remarks[DnstapRemark.OwnersInferred]);
    }

    [Fact]
    public void The_target_of_the_only_alias_owns_the_rest_wherever_the_alias_stands()
    {
        Take(PowerDnsFrames.Response(1, "www.example.org.", RecordType.A, PowerDnsFrames.Address("192.0.2.1"), PowerDnsFrames.Text(RecordType.CNAME, "a.example.net.")));
        Assert.Equal(["a.example.net. 300 A 192.0.2.1", "www.example.org. 300 CNAME a.example.net."], Records(Assert.Single(Observed())));
    }

    [Fact]
    public void Of_several_aliases_without_owners_nothing_is_taken()
    {
        Take(PowerDnsFrames.Response(1, "www.example.org.", RecordType.A,
            PowerDnsFrames.Text(RecordType.CNAME, "a.example.net."), PowerDnsFrames.Text(RecordType.CNAME, "b.example.net."), PowerDnsFrames.Address("192.0.2.1")));
        Assert.Empty(Records(Assert.Single(Observed())));
        Assert.Equal(3, _decoder.Counters.Records[TapRecordFate.LeftOut]);
    }

    [Fact]
    public void A_set_with_a_hole_is_left_out_whole()
    {
        Take(PowerDnsFrames.Response(1, "example.org.", RecordType.ANY,
            PowerDnsFrames.Text(RecordType.TXT, "\"v=spf1 -all\" \"a \\\"b\\\" c\\200\""), PowerDnsFrames.Address("192.0.2.1"), PowerDnsFrames.Record(RecordType.A, null),
            PowerDnsFrames.Text(RecordType.MX, "mail.example.org."), PowerDnsFrames.Text(RecordType.SRV, "sip.example.org.")));
        Assert.Equal(["example.org. 300 TXT \"v=spf1 -all\" \"a \\\"b\\\" c\\200\""], Records(Assert.Single(Observed())));
        Assert.Equal(4, _decoder.Counters.Records[TapRecordFate.LeftOut]);
    }

    [Theory]
    [InlineData(RecordType.NS, "ns1.example.net.")]
    [InlineData(RecordType.PTR, "host\\.1.example.net.")]
    [InlineData(RecordType.SPF, "\"v=spf1 -all\"")]
    [InlineData(RecordType.HTTPS, "1 . alpn=\"h2,h3\" port=443 ipv4hint=192.0.2.1")]
    [InlineData(RecordType.NAPTR, "100 10 \"U\" \"E2U+sip\" \"!^.*$!sip:x@y!\" .")]
    public void Text_of_a_type_becomes_its_data(RecordType type, string text)
    {
        Take(PowerDnsFrames.Response(1, "x.example.org.", type, PowerDnsFrames.Text(type, text)));
        Assert.Equal([$"x.example.org. 300 {type} {text}"], Records(Assert.Single(Observed())));
    }

    [Theory]
    [InlineData(PowerDnsFrames.ClientQuery)]
    [InlineData(PowerDnsFrames.ClientResponse)]
    public void What_clients_ask_is_refused_and_nothing_of_it_is_read(int kind)
    {
        PBDNSMessage message = PowerDnsFrames.Response(1, "secret.example.org.", RecordType.A, PowerDnsFrames.Address("192.0.2.1"));
        message.Type = (uint)kind;
        message.From = ByteString.CopyFrom(IPAddress.Parse("10.0.0.1").GetAddressBytes());
        Assert.Equal(FrameFate.Message, new PowerDnsReader().Read(message.ToByteArray(), out DnstapMessage read));
        Assert.True(read.QueryAddress.IsEmpty && read.ResponseAddress.IsEmpty && read.Query.IsEmpty && read.Response.IsEmpty && read.ResponseTime is null);
        Take(message);
        AssertFates((DnstapFate.RefusedClientSide, 1));
        Assert.Empty(Observed());
    }

    [Fact]
    public void Pairs_are_made_by_server_id_and_exact_question()
    {
        Take(PowerDnsFrames.Query(1, "www.example.org."));
        PBDNSMessage answer(int id, string name, RecordType type = RecordType.A, string server = Wire.Server)
        {
            PBDNSMessage message = PowerDnsFrames.Response(id, name, type, PowerDnsFrames.Address("192.0.2.1"));
            message.To = ByteString.CopyFrom(IPAddress.Parse(server).GetAddressBytes());
            return message;
        }

        Take(answer(2, "www.example.org."));
        Take(answer(1, "WWW.example.org."));
        Take(answer(1, "www.example.org.", RecordType.AAAA));
        Take(answer(1, "www.example.org.", server: "192.0.2.99"));
        AssertFates((DnstapFate.Query, 1), (DnstapFate.Unsolicited, 4));
        Take(answer(1, "www.example.org."));
        Take(answer(1, "www.example.org."));
        AssertFates((DnstapFate.Query, 1), (DnstapFate.Unsolicited, 4), (DnstapFate.Observed, 1), (DnstapFate.Duplicate, 1));
        _decoder.Complete();
        Assert.Equal(1, _decoder.Counters.Queries[QueryFate.Answered]);
    }

    [Fact]
    public void A_timeout_is_no_answer()
    {
        Take(PowerDnsFrames.Query(1, "www.example.org."));
        PBDNSMessage message = PowerDnsFrames.Response(1, "www.example.org.", RecordType.A);
        message.Response.Rcode = 65536;
        Take(message);
        AssertFates((DnstapFate.Query, 1), (DnstapFate.NoMessage, 1));
        _decoder.Complete();
        Assert.Equal(1, _decoder.Counters.Queries[QueryFate.Unanswered]);
    }

    [Fact]
    public void A_policy_and_a_forwarder_are_refused()
    {
        VantageOptions vantage = new();
        vantage.Resolvers.Add(IPNetwork.Parse(Wire.Server + "/32"));
        PBDNSMessage message = PowerDnsFrames.Response(1, "www.example.org.", RecordType.A, PowerDnsFrames.Address("192.0.2.1"));
        message.Response.AppliedPolicy = "rpz";
        Take(message);
        AssertFates((DnstapFate.RefusedPolicy, 1));
        _decoder = new(vantage, TapFormat.PowerDns);
        Take(PowerDnsFrames.Response(1, "www.example.org.", RecordType.A, PowerDnsFrames.Address("192.0.2.1")));
        AssertFates((DnstapFate.RefusedForwarder, 1));
    }

    [Fact]
    public void Each_thing_that_is_missing_or_damaged_has_its_fate()
    {
        PBDNSMessage whole = PowerDnsFrames.Response(1, "www.example.org.", RecordType.A, PowerDnsFrames.Address("192.0.2.1"));
        (Action<PBDNSMessage> Change, DnstapFate Fate)[] cases =
        [
            (m => m.ClearTo(), DnstapFate.NoServerAddress),
            (m => m.ClearTimeSec(), DnstapFate.Observed), // the query's time stands for it
            (m => { m.ClearTimeSec(); m.Response.ClearQueryTimeSec(); }, DnstapFate.NoTime),
            (m => m.Question = null, DnstapFate.NoMessage),
            (m => m.Response = null, DnstapFate.NoMessage),
            (m => m.Question.QName = "", DnstapFate.MalformedQuestion),
            (m => m.Question.QName = "a..example.", DnstapFate.MalformedQuestion),
            (m => m.Question.QName = new string('a', 64) + ".", DnstapFate.MalformedQuestion),
            (m => m.Question.QType = 70_000, DnstapFate.MalformedQuestion),
        ];
        foreach ((Action<PBDNSMessage> change, DnstapFate fate) in cases)
        {
            _decoder = new(new(), TapFormat.PowerDns);
            PBDNSMessage message = whole.Clone();
            change(message);
            Take(message);
            AssertFates((fate, 1));
        }

        _decoder = new(new(), TapFormat.PowerDns);
        Take([]);
        Take([0x08, 0x05]);
        Take([0x08]);
        Take([0x08, 0x04, 0x62, 0x02, 0x0A, 0x05, 0x6A, 0x00]); // a name that leads out of the question
        Assert.Equal((1, 1, 2), (_decoder.Counters.Frames[FrameFate.NotAMessage], _decoder.Counters.Frames[FrameFate.UnknownMessageType], _decoder.Counters.Frames[FrameFate.MalformedProtobuf]));
    }

    [Fact]
    public void In_steady_state_a_message_costs_no_allocation()
    {
        List<byte[]> frames = [];
        for (int i = 0; i < 1000; i++)
        {
            string name = $"host{i % 50}.example.org.";
            frames.Add(PowerDnsFrames.Query(i, name).ToByteArray());
            frames.Add(PowerDnsFrames.Response(i, name, RecordType.A, PowerDnsFrames.Text(RecordType.CNAME, "a.example.net."), PowerDnsFrames.Address("192.0.2.1")).ToByteArray());
            frames.Add(PowerDnsFrames.Query(i, name, RecordType.TXT).ToByteArray());
            frames.Add(PowerDnsFrames.Response(i, name, RecordType.TXT, PowerDnsFrames.Text(RecordType.TXT, "\"v=spf1 -all\" \"\\200\""), PowerDnsFrames.Text(RecordType.MX, "mail.")).ToByteArray());
        }

        void Run()
        {
            foreach (byte[] frame in frames)
            {
                while (!_decoder.TryTake(frame, null, _batch)) _batch.Clear();
            }
        }

        for (int round = 0; round < 5; round++) Run();
        Assert.Equal(0, Allocated.Least(Run));
        Assert.True(_decoder.Counters.Messages[DnstapFate.Observed] >= 2000);
    }

    private void Take(IMessage message) => Take(message.ToByteArray());

    private void Take(byte[] frame)
    {
        Assert.True(_decoder.TryTake(frame, null, _batch));
        Assert.Equal(_decoder.Counters.Frames[FrameFate.Message], _decoder.Counters.Messages.Total);
        Assert.Equal(_decoder.Counters.Messages[DnstapFate.Query], _decoder.Counters.Queries.Total);
    }

    private List<TappedResponse> Observed()
    {
        List<TappedResponse> observed = [];
        foreach (CapturedResponse response in _batch) observed.Add(DnstapRun.Copy(response));
        return observed;
    }

    private static List<string> Records(TappedResponse response)
    {
        List<string> records = [];
        DnsReader reader = new(response.Octets);
        while (reader.Read())
        {
            if (reader.Section == DnsSection.Answer) records.Add($"{reader.Name.ToDomainName()} {reader.TimeToLive} {reader.Type} {RdataText.Format(reader.Type, reader.Data)}");
        }

        Assert.Equal(DnsError.None, reader.Error);
        return records;
    }

    private void AssertFates(params (DnstapFate Fate, int Count)[] expected)
    {
        foreach (DnstapFate fate in Enum.GetValues<DnstapFate>())
        {
            Assert.Equal((fate, expected.FirstOrDefault(e => e.Fate == fate).Count), (fate, (int)_decoder.Counters.Messages[fate]));
        }
    }
}
