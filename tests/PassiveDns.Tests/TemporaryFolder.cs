namespace PassiveDns.Tests;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("passivedns-").FullName;

    public string Write(string name, byte[] octets)
    {
        string path = Path.Combine(FullPath, name);
        File.WriteAllBytes(path, octets);
        return path;
    }

    public string Write(string name, string text)
    {
        string path = Path.Combine(FullPath, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
