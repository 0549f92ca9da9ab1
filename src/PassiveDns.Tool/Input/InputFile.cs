namespace PassiveDns.Tool.Input;

/// <summary>Opens files of which the octets are read twice: once for the digest that makes an import count once.</summary>
internal static class InputFile
{
    /// <summary>Opens a file at its start.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ToolException">It is missing, cannot be read or is a pipe.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            if (file.CanSeek) return file;
            file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ToolException.Failed(OptionFile.Explain(path, e));
        }

        throw ToolException.Failed($"{path}: this is a pipe, and it is read twice; save it as a file first");
    }
}
