using PassiveDns;
using PassiveDns.Storage.RocksDb;

// In this namespace, so that the method appears on what AddPassiveDns() returns.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses RocksDB as the store.</summary>
public static class RocksDbBuilderExtensions
{
    /// <summary>Keeps observations in a RocksDB database in a directory, which is made if it does not exist. One process at a time may write it.</summary>
    /// <param name="builder">What <c>AddPassiveDns()</c> returned.</param>
    /// <param name="path">The directory, absolute or relative to the current directory.</param>
    /// <param name="configure">Sets options of the store.</param>
    public static PassiveDnsBuilder UseRocksDb(this PassiveDnsBuilder builder, string path, Action<RocksDbStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.UseStore(_ =>
        {
            RocksDbStoreOptions options = new();
            configure?.Invoke(options);
            return RocksDbObservationStore.Open(path, options);
        });
    }
}
