using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>
/// Copies of standard input and of pipes. An import reads its files twice, first for the digest that makes it count once, so what can be read only
/// once is copied into a file of its own first. The copies are readable by this user alone, and are gone when this is disposed of.
/// </summary>
internal sealed class SpooledInputs(Terminal terminal) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly List<(string Copy, string Given)> _copies = [];
    private string? _folder;

    /// <summary>The files to read, with copies in the places of what can be read only once.</summary>
    /// <param name="given">The files as they were given, <c>-</c> for standard input.</param>
    /// <param name="cancellationToken">Ends the copying; nothing has been imported then.</param>
    /// <exception cref="ToolException">There is nothing on standard input, or no room for a copy.</exception>
    public async Task<IReadOnlyList<string>> TakeAsync(IReadOnlyList<string> given, CancellationToken cancellationToken)
    {
        List<string> files = [];
        foreach (string file in given)
        {
            if (file == FilePatterns.StandardInput)
            {
                if (terminal.OpenInput is null) throw ToolException.WrongUse("-: standard input is a terminal; pipe a capture into it, or name a file");
                await using Stream input = terminal.OpenInput();
                files.Add(await CopyAsync("standard input", "standard-input", input, cancellationToken));
            }
            else if (OpenPipe(file) is { } pipe)
            {
                await using (pipe) files.Add(await CopyAsync(file, "pipe-" + Path.GetFileName(file), pipe, cancellationToken));
            }
            else
            {
                files.Add(file);
            }
        }

        return files;
    }

    /// <summary>A message about a copy as one about what was given.</summary>
    /// <param name="message">The message.</param>
    public string Translate(string message) => _copies.Aggregate(message, (text, copy) => text.Replace(copy.Copy, copy.Given, StringComparison.Ordinal));

    /// <summary>A report on copies as one about what was given.</summary>
    /// <param name="report">The report.</param>
    public PipelineReport Translate(PipelineReport report) => _copies.Count == 0 ? report : report with
    {
        Sources = [.. report.Sources.Select(source => source with
        {
            Capture = source.Capture with { Damage = source.Capture.Damage is { } damage ? damage with { Input = Translate(damage.Input) } : null },
        })],
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }

    private static FileStream? OpenPipe(string file)
    {
        try
        {
            FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (!stream.CanSeek) return stream;
            stream.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the capture room says better what is wrong with a file that cannot be opened
        }

        return null;
    }

    private async Task<string> CopyAsync(string given, string name, Stream input, CancellationToken cancellationToken)
    {
        try
        {
            _folder ??= Directory.CreateTempSubdirectory("pdns-").FullName; // 0700: it holds what clients did
            string copy = Path.Combine(_folder, name);
            _copies.Add((copy, given));
            await using FileStream file = new(copy, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            byte[] buffer = new byte[1 << 18];
            long last = terminal.Clock.GetTimestamp();
            int read;
            while ((read = await input.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken)) > 0)
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                if (terminal.Clock.GetElapsedTime(last) < s_pause) continue;
                last = terminal.Clock.GetTimestamp();
                terminal.Note($"{given}: {Quantity.Bytes(file.Length)} so far in a temporary file");
            }

            terminal.Note($"{given}: {Quantity.Bytes(file.Length)} copied to a temporary file, because an import reads its input twice");
            return copy;
        }
        catch (IOException e)
        {
            throw ToolException.Failed($"{given}: no temporary copy can be made ({e.Message.TrimEnd('.')}); set TMPDIR to a directory with more room, or name a file");
        }
    }
}
