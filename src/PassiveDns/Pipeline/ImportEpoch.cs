using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage.Privacy;

namespace PassiveDns;

/// <summary>
/// The epoch of an import: a digest of all that decides which rows and batches come out of it. The same files, imported again by the same
/// sensor with the same options, give the same <see cref="BatchId"/>s, so that a store counts them once; and an import that was interrupted goes on where it was.
/// </summary>
public static class ImportEpoch
{
    // Changes whenever the same input begins to give other batches: then an id must not be mistaken for one of before.
    private const string Law = "PassiveDns import 2";

    /// <summary>Reads all files once and computes the epoch: the first 64 bits of a SHA-256 over their octets, their order and the options.</summary>
    /// <param name="paths">The files, in the order in which they will be read. What they are called and where they lie does not matter.</param>
    /// <param name="vantage">From where the traffic was seen.</param>
    /// <param name="aggregation">How responses will be aggregated; its <see cref="AggregationOptions.Sensor"/> and <see cref="AggregationOptions.Epoch"/> do not matter.</param>
    /// <param name="redaction">Which names are cut, or <c>null</c> if none is.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">Two files hold the same octets: what they hold would count twice.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be read.</exception>
    public static ulong Compute(IEnumerable<string> paths, VantageOptions vantage, AggregationOptions aggregation, RedactionOptions? redaction = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(vantage);
        ArgumentNullException.ThrowIfNull(aggregation);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Describe(vantage, aggregation)));
        if (redaction is not null) hash.AppendData(Encoding.UTF8.GetBytes(Describe(redaction)));
        Dictionary<string, string> seen = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            // The digest of each file, not its octets, so that moving octets from one file to the next is another input.
            byte[] digest = DigestOf(path, cancellationToken);
            hash.AppendData(digest);
            if (!seen.TryAdd(Convert.ToHexString(digest), path))
            {
                throw new ArgumentException($"{path}: holds the same as {seen[Convert.ToHexString(digest)]}, so it would count twice; name one of them");
            }
        }

        return BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset());
    }

    private static string Describe(RedactionOptions redaction) => string.Create(
        CultureInfo.InvariantCulture,
        $"redaction {redaction.MailAddresses} {redaction.ReversedAddresses} {redaction.AddressLabels} {redaction.OpaqueLabels} {redaction.MinHexDigits} "
        + $"{redaction.MinBase32Digits}\n{string.Join('\n', redaction.Patterns)}\n{string.Join(' ', redaction.Exempt)}\n");

    private static byte[] DigestOf(string path, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            int read;
            while ((read = file.Read(buffer)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return hash.GetHashAndReset();
    }

    // The order in which sets were written down does not matter; every other option does. A test holds that none is forgotten.
    private static string Describe(VantageOptions vantage, AggregationOptions aggregation)
    {
        IEnumerable<object> parts =
        [
            Law,
            string.Join(' ', vantage.Resolvers.Select(n => n.ToString()).Order(StringComparer.Ordinal)),
            vantage.QueryTimeout.Ticks, vantage.MaxOutstandingQueries, vantage.ContestWindow.Ticks,
            vantage.MaxHeldOctets, vantage.VerifyUdpChecksums,
            string.Join(' ', vantage.Dnstap.AuthoritativeServers.Order(StringComparer.Ordinal)),
            string.Join(' ', vantage.Dnstap.AuthoritativeZones.Order(StringComparer.Ordinal)),
            vantage.Dnstap.Pairing, vantage.Dnstap.CheckResolvers, vantage.Dnstap.MaxFrameLength,
            aggregation.Window.Ticks, aggregation.MemoryBudget, aggregation.MaxRowsPerBatch, aggregation.KeepUnverified,
            aggregation.MaxRrsetRecords, aggregation.DelegationGrace.Ticks, aggregation.MaxDelegationNames,
            aggregation.WaitingTime.Ticks, aggregation.MaxWaiting, aggregation.MaxWaitingBytes,
            aggregation.FirstSightingDelay.Ticks, aggregation.KeepNegativeEvidence, aggregation.KeepChaff, aggregation.Delegations.Digest,
            aggregation.MaxSetsPerDay, aggregation.FloodGuard?.NamesWithSameData ?? 0, aggregation.FloodGuard?.Names ?? 0,
            string.Join(' ', (aggregation.FloodGuard?.Exempt ?? []).Select(n => n.ToString()).Order(StringComparer.Ordinal)),
            string.Join(' ', aggregation.RootHints.Servers.Select(s => $"{s.Zone}={s.Server}").Order(StringComparer.Ordinal)),
            string.Join(' ', aggregation.RootHints.Addresses.Select(a => $"{a.Server}={a.Address}").Order(StringComparer.Ordinal)),
            .. aggregation.StrictCompression ? (object[])[nameof(aggregation.StrictCompression)] : [], // added when it is on only: older epochs stay what they were
        ];
        return string.Join('\n', parts.Select(p => Convert.ToString(p, CultureInfo.InvariantCulture))) + "\n";
    }
}
