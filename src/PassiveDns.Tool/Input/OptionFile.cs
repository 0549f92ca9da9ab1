using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>Files that an option names. Whatever is wrong with one becomes a line that names the option.</summary>
internal static class OptionFile
{
    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="option">The option, as it is typed.</param>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="ToolException">The file is missing, cannot be read or has another form.</exception>
    public static T Read<T>(string option, string path, Func<string, T> read)
    {
        if (path.Length == 0) throw ToolException.WrongUse($"{option}: the file name is empty");
        try
        {
            return read(path);
        }
        catch (FormatException e)
        {
            throw ToolException.WrongUse($"{option}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ToolException.Failed($"{option}: {Explain(path, e)}");
        }
    }

    /// <summary>Why a file could not be opened, and what to do.</summary>
    /// <param name="path">The file.</param>
    /// <param name="failure">What opening it threw.</param>
    public static string Explain(string path, Exception failure) =>
        Directory.Exists(path) ? $"{Visible.OneLine(path)}: this is a directory; give a file"
        : failure is FileNotFoundException or DirectoryNotFoundException ? $"{Visible.OneLine(path)}: there is no such file; check the path"
        : $"{Visible.OneLine(path)}: it cannot be read ({failure.Message.TrimEnd('.')})";
}
