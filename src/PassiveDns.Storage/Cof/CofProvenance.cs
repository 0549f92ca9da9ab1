using System.Text;
using System.Text.Json;

namespace PassiveDns.Storage.Cof;

/// <summary>The words of the field <c>provenance</c>.</summary>
internal static class CofProvenance
{
    private static readonly byte[][] s_words = [.. Enum.GetValues<Provenance>().Select(Make)];

    /// <summary>The word in kebab-case.</summary>
    public static ReadOnlySpan<byte> Word(Provenance provenance) => s_words[(int)provenance - 1];

    private static byte[] Make(Provenance provenance) => Encoding.ASCII.GetBytes(JsonNamingPolicy.KebabCaseLower.ConvertName(provenance.ToString()));
}
