using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>What a domain publishes to authenticate its mail, as of a time.</summary>
public sealed record MailAuthentication
{
    /// <summary>The domain.</summary>
    public required DomainName Name { get; init; }

    /// <summary>Its registrable domain.</summary>
    public required DomainName RegistrableDomain { get; init; }

    /// <summary>SPF (RFC 7208).</summary>
    public required Publication<SpfRecord> Spf { get; init; }

    /// <summary>The record with all that it includes or redirects to; without a published record the root alone.</summary>
    public required SpfNode SpfGraph { get; init; }

    /// <summary>SPF records of the historic type 99 that were observed in the window. Receivers do not look at them (RFC 7208 section 3.1), but who forgot one shows what he meant once.</summary>
    public ImmutableArray<PublishedText> HistoricSpf { get; init; } = [];

    /// <summary>DKIM keys (RFC 6376), by selector.</summary>
    public required ImmutableArray<DkimSelector> Dkim { get; init; }

    /// <summary>DMARC of the domain itself (RFC 7489).</summary>
    public required Publication<DmarcRecord> Dmarc { get; init; }

    /// <summary>DMARC of the registrable domain, which holds for a domain under it that publishes none (RFC 7489 section 6.6.3); <c>null</c> for the registrable domain itself.</summary>
    public Publication<DmarcRecord>? InheritedDmarc { get; init; }

    /// <summary>MTA-STS (RFC 8461): whether there is a policy; the policy itself is on the web.</summary>
    public required Publication<TransportPolicy> TransportPolicy { get; init; }

    /// <summary>TLS-RPT (RFC 8460).</summary>
    public required Publication<TransportReports> TransportReports { get; init; }

    /// <summary>BIMI, at the selector <c>default</c>.</summary>
    public required Publication<BrandIndicator> BrandIndicator { get; init; }

    /// <summary>Whether anything was observed that tells whether the domain publishes something.</summary>
    internal bool IsKnown =>
        Spf.State != PublicationState.Unknown || Dmarc.State != PublicationState.Unknown || !Dkim.IsEmpty || TransportPolicy.State != PublicationState.Unknown
        || TransportReports.State != PublicationState.Unknown || BrandIndicator.State != PublicationState.Unknown;
}
