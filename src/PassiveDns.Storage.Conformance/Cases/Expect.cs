using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PassiveDns.Storage.Conformance;

/// <summary>The kit's own assertions: it must run under every test framework, so it carries none.</summary>
internal static class Expect
{
    private const int MostShown = 12;

    private static readonly EqualityComparer<object?> s_deep = EqualityComparer<object?>.Create(AreEqual);

    public static void True(
        [DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string? what = null, [CallerLineNumber] int line = 0)
    {
        if (!condition) throw Unmet($"expected that {what}", line);
    }

    public static void Equal<T>(
        T expected, T actual, [CallerArgumentExpression(nameof(actual))] string? what = null, [CallerLineNumber] int line = 0)
    {
        if (!AreEqual(expected, actual)) throw Unmet($"expected {what} to be {Show(expected)}, but it is {Show(actual)}", line);
    }

    public static void Equal<T>(
        IEnumerable<T> expected, IEnumerable<T> actual, [CallerArgumentExpression(nameof(actual))] string? what = null, [CallerLineNumber] int line = 0)
    {
        T[] wanted = [.. expected], got = [.. actual];
        for (int i = 0; i < Math.Max(wanted.Length, got.Length); i++)
        {
            if (i < wanted.Length && i < got.Length && AreEqual(wanted[i], got[i])) continue;
            string difference = $"item {i} should be {(i < wanted.Length ? Show(wanted[i]) : "absent")} and is {(i < got.Length ? Show(got[i]) : "absent")}";
            throw Unmet($"expected {wanted.Length} items of {what}, got {got.Length}; {difference}", line);
        }
    }

    public static void Null(object? value, [CallerArgumentExpression(nameof(value))] string? what = null, [CallerLineNumber] int line = 0)
    {
        if (value is not null) throw Unmet($"expected {what} to be null, but it is {Show(value)}", line);
    }

    public static void NotNull([NotNull] object? value, [CallerArgumentExpression(nameof(value))] string? what = null, [CallerLineNumber] int line = 0)
    {
        if (value is null) throw Unmet($"expected {what} not to be null", line);
    }

    public static void Empty<T>(IEnumerable<T> items, [CallerArgumentExpression(nameof(items))] string? what = null, [CallerLineNumber] int line = 0) =>
        Equal([], items, what, line);

    public static T Single<T>(IEnumerable<T> items, [CallerArgumentExpression(nameof(items))] string? what = null, [CallerLineNumber] int line = 0)
    {
        T[] all = [.. items];
        return all.Length == 1 ? all[0] : throw Unmet($"expected one item of {what}, got {all.Length}: {Show(all)}", line);
    }

    /// <summary>That a call throws exactly this kind of exception, or with <paramref name="orDerived"/> one that derives from it.</summary>
    public static async Task<TException> ThrowsAsync<TException>(
        Func<Task> call, bool orDerived = false, [CallerArgumentExpression(nameof(call))] string? what = null, [CallerLineNumber] int line = 0)
        where TException : Exception
    {
        try
        {
            await call();
        }
        catch (TException e) when (orDerived || e.GetType() == typeof(TException))
        {
            return e;
        }
        catch (Exception e) when (e is not UnmetException)
        {
            throw Unmet($"expected {typeof(TException).Name} of {what}, got {e.GetType().Name}: {e.Message}", line);
        }

        throw Unmet($"expected {typeof(TException).Name} of {what}, but nothing was thrown", line);
    }

    /// <summary>Lists are equal if their items are; so are lists of lists.</summary>
    private static bool AreEqual(object? expected, object? actual) => (expected, actual) switch
    {
        (string, string) => Equals(expected, actual),
        (System.Collections.IEnumerable some, System.Collections.IEnumerable others) => some.Cast<object?>().SequenceEqual(others.Cast<object?>(), s_deep),
        _ => Equals(expected, actual),
    };

    private static UnmetException Unmet(string message, int line) => new($"{message} (kit line {line})");

    private static string Show<T>(T value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        Observation row => Answer.Text(row),
        System.Collections.IEnumerable items => Show(items),
        _ => value.ToString() ?? "",
    };

    private static string Show(System.Collections.IEnumerable items)
    {
        string[] shown = [.. items.Cast<object?>().Take(MostShown + 1).Select(Show)];
        return shown.Length > MostShown ? $"[{string.Join(", ", shown[..MostShown])}, ...]" : $"[{string.Join(", ", shown)}]";
    }
}
