namespace PassiveDns.Storage;

/// <summary>What some stores offer: reading everything they have on the disk and checking every checksum.</summary>
public interface IStoreVerification
{
    /// <summary>Checks every file. Damage is an answer, not an exception.</summary>
    /// <param name="progress">Is told how many octets were read, or <c>null</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<VerificationReport> VerifyAsync(IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default);
}
