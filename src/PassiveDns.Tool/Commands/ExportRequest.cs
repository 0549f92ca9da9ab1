using PassiveDns.Storage;
using PassiveDns.Storage.Cof;
using PassiveDns.Storage.Privacy;

namespace PassiveDns.Tool.Commands;

/// <summary>What <c>pdns export</c> was asked to do.</summary>
internal sealed record ExportRequest
{
    /// <summary>The store's directory.</summary>
    public required string Store { get; init; }

    /// <summary>In which form.</summary>
    public required ExportFormat Format { get; init; }

    /// <summary>The file to write, or <c>null</c> for standard output.</summary>
    public string? Out { get; init; }

    /// <summary>Whether to go on where an earlier run stopped.</summary>
    public bool Resume { get; init; }

    /// <summary>Which rows.</summary>
    public required ProvenanceSelection Provenance { get; init; }

    /// <summary>Which fields to add to lines of the Common Output Format.</summary>
    public required CofOptions Fields { get; init; }

    /// <summary>Whether all is written that makes the same rows again.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Under which name the store delivers its batches.</summary>
    public required SensorId Sensor { get; init; }

    /// <summary>The publication threshold, or <c>null</c> for all rows.</summary>
    public PublicationOptions? Thresholds { get; init; }

    /// <summary>What cuts names that carry secrets, or <c>null</c> for none.</summary>
    public NameRedaction? Redaction { get; init; }

    /// <summary>Whether rows are held back or names cut: then an export is written in one go, since what was held back before is part of the account.</summary>
    public bool IsPublication => Thresholds is not null || Redaction is not null;

    /// <summary>After so many rows a file is made durable, so that an export that is interrupted can go on from there.</summary>
    public long RowsPerPiece { get; init; } = 200_000;

    /// <summary>All that decides what stands in the file: an export is gone on with only if it is the same.</summary>
    public string Description => $"{Format} {Path.GetFullPath(Store)} {Provenance} {IsExact} {IsPublication} {Fields.EmitWire} {Sensor}";
}
