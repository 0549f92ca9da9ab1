namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>When the rows of a block were seen, in hours since 1970: the hour of the earliest first sighting and that of the latest last one.</summary>
/// <param name="First">The first hour.</param>
/// <param name="Last">The last hour.</param>
internal readonly record struct BlockHours(int First, int Last)
{
    private const int MaxHour = (1 << 30) - 1; // so that the difference of two can be written with its sign in 31 bits

    /// <summary>Of a block without rows.</summary>
    public static BlockHours None => new(int.MaxValue, -1);

    /// <summary>Of a block of which nobody knows.</summary>
    public static BlockHours Any => new(0, int.MaxValue);

    public bool IsNone => Last < 0;

    /// <param name="time">A time in Unix seconds.</param>
    public static int HourOf(long time) => Math.Min(ChangeIndex.HourOf(time), MaxHour);

    public BlockHours With(BlockHours other) => new(Math.Min(First, other.First), Math.Max(Last, other.Last));

    public BlockHours With(SightingInterval life) => With(new BlockHours(HourOf(life.First), HourOf(life.Last)));
}
