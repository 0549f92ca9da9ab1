namespace PassiveDns.Aggregation.Tests;

/// <summary>Responses given together.</summary>
internal sealed class GivenResponses(TestTraffic.Item[] items) : ICapturedResponses
{
    public int Count => items.Length;

    public CapturedResponse this[int index] => new()
    {
        Message = items[index].Message, Server = items[index].Server, UnixNanoseconds = items[index].Time * 1_000_000_000,
    };
}
