using PassiveDns.Capture;

namespace PassiveDns.Fuzz;

/// <summary>A file of dnstap in Frame Streams: refused with a reason, or read to its end or its damage with every frame and message accounted for.</summary>
internal static class DnstapTarget
{
    public static void Run(ReadOnlySpan<byte> file)
    {
        CaptureTarget.Run(file, static path => DnstapFileSource.Open([path], new() { MaxOutstandingQueries = 16 }));
        VantageOptions servers = new();
        servers.Dnstap.AuthoritativeServers.Add("*");
        servers.Dnstap.AuthoritativeZones.Add("example");
        servers.Dnstap.MaxFrameLength = 1024;
        CaptureTarget.Run(file, path => DnstapFileSource.Open([path], servers));
    }
}
