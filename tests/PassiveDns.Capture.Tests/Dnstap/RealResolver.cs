using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Capture.Tests;

/// <summary>A real resolver and a real authoritative server on loopback: the resolver sends dnstap to a socket, or messages of PowerDNS to a port.</summary>
internal sealed class RealResolver : IDisposable
{
    private const string Authority = "127.0.53.7"; // port 53, for BIND's static stubs know no other

    private readonly List<Process> _processes = [];
    private readonly string _folder;
    private readonly int _port = FreePort();

    public RealResolver(string program, string socket)
    {
        _folder = Directory.CreateTempSubdirectory("pdns-resolver-").FullName;
        Write("example.org.zone", "$ORIGIN example.org.\n$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 300\n@ NS ns\nns A 127.0.53.7\n*.a A 192.0.2.1\n");
        Start("/usr/sbin/nsd", "-d", "-c", Write("nsd.conf", $"""
            server:
              ip-address: {Authority}
              port: 53
              server-count: 1
              username: ""
              zonesdir: "{_folder}"
              pidfile: "{_folder}/nsd.pid"
              xfrdfile: "{_folder}/xfrd.state"
              zonelistfile: "{_folder}/zone.list"
              xfrdir: "{_folder}"
              database: ""
            remote-control:
              control-enable: no
            zone:
              name: example.org
              zonefile: example.org.zone
            """));
        StartResolver(program, socket);
    }

    /// <summary>Why it cannot run here, or <c>null</c>.</summary>
    public static string? Missing(string program) =>
        !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "the authoritative server needs port 53 of a loopback address"
        : !File.Exists("/usr/sbin/nsd") ? "nsd is not installed"
        : !File.Exists(program) ? program + " is not installed"
        : null;

    /// <summary>Asks for an A record, again until there is an answer.</summary>
    public async Task AskAsync(int id, string name)
    {
        using UdpClient client = new();
        client.Connect(IPAddress.Loopback, _port);
        byte[] query = Wire.Message(id, name, false, flags: 0x100);
        for (int attempt = 0; attempt < 50; attempt++)
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(2));
            try
            {
                await client.SendAsync(query, TestContext.Current.CancellationToken);
                byte[] answer = (await client.ReceiveAsync(patience.Token)).Buffer;
                if ((answer[3] & 0xF) == 0 && answer[7] == 1) return;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Not up yet.
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"no answer for {name}: {string.Join('\n', Directory.GetFiles(_folder, "*.log").Select(File.ReadAllText))}");
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private void StartResolver(string program, string socket)
    {
        switch (Path.GetFileName(program))
        {
            case "unbound":
                Start(program, "-d", "-c", Write("unbound.conf", $"""
                    server:
                      directory: ""
                      chroot: ""
                      username: ""
                      pidfile: "{_folder}/unbound.pid"
                      interface: 127.0.0.1
                      port: {_port}
                      use-syslog: no
                      logfile: "{_folder}/unbound.log"
                      module-config: "iterator"
                      do-not-query-localhost: no
                      use-caps-for-id: yes
                    remote-control:
                      control-enable: no
                    stub-zone:
                      name: example.org
                      stub-addr: {Authority}
                    dnstap:
                      dnstap-enable: yes
                      dnstap-socket-path: "{socket}"
                      dnstap-log-resolver-query-messages: yes
                      dnstap-log-resolver-response-messages: yes
                      dnstap-log-client-query-messages: yes
                      dnstap-log-client-response-messages: yes
                    """));
                break;
            case "named":
                Start(program, "-f", "-c", Write("named.conf", $$"""
                    options {
                      directory "{{_folder}}";
                      pid-file none;
                      session-keyfile none;
                      managed-keys-directory "{{_folder}}";
                      listen-on port {{_port}} { 127.0.0.1; };
                      listen-on-v6 { none; };
                      recursion yes;
                      dnssec-validation no;
                      dnstap { resolver; client; auth; };
                      dnstap-output unix "{{socket}}";
                    };
                    controls { };
                    zone "example.org" { type static-stub; server-addresses { {{Authority}}; }; };
                    """));
                break;
            case "kresd":
                Start(program, "-n", "-c", Write("kresd.conf", $$"""
                    net.listen('127.0.0.1', {{_port}}, { kind = 'dns' })
                    modules = { 'policy', dnstap = { socket_path = '{{socket}}', client = { log_queries = true, log_responses = true } } }
                    trust_anchors.remove('.')
                    policy.add(policy.suffix(policy.STUB({'{{Authority}}'}), {todname('example.org.')}))
                    cache.size = 10 * MB
                    """), _folder);
                break;
            default:
                Write("recursor.lua", socket.Contains(':', StringComparison.Ordinal)
                    ? $$"""
                        outgoingProtobufServer("{{socket}}", {logQueries=true, logResponses=true})
                        protobufServer("{{socket}}", {logQueries=true, logResponses=true})
                        """
                    : $$"""dnstapFrameStreamServer({"{{socket}}"}, {logQueries=true, logResponses=true, flushTimeout=1})""");
                Start(program, $"--config-dir={_folder}", $"--socket-dir={_folder}", "--local-address=127.0.0.1", $"--local-port={_port}", "--daemon=no",
                    "--write-pid=no", $"--forward-zones=example.org={Authority}", $"--lua-config-file={_folder}/recursor.lua", "--dont-query=", "--dnssec=off",
                    "--security-poll-suffix=", "--threads=1", "--disable-syslog=yes", "--hint-file=no");
                break;
        }
    }

    private void Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        string log = Path.Combine(_folder, $"{_processes.Count}.log");
        Lock gate = new();
        void Note(string? line)
        {
            lock (gate) File.AppendAllText(log, line + "\n");
        }

        process.OutputDataReceived += (_, e) => Note(e.Data);
        process.ErrorDataReceived += (_, e) => Note(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
