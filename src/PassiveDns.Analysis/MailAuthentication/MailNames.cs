namespace PassiveDns.Analysis;

/// <summary>The names at which records of mail authentication stand.</summary>
internal static class MailNames
{
    /// <summary>The name of a record, or <c>null</c> if the domain is too long to have one.</summary>
    /// <param name="prefix">What stands before the domain, such as <c>_dmarc</c>.</param>
    /// <param name="domain">The domain.</param>
    public static DomainName? At(string prefix, DomainName domain) => DomainName.TryParse(domain.IsRoot ? prefix : $"{prefix}.{domain}", out DomainName name) ? name : null;

    /// <summary>The domain whose mail a record authenticates, by the name of the record alone; <c>null</c> if it is a name as any other, where SPF may stand.</summary>
    /// <param name="owner">The owner name.</param>
    /// <param name="selector">Of a DKIM key its selector, else <c>null</c>.</param>
    public static DomainName? DomainOf(DomainName owner, out string? selector)
    {
        selector = null;
        ReadOnlySpan<byte> wire = owner.Wire;
        int labels = owner.LabelCount;
        for (int at = 0, skipped = 0; wire[at] != 0; at += wire[at] + 1, skipped++)
        {
            ReadOnlySpan<byte> label = wire.Slice(at + 1, wire[at]);
            int rest = labels - skipped - 1;
            if (skipped > 0 && label.SequenceEqual("_domainkey"u8))
            {
                selector = Before(owner, skipped);
                return owner.Ancestor(rest);
            }

            if ((skipped > 0 && label.SequenceEqual("_bimi"u8)) || (skipped == 0 && (label.SequenceEqual("_dmarc"u8) || label.SequenceEqual("_mta-sts"u8)))) return owner.Ancestor(rest);
            if (skipped == 1 && label.SequenceEqual("_tls"u8) && wire[1..].StartsWith("_smtp"u8) && wire[0] == 5) return owner.Ancestor(rest);
        }

        return null;
    }

    private static string Before(DomainName owner, int labels)
    {
        int end = 0;
        for (int i = 0; i < labels; i++) end += owner.Wire[end] + 1;
        DomainName.TryFromWire([.. owner.Wire[..end], 0], out DomainName selector);
        return selector.ToString()[..^1];
    }
}
