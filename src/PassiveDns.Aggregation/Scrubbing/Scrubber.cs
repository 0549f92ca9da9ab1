namespace PassiveDns.Aggregation;

/// <summary>
/// Takes out of a response what a server had no reason to say there, modelled on what hardened resolvers do. What stays may still be a lie
/// about another zone: that is for bailiwick verification to find.
/// </summary>
internal sealed class Scrubber
{
    /// <summary>The most names the chain of an answer may lead over.</summary>
    private const int MaxChain = 32;

    private readonly int[] _chain = new int[MaxChain];
    private int _chainLength;
    private bool _hasAnswer;

    /// <summary>Whether the response said that the name or the type does not exist.</summary>
    public bool IsNegative { get; private set; }

    /// <summary>Whether the response points to the servers of a zone further down instead of answering.</summary>
    public bool IsReferral { get; private set; }

    /// <summary>The number of the name that the chain of aliases ends at: the one asked for, if there is no alias.</summary>
    public int LastName => _chain[_chainLength - 1];

    /// <summary>The number of the SOA RRset of a zone that <see cref="DissectedResponse.LastName"/> lies in, if the authority section has one, or -1.</summary>
    public static int FindSoa(Dissection response)
    {
        NameView name = response.Names[response.At.LastName];
        for (int i = 0; i < response.At.RrsetCount; i++)
        {
            ref readonly Rrset rrset = ref response.Rrsets[i];
            bool isSoa = rrset is { Section: DnsSection.Authority, Type: RecordType.SOA, IsSettled: false };
            if (isSoa && name.IsAtOrUnder(response.Names[rrset.Owner])) return i;
        }

        return -1;
    }

    /// <summary>Settles the fate of each RRset that is scrubbed and marks the names that the kept ones mention.</summary>
    public void Scrub(Dissection response)
    {
        FollowChain(response);
        ScrubAnswer(response);
        bool hasSoa = false, hasNs = false, hasAdditional = false;
        foreach (ref readonly Rrset rrset in response.Rrsets)
        {
            if (rrset.Section == DnsSection.Authority)
            {
                hasSoa |= rrset.Type == RecordType.SOA;
                hasNs |= rrset.Type == RecordType.NS;
            }

            hasAdditional |= rrset.Section == DnsSection.Additional;
        }

        IsNegative = response.At.ResponseCode == ResponseCode.NameError || (!_hasAnswer && hasSoa);
        IsReferral = !_hasAnswer && !IsNegative && hasNs;
        ScrubAuthority(response);
        if (hasAdditional)
        {
            MarkMentioned(response, DnsSection.Answer);
            MarkMentioned(response, DnsSection.Authority);
            ScrubAdditional(response);
        }

        ScrubSignatures(response);
    }

    /// <summary>
    /// Walks from the name asked for over CNAME and DNAME (RFC 1034 section 3.6.2, RFC 6672 section 2.2) to the name that the answer is about.
    /// The data asked for ends the walk: an alias beside it is not followed.
    /// </summary>
    private void FollowChain(Dissection response)
    {
        _chainLength = 0;
        bool followsAliases = response.At.QuestionType is not (RecordType.CNAME or RecordType.ANY);
        int name = response.At.QuestionName;
        while (_chainLength < MaxChain && (response.Names.Marks(name) & NameMarks.InChain) == 0)
        {
            response.Names.Marks(name) |= NameMarks.InChain;
            _chain[_chainLength++] = name;
            if (!followsAliases || response.Find(DnsSection.Answer, name, response.At.QuestionType) >= 0) return;
            int next = FollowAlias(response, name);
            if (next < 0) return;
            name = next;
        }
    }

    /// <summary>The name that an alias in the answer leads to from <paramref name="name"/>, or -1.</summary>
    private static int FollowAlias(Dissection response, int name)
    {
        int cname = response.Find(DnsSection.Answer, name, RecordType.CNAME);
        int dname = FindDname(response, name);
        if (dname >= 0 && !IsSingle(response, dname)) dname = -1;
        if (cname >= 0 && !IsSingle(response, cname)) cname = -1;
        Span<byte> buffer = stackalloc byte[DomainName.MaxWireLength];
        ReadOnlySpan<byte> synthesised = dname >= 0 ? Substitute(response, name, dname, buffer) : default;
        if (dname >= 0) response.Rrsets[dname].IsChainLink = true;
        if (cname >= 0)
        {
            ref Rrset rrset = ref response.Rrsets[cname];
            ReadOnlySpan<byte> target = First(response, cname);
            if (dname >= 0 && !target.SequenceEqual(synthesised)) // RFC 6672 section 3.1: the CNAME must be what the DNAME yields
            {
                Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedBadAlias);
                return -1;
            }

            rrset.IsChainLink = true;
            return response.Names.Intern(NameView.Of(target));
        }

