using System.Diagnostics;
using System.Text;
using System.Text.Json;
using PassiveDns.Tool.Commands;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Tests;

/// <summary>What one run of the tool said and how it ended.</summary>
public sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>The tool as it was built for these tests.</summary>
    public static string Dll { get; } = Path.Combine(AppContext.BaseDirectory, "pdns.dll");

    /// <summary>The lines of the answer.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The lines of the answer as JSON objects.</summary>
    public JsonElement[] Json => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Runs the tool in this process.</summary>
    public static async Task<ToolRun> InProcessAsync(params string[] arguments) => await InProcessAsync(arguments, []);

    /// <summary>Runs the tool in this process with environment variables of its own.</summary>
    internal static async Task<ToolRun> InProcessAsync(string[] arguments, Dictionary<string, string> variables, bool isTerminal = false, int? width = null, byte[]? input = null)
    {
        using MemoryStream output = new();
        using MemoryStream error = new();
        using Terminal terminal = new(output, error)
        {
            Variable = name => variables.GetValueOrDefault(name),
            OutputIsTerminal = isTerminal,
            Width = width ?? 1_000_000,
            OpenInput = input is null ? null : () => new MemoryStream(input),
        };
        int exitCode = await PdnsCommand.RunAsync(arguments, terminal, TestContext.Current.CancellationToken);
        terminal.Error.Flush();
        return new(exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    /// <summary>Starts the tool as a process of its own.</summary>
    public static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Dll);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("PDNS_STORE");
        start.Environment["DOTNET_gcServer"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Runs the tool as a process of its own.</summary>
    public static async Task<ToolRun> ChildAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>The arguments that import the sample capture.</summary>
    public static string[] ImportSample(string store, string? file = null) =>
    [
        "import", file ?? Files.Sample("sample.pcapng"), "--store", store, "--resolvers", Files.Sample("resolvers"),
        "--root-hints", Files.Sample("root.hints"), "--sensor", "sample",
    ];
}
