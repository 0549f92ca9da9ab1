using System.Globalization;
using System.IO.Compression;
using ZstdSharp;

namespace PassiveDns.Tool.Output;

/// <summary>
/// A file that an export writes, beside its final name until it is whole, and packed if the name ends in .gz or .zst. Now and then it is made durable together
/// with a note of how far the export had come, so that it can go on from there however it ended.
/// </summary>
internal sealed class ExportFile : IDisposable
{
    private readonly string _path;
    private readonly string _description;
    private readonly FileStream _file;
    private Stream? _packing;
    private bool _isDone;

    private ExportFile(string path, string description, FileStream file, string? state)
    {
        _path = path;
        _description = description;
        _file = file;
        State = state;
    }

    /// <summary>Where the octets go until the next <see cref="Checkpoint"/>.</summary>
    public Stream Stream => _packing ??= Pack();

    /// <summary>What the note of an earlier run says, or <c>null</c> for an export from the start.</summary>
    public string? State { get; }

    private static string PartOf(string path) => path + ".part";

    private static string NoteOf(string path) => path + ".part.note";

    /// <summary>Whether a file was exported to its end.</summary>
    /// <param name="path">Its name.</param>
    public static bool IsWhole(string path) => File.Exists(path) && !File.Exists(PartOf(path));

    /// <summary>Whether a name asks for packing.</summary>
    /// <param name="path">The name.</param>
    public static bool IsPacked(string path) => Path.GetExtension(path) is ".gz" or ".zst";

    /// <summary>Begins a file, or goes on with one.</summary>
    /// <param name="path">Its final name.</param>
    /// <param name="description">What is exported and how; only the same is gone on with.</param>
    /// <param name="resume">Whether to go on.</param>
    /// <exception cref="ToolException">It cannot be written, or is the beginning of another export.</exception>
    public static ExportFile Open(string path, string description, bool resume)
    {
        try
        {
            (long length, string? state) = resume && File.Exists(NoteOf(path)) ? ReadNote(path, description) : (0, null);
            FileStream file = new(PartOf(path), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            if (file.Length < length)
            {
                file.Dispose();
                throw ToolException.Failed($"{PartOf(path)} is shorter than its note says; export again without --resume");
            }

            file.SetLength(length); // behind it stands what came after the note
            file.Position = length;
            if (state is null) File.Delete(NoteOf(path));
            return new(path, description, file, state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ToolException.Failed($"{path} cannot be written: {e.Message}");
        }
    }

    /// <summary>Makes durable what was written, and notes how to go on.</summary>
    /// <param name="state">What the export needs for that; one line.</param>
    public void Checkpoint(string state)
    {
        Settle();
        string draft = NoteOf(_path) + ".new";
        using (FileStream note = new(draft, FileMode.Create))
        {
            note.Write(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_description}\n{_file.Length}\n{state}\n")));
            note.Flush(flushToDisk: true);
        }

        File.Move(draft, NoteOf(_path), overwrite: true);
    }

    /// <summary>Gives the file its final name.</summary>
    public void Complete()
    {
        Settle();
        _file.Dispose();
        File.Move(PartOf(_path), _path, overwrite: true);
        File.Delete(NoteOf(_path));
        _isDone = true;
    }

    /// <summary>Leaves nothing behind: there was nothing to write.</summary>
    public void Abandon()
    {
        _file.Dispose();
        File.Delete(PartOf(_path));
        File.Delete(NoteOf(_path));
        _isDone = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDone) _file.Dispose(); // the part stays, up to its note
    }

    private static (long Length, string State) ReadNote(string path, string description)
    {
        string[] lines = File.ReadAllLines(NoteOf(path));
        return lines.Length >= 3 && lines[0] == description && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? (length, lines[2])
            : throw ToolException.Failed($"{PartOf(path)} is the beginning of another export; give the options of that one, or export again without --resume");
    }

    /// <summary>Ends what is packed so far, which can be read without what follows, and waits until the disk has it.</summary>
    private void Settle()
    {
        if (!ReferenceEquals(_packing, _file)) _packing?.Dispose();
        _packing = null;
        _file.Flush(flushToDisk: true);
    }

    private Stream Pack() => Path.GetExtension(_path) switch
    {
        ".gz" => new GZipStream(_file, CompressionLevel.Optimal, leaveOpen: true),
        ".zst" => new CompressionStream(_file, level: 3, leaveOpen: true),
        _ => _file,
    };
}
