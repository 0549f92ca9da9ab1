namespace PassiveDns.Storage.Embedded.Files;

/// <summary>Damage behind which the store went on: each line once, however often it is met. It may be used by several threads.</summary>
/// <param name="listener">Is told each line when it comes, or <c>null</c>.</param>
internal sealed class DamageLog(Action<string>? listener)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _known = [];
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock) return [.. _lines];
        }
    }

    public void Add(string line)
    {
        lock (_lock)
        {
            if (!_known.Add(line)) return;
            _lines.Add(line);
        }

        listener?.Invoke(line);
    }
}
