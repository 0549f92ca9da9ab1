using System.Diagnostics;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>Shells complete verbs and options by asking the tool.</summary>
public sealed class CompletionTests
{
    [Fact]
    public async Task The_tool_suggests_verbs_and_options()
    {
        ToolRun verbs = await ToolRun.ChildAsync("[suggest:9]", "pdns look");
        Assert.Equal((0, "lookalikes\nlookup"), (verbs.ExitCode, verbs.Output.Trim()));
        ToolRun options = await ToolRun.ChildAsync("[suggest:13]", "pdns names --");
        Assert.Contains("--mx", options.Lines);
        Assert.Equal("", options.Error);
    }

    /// <summary>The script in a real bash, with a function in the place of the installed command.</summary>
    [Fact]
    public async Task Bash_completes_with_the_script()
    {
        if (!File.Exists("/bin/bash")) Assert.Skip("bash is not installed");
        ToolRun script = await ToolRun.InProcessAsync("completion", "bash");
        Assert.Equal(0, script.ExitCode);
        string program = $"pdns() {{ dotnet '{ToolRun.Dll}' \"$@\"; }}\n{script.Output}\nCOMP_LINE='pdns priv' COMP_POINT=9 COMP_WORDS=(pdns priv) COMP_CWORD=1\n_pdns\necho \"${{COMPREPLY[@]}}\"\n";
        ProcessStartInfo start = new("/bin/bash", ["-c", program]) { RedirectStandardOutput = true };
        using Process bash = Process.Start(start)!;
        string output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("privacy-report", output.Trim());
    }

    [Theory]
    [InlineData("zsh", "compdef _pdns pdns")]
    [InlineData("fish", "complete -c pdns")]
    public async Task Other_shells_have_scripts_too(string shell, string line) => Assert.Contains(line, (await ToolRun.InProcessAsync("completion", shell)).Output, StringComparison.Ordinal);

    [Fact]
    public async Task A_shell_that_is_none_is_wrong_use() => Assert.Equal(2, (await ToolRun.InProcessAsync("completion", "tcsh")).ExitCode);
}
