namespace PassiveDns.Packages.Tests;

/// <summary>The pipeline and the embedded store as machine code: published without a warning of the linker or the compiler, and run.</summary>
public sealed class NativeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pdns-native-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_native_sample_is_published_without_warnings_and_answers()
    {
        SkipWithoutLinker();
        string output = Path.Combine(_folder.FullName, "out");
        await Command.RunAsync(
            PackedFeed.Repository, [], "dotnet", "publish", Path.Combine("samples", "NativeQuery"), "-c", "Release", "-o", output, "-nodeReuse:false", "-p:RunAnalyzers=false",
            $"-p:ArtifactsPath={Path.Combine(_folder.FullName, "artifacts")}"); // what other tests build at the same time stays as it is
        string program = Path.Combine(output, OperatingSystem.IsWindows() ? "NativeQuery.exe" : "NativeQuery");
        Assert.False(File.Exists(Path.Combine(output, "PassiveDns.Core.dll"))); // all of it is in the one file
        string first = await Command.RunAsync(_folder.FullName, [], program, "www.example.com", Path.Combine(_folder.FullName, "store"));
        Assert.StartsWith("machine code: 462 responses, ", first, StringComparison.Ordinal);
        Assert.Contains("www.example.com. A 192.0.2.80 x", first, StringComparison.Ordinal);
        Assert.Contains("www.example.com. A 198.51.100.80 x", first, StringComparison.Ordinal);
        string second = await Command.RunAsync(_folder.FullName, [], program, "www.example.com", Path.Combine(_folder.FullName, "store"));
        Assert.StartsWith("machine code: 462 responses, 0 batches", second, StringComparison.Ordinal);
        Assert.Equal(first.Split('\n')[1..], second.Split('\n')[1..]); // the store was read back, and nothing counted twice
    }

    private static void SkipWithoutLinker()
    {
        if (OperatingSystem.IsWindows()) return;
        bool hasLinker = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));
        Assert.SkipUnless(hasLinker, "Native AOT needs clang or gcc to link.");
        bool hasZlib = !OperatingSystem.IsLinux() || File.Exists("/usr/include/zlib.h");
        Assert.SkipUnless(hasZlib, "Native AOT needs the headers of zlib (zlib1g-dev).");
    }
}
