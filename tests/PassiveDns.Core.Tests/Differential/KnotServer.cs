using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Tests.Differential;

/// <summary>knotd with one zone on a free port of the loopback address, until it is disposed of.</summary>
internal sealed class KnotServer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;
    private readonly Task<string> _output;

    /// <param name="program">The path of knotd.</param>
    /// <param name="directory">A directory of its own.</param>
    /// <param name="zone">The zone file.</param>
    public KnotServer(string program, string directory, string zone)
    {
        Port = FreePort();
        string configuration = Path.Combine(directory, "knot.conf");
        File.WriteAllText(configuration, $"""
            server:
                rundir: {directory}
                listen: 127.0.0.1@{Port}
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            database:
                storage: {directory}
            acl:
              - id: all
                action: transfer
            zone:
              - domain: {PeerRecord.Zone}
                file: {zone}
                acl: all
                semantic-checks: off
                journal-content: none
            """);
        _process = ExternalTool.Start(program, "-c", configuration);
        _log = _process.StandardError.ReadToEndAsync();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public int Port { get; }

    public bool IsRunning => !_process.HasExited;

    /// <summary>Gives it some time to load its zone and to listen.</summary>
    public void Wait() => _process.WaitForExit(100);

    /// <summary>Ends it.</summary>
    /// <returns>What it said.</returns>
    public string End()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        return _log.GetAwaiter().GetResult() + _output.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        End();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
