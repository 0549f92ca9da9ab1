using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PassiveDns.Fuzz;

/// <summary>What must hold whatever the input is.</summary>
internal static class Promise
{
    public static void Holds([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds) throw new BrokenPromiseException(what);
    }

    public static void Holds([DoesNotReturnIf(false)] bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Message what)
    {
        if (!holds) throw new BrokenPromiseException(what.ToString());
    }

    public static void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what)
    {
        if (!expected.SequenceEqual(actual))
            throw new BrokenPromiseException($"{what}: {Convert.ToHexString(expected)} and {Convert.ToHexString(actual)}");
    }

    /// <summary>A text that is only composed once a promise is broken.</summary>
    [InterpolatedStringHandler]
    public ref struct Message
    {
        private DefaultInterpolatedStringHandler _text;

        public Message(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = holds ? default : new(literalLength, formattedCount);
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
