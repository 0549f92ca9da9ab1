namespace PassiveDns.Analysis;

/// <summary>
/// The copy of the public suffix list (publicsuffix.org, Mozilla Public License 2.0) that this package carries. Lists age: replace it by a newer one with
/// <see cref="PublicSuffixList.Load"/> and <see cref="AnalysisOptions.PublicSuffixes"/>.
/// </summary>
public static class PublicSuffixSnapshot
{
    private static readonly Lazy<PublicSuffixList> s_list = new(Read);

    /// <summary>The list, with ICANN's and the private section. It is read once, when it is first asked for.</summary>
    public static PublicSuffixList List => s_list.Value;

    /// <summary>The commit of github.com/publicsuffix/list that it was taken at, so that answers can name it.</summary>
    public static string Version => "e8c9a2b2b2856b6449999dd0ec0d118f364ed0cd";

    private static PublicSuffixList Read()
    {
        using StreamReader reader = EmbeddedData.Open("public_suffix_list.dat.gz");
        return PublicSuffixList.Read(reader, "embedded public suffix list");
    }
}
