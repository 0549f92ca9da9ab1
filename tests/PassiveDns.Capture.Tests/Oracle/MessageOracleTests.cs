namespace PassiveDns.Capture.Tests;

/// <summary>Every DNS message of every capture against tshark's reassembly and dissection.</summary>
public class MessageOracleTests
{
    public static TheoryData<string> CapturesWithOracle() => [.. Corpus.Captures().Where(name => Corpus.OraclePath(name) is not null)];

    [Theory]
    [MemberData(nameof(CapturesWithOracle))]
    public void Every_message_is_the_oracles(string capture)
    {
        List<OracleMessage> expected = [.. OracleMessage.Load(Corpus.OraclePath(capture)!).Where(m => m.IsInScope)];
        List<FoundMessage> found = [];
        try
        {
            // Checksums are a matter of their own (ChecksumTests): many captures were taken on the answering host.
            found = CaptureRun.Read(Corpus.CapturePath(capture), new() { VerifyUdpChecksums = false }).Messages;
        }
        catch (CaptureFileException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }

        found.RemoveAll(m => m.Octets.Length == 0); // a length of zero in a TCP stream: counted as malformed, nothing that an oracle shows
        bool byOctets = expected.All(m => m.Hex is not null);
        Dictionary<string, int> balance = [];
        foreach (OracleMessage message in expected) balance[message.Key] = balance.GetValueOrDefault(message.Key) + 1;
        foreach (FoundMessage message in found) balance[message.Key(byOctets)] = balance.GetValueOrDefault(message.Key(byOctets)) - 1;
        (int Missing, int Extra) difference = (balance.Values.Where(n => n > 0).Sum(), -balance.Values.Where(n => n < 0).Sum());
        Assert.Equal(DifferenceList.For(capture), difference);
    }

    [Fact]
    public void The_list_of_differences_names_only_captures_that_exist()
    {
        if (Corpus.Shared is null) Assert.Skip("The larger collection is not beside the repository.");
        Assert.Empty(DifferenceList.Captures.Except(Corpus.Captures()));
    }
}
