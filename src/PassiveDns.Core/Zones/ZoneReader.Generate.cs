namespace PassiveDns;

public sealed partial class ZoneReader
{
    private const int MaxGeneratedText = 4096;

    private readonly ZoneTemplate _template = new();
    private long _generated;
    private byte[] _generatedText = [];
    private bool _isGenerating;

    /// <summary>BIND's <c>$GENERATE range lhs [ttl] [class] type rhs</c>.</summary>
    private ZoneError StartGenerating(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> range = TakeWord(ref rest);
        if (rest.Length > MaxGeneratedText || !_template.TrySet(range, rest)) return ZoneError.MalformedGenerate;
        if (_template.Remaining > _options.MaxGeneratedRecords || _generated + _template.Remaining > 16L * _options.MaxGeneratedRecords)
        {
            _template.Stop();
            return ZoneError.GenerateTooLarge;
        }

        _generated += _template.Remaining;
        if (_generatedText.Length == 0) _generatedText = new byte[MaxGeneratedText];
        return ZoneError.None;
    }

    private bool TryReadGenerated()
    {
        _isGenerating = true;
        int length = _template.Next(_generatedText);
        bool isFaulty = length < 0;
        long faults = Report.Entries[ZoneEntryFate.Faulty];
        bool isRecord = isFaulty ? Fail(ZoneError.MalformedGenerate, _line, 1) : ReadEntry(_generatedText.AsSpan(0, length), startsBlank: false);
        if (Report.Entries[ZoneEntryFate.Faulty] != faults) _template.Stop(); // the others would be wrong in the same way
        _isGenerating = false;
        return isRecord;
    }
}
