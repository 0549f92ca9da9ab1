using System.Globalization;
using System.Text;
using FsCheck.Xunit;

namespace PassiveDns.Analysis.Tests;

public class PunycodeTests
{
    /// <summary>Samples of RFC 3492 section 7.1.</summary>
    [Theory]
    [InlineData("egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟")]
    [InlineData("ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文")]
    [InlineData("proprostnemluvesky-uyb24dma41a", "pročprostěnemluvíčesky")]
    [InlineData("3b-ww4c5e180e575a65lsy2b", "3年b組金八先生")]
    [InlineData("d9juau41awczczp", "そのスピードで")]
    public void What_the_standard_encodes_is_decoded(string encoded, string text) => Assert.Equal(text, Decode(Encoding.ASCII.GetBytes(encoded)));

    [Property(Replay = "(42,43)", MaxTest = 300)]
    public void What_the_framework_encodes_is_decoded(ushort[] letters)
    {
        string text = string.Concat(letters.Take(12).Select(letter => (char)(0x430 + (letter % 32)))); // Cyrillic
        if (text.Length == 0) return;
        string label = new IdnMapping().GetAscii("a" + text);
        Assert.Equal("a" + text, Decode(Encoding.ASCII.GetBytes(label[4..])));
    }

    [Property(Replay = "(42,43)", MaxTest = 500)]
    public void Any_octets_are_decoded_or_refused(byte[] octets)
    {
        byte[] label = [.. octets.Take(59).Select(octet => octet < 200 ? (byte)"abcxyz0189-"[octet % 11] : octet)];
        Span<int> room = stackalloc int[63];
        if (Punycode.TryDecode(label, room, out int written)) Assert.All(room[..written].ToArray(), code => Assert.True(Rune.IsValid(code) && written <= label.Length));
    }

    private static string? Decode(byte[] encoded)
    {
        Span<int> room = stackalloc int[63];
        return Punycode.TryDecode(encoded, room, out int written) ? string.Concat(room[..written].ToArray().Select(code => new Rune(code).ToString())) : null;
    }
}
