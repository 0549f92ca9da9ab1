namespace PassiveDns.Analysis;

/// <summary>One thing that a record leads to: an address, or the name of a server or target.</summary>
internal readonly record struct InfrastructureUnit(RecordType Type, HostAddress Address, DomainName Name)
{
    /// <summary>Whether it is an address.</summary>
    public bool IsAddress => Type is RecordType.A or RecordType.AAAA;

    /// <summary>Reads a record; DS and SOA are units of their own kind, by their target or not at all.</summary>
    public static bool TryRead(Rdata rdata, Span<byte> folded, out InfrastructureUnit unit)
    {
        unit = default;
        if (RecordData.TryGetAddress(rdata.Type, rdata.Canonical, out HostAddress address))
        {
            unit = new(rdata.Type, address, default);
            return true;
        }

        if (rdata.Type is not (RecordType.NS or RecordType.CNAME or RecordType.MX)) return false;
        if (!RecordData.TryGetTarget(rdata.Type, rdata.Canonical, folded, out ReadOnlySpan<byte> target) || !DomainName.TryFromWire(target, out DomainName name)) return false;
        unit = new(rdata.Type, default, name);
        return true;
    }

    /// <summary>Whether data of one type can take the place of data of another: an alias stands for addresses of both families.</summary>
    public static bool IsComparable(RecordType one, RecordType other) =>
        one == other || (one == RecordType.CNAME && other is RecordType.A or RecordType.AAAA) || (other == RecordType.CNAME && one is RecordType.A or RecordType.AAAA);

    /// <summary>The network of an address: its AS where known, else its /24 or /48. Of a name the registrable domain: who runs it.</summary>
    public UnitOperator OperatorAt(long unixSeconds, AnalysisOptions options)
    {
        if (!IsAddress) return new(0, default, options.RegistrableDomain(Name));
        return options.Enrichment?.Find(Address, unixSeconds)?.AutonomousSystem is { } asn ? new(asn, default, default) : new(0, Prefix, default);
    }

    /// <summary>The /24 or /48 of an address.</summary>
    public AddressPrefix Prefix => AddressPrefix.Of(Address, Address.IsIPv4 ? 24 : 48);
}
