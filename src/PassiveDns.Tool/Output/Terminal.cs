using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace PassiveDns.Tool.Output;

/// <summary>Where a run of the tool writes and what it may know of its surroundings. Tests hand in their own.</summary>
internal sealed class Terminal : IDisposable
{
    /// <summary>Wide enough that no table is ever cut or wrapped when nobody looks at it.</summary>
    private const int UnlimitedWidth = 1_000_000;

    /// <summary>Makes surroundings. Text is UTF-8 without a byte order mark.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    public Terminal(Stream output, Stream error)
    {
        OutputStream = output;
        Output = new StreamWriter(output, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        Error = new StreamWriter(error, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>Answers.</summary>
    public TextWriter Output { get; }

    /// <summary>What <see cref="Output"/> writes to; flush that first.</summary>
    public Stream OutputStream { get; }

    /// <summary>Everything that is no answer: progress, notes, errors.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether a person looks at <see cref="Output"/>.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether a person looks at <see cref="Error"/>.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The columns of the screen behind <see cref="Output"/>; without a screen as many as anybody could want.</summary>
    public int Width { get; init; } = UnlimitedWidth;

    /// <summary>Opens standard input; <c>null</c> where it is a terminal, at which nobody types captures.</summary>
    public Func<Stream>? OpenInput { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>Measures rates and remaining times, never the time of data.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The surroundings of this process.</summary>
    public static Terminal OfProcess() => new(OpenStandardOutput(), Console.OpenStandardError())
    {
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Width = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? UnlimitedWidth : Console.WindowWidth,
        Variable = Environment.GetEnvironmentVariable,
        OpenInput = Console.IsInputRedirected ? Console.OpenStandardInput : null,
    };

    /// <summary>Whether answers may be coloured: somebody looks, and did not say no (no-color.org).</summary>
    public bool Colours => OutputIsTerminal && MayColour;

    private bool MayColour => string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") is not "dumb";

    /// <summary>A console for progress on <see cref="Error"/>.</summary>
    public IAnsiConsole ErrorConsole()
    {
        bool ansi = ErrorIsTerminal && Variable("TERM") is not "dumb";
        IAnsiConsole console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(Error),
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ansi && MayColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = ansi ? InteractionSupport.Yes : InteractionSupport.No,
        });
        if (!ErrorIsTerminal) console.Profile.Width = UnlimitedWidth;
        return console;
    }

    /// <summary>Writes one line for the person to <see cref="Error"/>, after everything that was answered before it.</summary>
    /// <param name="message">The line; line ends inside it become spaces.</param>
    public void Note(string message)
    {
        Output.Flush();
        Error.WriteLine("pdns: " + Visible.OneLine(message));
        Error.Flush();
    }

    /// <summary>Lets go of the streams. Nothing is written: who answers also flushes, so that a failure to write is told.</summary>
    public void Dispose()
    {
        OutputStream.Dispose();
        Error.Dispose();
    }

    /// <summary>
    /// The framework's console stream swallows EPIPE, so that an export into a closed pipe would run to its end for nobody. A plain file stream
    /// tells. It is used for pipes only: on a file it would write at its own position and overwrite what others appended.
    /// </summary>
    private static Stream OpenStandardOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        try
        {
            FileStream pipe = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Console.OpenStandardOutput(); // standard output is closed or of a kind that file streams do not know
        }
    }
}
