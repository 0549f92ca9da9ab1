namespace PassiveDns.Analysis;

/// <summary>Who runs a piece of infrastructure, as far as can be told: an AS, or a prefix, or a registrable domain.</summary>
internal readonly record struct UnitOperator(uint AutonomousSystem, AddressPrefix Prefix, DomainName Domain);
