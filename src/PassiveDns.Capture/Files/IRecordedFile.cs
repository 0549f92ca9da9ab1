namespace PassiveDns.Capture;

/// <summary>An open file of a recording, whatever its format.</summary>
internal interface IRecordedFile : IDisposable
{
    /// <summary>Octets read of the file as it lies on the disk. May be asked from any thread.</summary>
    long BytesRead { get; }

    /// <summary>The length of the file as it lies on the disk; <c>null</c> for a pipe or device.</summary>
    long? FileLength { get; }

    /// <summary>Where and how it is damaged, once reading has ended there.</summary>
    CaptureDamage? Damage { get; }

    /// <summary>The time of the first thing in it that has one, or <see cref="long.MaxValue"/>. The file is spent afterwards.</summary>
    long FindFirstTime();
}
