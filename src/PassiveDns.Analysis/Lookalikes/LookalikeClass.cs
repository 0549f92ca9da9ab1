namespace PassiveDns.Analysis;

/// <summary>The ways in which a name imitates another.</summary>
public enum LookalikeClass : byte
{
    /// <summary>It looks the same: letters of other scripts, letters with marks, digits for letters, <c>rn</c> for <c>m</c> (UTS 39 skeletons, and pairs of ASCII).</summary>
    Homoglyph,

    /// <summary>A slip of the hand: a letter left out, doubled, exchanged with its neighbour, or one that lies beside it on the keyboard.</summary>
    Typo,

    /// <summary>One bit of one letter is another: a fault of memory asks for it (Dinaburg 2011).</summary>
    BitFlip,

    /// <summary>The brand with words or digits around it: <c>examplebank-login</c> (Kintis et al., CCS 2017).</summary>
    Combosquat,

    /// <summary>The brand's name in front of a registrable domain that is not its own: <c>examplebank.com.evil.example</c>.</summary>
    LevelSquat,

    /// <summary>The same label under another public suffix.</summary>
    SuffixSwap,

    /// <summary>Hyphens are added or left out.</summary>
    Hyphenation,

    /// <summary>Singular for plural, or the other way round.</summary>
    Plural,

    /// <summary>It sounds the same: <c>for</c> and <c>four</c> (Nikiforakis et al., ISC 2014).</summary>
    Homophone,

    /// <summary>A dot is missing or too much: <c>wwwexamplebank.com</c>, <c>examplebankcom.com</c>, <c>example.bank.com</c>.</summary>
    Doppelganger,
}
