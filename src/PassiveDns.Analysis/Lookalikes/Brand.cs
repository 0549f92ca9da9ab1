using System.Text;

namespace PassiveDns.Analysis;

/// <summary>A brand as names are compared with it.</summary>
internal sealed class Brand
{
    /// <summary>Takes a brand's registrable domain apart.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="domain">The domain.</param>
    public Brand(int index, DomainName domain)
    {
        Index = index;
        Domain = domain;
        ReadOnlySpan<byte> label = domain.Wire.Slice(1, domain.Wire[0]);
        Span<int> text = stackalloc int[LabelForms.TextRoom], plain = stackalloc int[LabelForms.ForeignRoom], folded = stackalloc int[LabelForms.ForeignRoom];
        Span<byte> origins = stackalloc byte[LabelForms.ForeignRoom + 1];
        if (!LabelForms.IsEncoded(label) || !LabelForms.TryDecode(label, text, plain, folded, origins, out LabelForms forms)) forms = LabelForms.Read(label, text, folded, origins);
        Text = forms.Text.ToArray();
        Folded = forms.Folded.ToArray();
        Origins = forms.Origins.ToArray();
        Written = string.Concat(Text.Select(static letter => letter < 128 ? ((char)letter).ToString() : new Rune(letter).ToString()));
        Suffix = domain.Parent.ToString()[..^1];
    }

    /// <summary>Its number.</summary>
    public int Index { get; }

    /// <summary>Its registrable domain.</summary>
    public DomainName Domain { get; }

    /// <summary>Its registrable domain without the final dot, for people.</summary>
    public string Name => Domain.ToString()[..^1];

    /// <summary>Its label, the public suffix left out, as people read it.</summary>
    public int[] Text { get; }

    /// <summary>The same as text.</summary>
    public string Written { get; }

    /// <summary>Its label's skeleton.</summary>
    public int[] Folded { get; }

    /// <summary>Where each letter of the skeleton comes from: see <see cref="LabelForms.Origins"/>.</summary>
    public byte[] Origins { get; }

    /// <summary>Its public suffix without the final dot.</summary>
    public string Suffix { get; }

    /// <summary>How many letters its label has.</summary>
    public int Length => Text.Length;

    /// <summary>
    /// How many slips still are evidence. A label of 4 letters has more than 300 neighbours at distance 1 in a space that is all taken, so for short names a
    /// slip is none; from 8 letters on two are.
    /// </summary>
    public int MaxEdits => Length switch { < 5 => 0, < 8 => 1, _ => 2 };
}
