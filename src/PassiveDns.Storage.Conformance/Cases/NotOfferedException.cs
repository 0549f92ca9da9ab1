namespace PassiveDns.Storage.Conformance;

/// <summary>A case asks for a capability that the store does not offer; it is skipped.</summary>
internal sealed class NotOfferedException : Exception;