        return synthesised.IsEmpty ? -1 : response.Names.Intern(NameView.Of(synthesised));
    }

    private static int FindDname(Dissection response, int name)
    {
        Span<Rrset> rrsets = response.Rrsets;
        for (int i = 0; i < rrsets.Length; i++)
        {
            if (rrsets[i] is { Type: RecordType.DNAME, Section: DnsSection.Answer, IsSettled: false } dname
                && response.Names.Labels(dname.Owner) < response.Names.Labels(name)
                && response.Names[name].IsAtOrUnder(response.Names[dname.Owner]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>RFC 2181 section 10.1 and RFC 6672 section 2.4: there is one alias at a name, not several.</summary>
    private static bool IsSingle(Dissection response, int index)
    {
        ref Rrset rrset = ref response.Rrsets[index];
        if (rrset.IsSettled) return false;
        if (rrset.RdataLength == 2 + First(response, index).Length) return true;
        Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedBadAlias);
        return false;
    }

    /// <summary>RFC 6672 section 2.2: the owner's labels above the DNAME's owner are put in front of its target.</summary>
    private static ReadOnlySpan<byte> Substitute(Dissection response, int name, int dname, Span<byte> buffer)
    {
        ReadOnlySpan<byte> wire = response.Names.Wire(name);
        ReadOnlySpan<byte> target = First(response, dname);
        int kept = wire.Length - response.Names.Wire(response.Rrsets[dname].Owner).Length;
        if (kept + target.Length > DomainName.MaxWireLength) return default;
        wire[..kept].CopyTo(buffer);
        target.CopyTo(buffer[kept..]);
        return buffer[..(kept + target.Length)];
    }

    private static ReadOnlySpan<byte> First(Dissection response, int index)
    {
        RdataSet.Enumerator records = response.Rdata(response.Rrsets[index]).GetEnumerator();
        records.MoveNext();
        return records.Current;
    }

    private void ScrubAnswer(Dissection response)
    {
        int last = LastName;
        RecordType asked = response.At.QuestionType;
        _hasAnswer = false;
        foreach (ref Rrset rrset in response.Rrsets)
        {
            if (rrset.Section != DnsSection.Answer || rrset.IsSettled || rrset.IsChainLink || rrset.Type == RecordType.RRSIG) continue;
            if (rrset.Owner == last && (rrset.Type == asked || asked == RecordType.ANY)) _hasAnswer = true;
            else if (rrset.Owner == last) Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedAnswerType);
            else Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedOutOfChain);
        }
    }

    private void ScrubAuthority(Dissection response)
    {
        bool hasNs = false;
        foreach (ref Rrset rrset in response.Rrsets)
        {
            if (rrset.Section != DnsSection.Authority || rrset.IsSettled || rrset.Type == RecordType.RRSIG) continue;
            switch (rrset.Type)
            {
                case RecordType.NS when IsNegative:
                    Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedNsInNegative);
                    break;
                case RecordType.NS or RecordType.SOA or RecordType.DS when !IsAboveChain(response, rrset.Owner):
                    Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedAuthorityOwner);
                    break;
                case RecordType.NS when hasNs:
                    Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedSecondNs);
                    break;
                case RecordType.NS:
                    hasNs = true;
                    break;
                case RecordType.SOA or RecordType.DS or RecordType.NSEC or RecordType.NSEC3:
                    break; // proofs (RFC 4035 section 3.1) have owners beside the name asked for
                default:
                    Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedAuthorityType);
                    break;
            }
        }
    }

    private bool IsAboveChain(Dissection response, int owner)
    {
        NameView ancestor = response.Names[owner];
        foreach (int name in _chain.AsSpan(0, _chainLength))
        {
            if (response.Names[name].IsAtOrUnder(ancestor)) return true;
        }

        return false;
    }

    private static void MarkMentioned(Dissection response, DnsSection section)
    {
        for (int i = 0; i < response.At.RrsetCount; i++)
        {
            ref Rrset rrset = ref response.Rrsets[i];
            if (rrset.Section == section && !rrset.IsSettled && rrset.Type is not (RecordType.RRSIG or RecordType.A or RecordType.AAAA or RecordType.SOA))
            {
                MarkMentioned(response, in rrset);
            }
        }
    }

    private static void MarkMentioned(Dissection response, in Rrset rrset)
    {
        NameMarks marks = rrset.Type == RecordType.NS ? NameMarks.Mentioned | NameMarks.NameServer : NameMarks.Mentioned;
        Span<byte> buffer = stackalloc byte[DomainName.MaxWireLength];
        foreach (ReadOnlySpan<byte> record in response.Rdata(rrset))
        {
            if (!RecordData.TryGetTarget(rrset.Type, record, buffer, out ReadOnlySpan<byte> target)) continue;
            int name = target.Length == 1 ? rrset.Owner : response.Names.Find(OctetHash.Compute(target), target); // RFC 9460 section 2.5: "." stands for the owner
            if (name >= 0) response.Names.Marks(name) |= marks;
        }
    }

    private static void ScrubAdditional(Dissection response)
    {
        foreach (ref Rrset rrset in response.Rrsets)
        {
            if (rrset.Section != DnsSection.Additional || rrset.IsSettled || rrset.Type == RecordType.RRSIG) continue;
            if (rrset.Type is not (RecordType.A or RecordType.AAAA or RecordType.SVCB or RecordType.HTTPS))
            {
                Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedAdditionalType);
            }
            else if ((response.Names.Marks(rrset.Owner) & NameMarks.Mentioned) == 0)
            {
                Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedUnmentioned);
            }
            else if (rrset.Type is RecordType.SVCB or RecordType.HTTPS) // RFC 9460 section 4.2: they bring the addresses of their targets along
            {
                MarkMentioned(response, in rrset);
            }
        }
    }

    /// <summary>A signature shares the fate of what it covers (RFC 4035 section 3.1.1: both stand in the same section).</summary>
    private void ScrubSignatures(Dissection response)
    {
        foreach (ref Rrset rrset in response.Rrsets)
        {
            if (rrset.Type != RecordType.RRSIG || rrset.IsSettled) continue;
            int covered = response.Find(rrset.Section, rrset.Owner, rrset.Covered);
            bool isAsked = rrset.Section == DnsSection.Answer && rrset.Owner == LastName
                && response.At.QuestionType is RecordType.RRSIG or RecordType.ANY;
            if (covered >= 0 ? response.Rrsets[covered].IsSettled : !isAsked)
            {
                Dissection.Settle(ref rrset, RrsetFate.DroppedScrubbedOrphanSignature);
            }
        }
    }
}
