namespace PassiveDns.Aggregation;

/// <summary>
/// The clock of the data. It follows the latest time seen, so data that is a little late joins the current window with its own time. When all
/// data stays far behind for long, the clock follows it back: one packet with a wrong time, or an older file, must not stop the windows for ever.
/// </summary>
internal sealed class WindowClock(long window)
{
    private const int Patience = 4096;

    private long _window = long.MinValue;
    private int _behind;

    /// <summary>The data's time, in Unix seconds.</summary>
    public long Now { get; private set; } = long.MinValue;

    /// <summary>Moves the clock.</summary>
    /// <returns>Whether the window is over and its rows must be handed on before this sighting counts.</returns>
    public bool Advance(long time)
    {
        long index = Math.DivRem(time, window, out long rest) - (rest < 0 ? 1 : 0);
        if (_window == long.MinValue)
        {
            _window = index;
            Now = time;
            return false;
        }

        if (index >= _window)
        {
            _behind = 0;
            if (time > Now) Now = time;
            if (index == _window) return false;
            _window = index;
            return true;
        }

        if (index == _window - 1 || ++_behind < Patience) return false;
        _behind = 0;
        _window = index;
        Now = time;
        return true;
    }
}
