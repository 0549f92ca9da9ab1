using System.CommandLine;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns completion</c>: a script that teaches a shell to complete verbs and options. The shell asks <c>pdns</c> itself, so that it never grows old.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _pdns() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(pdns "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _pdns pdns
        """;

    private const string Zsh = """
        #compdef pdns
        _pdns() {
          local -a found
          found=("${(@f)$(pdns "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          if (( ${#found[1]} )); then compadd -a found; else _files; fi
        }
        compdef _pdns pdns
        """;

    private const string Fish = """
        complete -c pdns -a '(pdns "[suggest:"(commandline -C)"]" (commandline -p | string collect) 2>/dev/null)'
        """;

    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> shell = new("SHELL") { Description = "bash, zsh or fish." };
        shell.CompletionSources.Add("bash", "zsh", "fish");
        Command verb = new("completion", "Writes a script that lets a shell complete verbs and options of pdns.") { shell };
        verb.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(shell);
            terminal.Output.WriteLine(name switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                "fish" => Fish,
                _ => throw ToolException.WrongUse($"completion: {Visible.Quote(name)} is no shell known here; give bash, zsh or fish"),
            });
            return ExitCode.Answered;
        });
        return verb;
    }
}
