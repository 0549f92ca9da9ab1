namespace PassiveDns.Capture;

/// <summary>An interface of a pcapng section: what its packets start with, and what its times mean.</summary>
internal readonly struct PcapngInterface(LinkType link, uint snapLength, byte resolution, long offsetSeconds)
{
    /// <summary>Microseconds: what holds without an if_tsresol option.</summary>
    public const byte DefaultResolution = 6;

    private const long NanosecondsPerSecond = 1_000_000_000;

    public LinkType Link => link;

    /// <summary>The most octets of a packet that are captured; 0 for no limit.</summary>
    public uint SnapLength => snapLength;

    /// <summary>Turns a time stamp into nanoseconds since 1970.</summary>
    /// <param name="stamp">Units of the interface's resolution: 10^-n seconds, or 2^-n if its top bit is set.</param>
    /// <param name="unixNanoseconds">The time.</param>
    /// <returns><c>false</c> if it lies before 1970 or after 2262, which no honest file says.</returns>
    public bool TryGetTime(ulong stamp, out long unixNanoseconds)
    {
        UInt128 time;
        if (resolution == DefaultResolution)
        {
            time = (UInt128)stamp * 1000;
        }
        else
        {
            int exponent = resolution & 0x7F;
            if (resolution >= 0x80) time = exponent < 128 ? ((UInt128)stamp * NanosecondsPerSecond) >> exponent : 0;
            else if (exponent <= 9) time = (UInt128)stamp * PowerOfTen(9 - exponent);
            else time = exponent <= 28 ? stamp / PowerOfTen(exponent - 9) : 0;
        }

        Int128 whole = (Int128)time + ((Int128)offsetSeconds * NanosecondsPerSecond);
        bool honest = whole >= 0 && whole <= long.MaxValue;
        unixNanoseconds = honest ? (long)whole : 0;
        return honest;
    }

    private static ulong PowerOfTen(int exponent)
    {
        ulong power = 1;
        while (exponent-- > 0) power *= 10;
        return power;
    }
}
