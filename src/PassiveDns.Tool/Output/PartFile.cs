namespace PassiveDns.Tool.Output;

/// <summary>A file that comes into its place when it is whole; until then it stands beside it under the ending <c>.part</c>.</summary>
internal sealed class PartFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    private PartFile(string path, FileStream stream) => (_path, _stream) = (path, stream);

    /// <summary>Where to write.</summary>
    public Stream Stream => _stream;

    private string Part => _path + ".part";

    /// <summary>Begins a file.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ToolException">It cannot be written.</exception>
    public static PartFile Create(string option, string path)
    {
        try
        {
            return new(path, new(path + ".part", FileMode.Create, FileAccess.Write));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ToolException.Failed($"{option} {path}: {e.Message}");
        }
    }

    /// <summary>It is whole.</summary>
    public async ValueTask FinishAsync()
    {
        await _stream.DisposeAsync();
        File.Move(Part, _path, overwrite: true);
    }

    /// <summary>Takes away what was not finished.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        File.Delete(Part);
    }
}
