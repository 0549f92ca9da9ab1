using PassiveDns.Capture;

namespace PassiveDns;

/// <summary>The account of one source of a pipeline.</summary>
/// <param name="Name">The source's <see cref="ICaptureSource.Name"/>.</param>
/// <param name="Capture">What came in and what became of it.</param>
public sealed record SourceReport(string Name, CaptureReport Capture);
