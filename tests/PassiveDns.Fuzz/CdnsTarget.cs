using PassiveDns.Capture;

namespace PassiveDns.Fuzz;

/// <summary>A C-DNS file (RFC 8618): refused with a reason, or read to its end or its damage with every item and message accounted for, and told one by one as it is counted.</summary>
internal static class CdnsTarget
{
    public static void Run(ReadOnlySpan<byte> file)
    {
        CaptureTarget.Run(file, static path => CaptureFiles.Open([path], new() { MaxOutstandingQueries = 16, MaxHeldOctets = 262_144 })[0]);
        VantageOptions resolvers = new();
        resolvers.Resolvers.Add(System.Net.IPNetwork.Parse("192.0.2.0/24"));
        resolvers.Resolvers.Add(System.Net.IPNetwork.Parse("203.0.113.0/24"));
        CaptureTarget.RunTraced(file, resolvers);
    }
}
