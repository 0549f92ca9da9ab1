using PassiveDns.Capture;

namespace PassiveDns.Fuzz;

/// <summary>A file of PowerDNS messages: refused with a reason, or read to its end or its damage with every message accounted for, and told one by one as it is counted.</summary>
internal static class PowerDnsTarget
{
    public static void Run(ReadOnlySpan<byte> file)
    {
        CaptureTarget.Run(file, static path => CaptureFiles.Open([path], new() { MaxOutstandingQueries = 16 })[0]);
        VantageOptions strict = new();
        strict.Dnstap.Pairing = DnstapPairing.Always;
        strict.Dnstap.MaxFrameLength = 1024;
        CaptureTarget.RunTraced(file, strict);
    }
}
