using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PassiveDns.Capture.Live.Tests;

/// <summary>
/// Two network namespaces joined by a pair of virtual interfaces: a resolver's host and a server's, with nothing else on the line. Gone after the test.
/// Threads enter a namespace to open sockets and captures, which then belong to it for good.
/// </summary>
public sealed partial class NetworkPair : IDisposable
{
    public const string ResolverInterface = "pdresolver";
    public const string ServerInterface = "pdserver";
    public const string ResolverTap = "pdtap0"; // a second pair, without addresses
    public const string ServerTap = "pdtap1";

    public static readonly IPAddress Resolver = IPAddress.Parse("192.0.2.53");
    public static readonly IPAddress OtherHost = IPAddress.Parse("192.0.2.77"); // a second address of the resolver's host, which is no resolver
    public static readonly IPAddress Server = IPAddress.Parse("192.0.2.1");
    public static readonly IPAddress Resolver6 = IPAddress.Parse("2001:db8::53");
    public static readonly IPAddress Server6 = IPAddress.Parse("2001:db8::1");

    private const int NetworkNamespace = 0x40000000; // CLONE_NEWNET

    private static int s_number;

    private readonly string _suffix = $"{Environment.ProcessId}-{Interlocked.Increment(ref s_number)}";

    private NetworkPair()
    {
    }

    public string ResolverHost => "pdns-r-" + _suffix;

    public string ServerHost => "pdns-s-" + _suffix;

    /// <summary>Makes a pair, or skips the test where that is impossible.</summary>
    public static NetworkPair MakeOrSkip()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "network namespaces are a thing of Linux");
        Assert.SkipUnless(Environment.UserName == "root", "only root may make network namespaces and capture");
        Assert.SkipUnless(File.Exists("/sbin/ip") || File.Exists("/usr/sbin/ip") || File.Exists("/bin/ip"), "iproute2 is not installed");
        Assert.SkipUnless(NativeLibrary.TryLoad("libpcap.so.0.8", out _) || NativeLibrary.TryLoad("libpcap.so.1", out _), "libpcap is not installed");
        NetworkPair pair = new();
        if (Ip("netns", "add", pair.ResolverHost) != 0) Assert.Skip("this system does not let us make network namespaces");
        try
        {
            pair.Build();
            return pair;
        }
        catch
        {
            pair.Dispose();
            throw;
        }
    }

    /// <summary>Runs something on a thread inside a namespace.</summary>
    public static T Inside<T>(string host, Func<T> action)
    {
        T result = default!;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                using SafeFileHandle file = File.OpenHandle("/run/netns/" + host);
                if (SetNamespace((int)file.DangerousGetHandle(), NetworkNamespace) != 0) throw new InvalidOperationException("setns failed");
                result = action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException($"inside {host}: {failure.Message}", failure);
    }

    /// <summary>Starts a program inside a namespace.</summary>
    public static Process Start(string host, string program, params string[] arguments)
    {
        ProcessStartInfo start = new("ip", ["netns", "exec", host, program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_gcServer"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public static void Interrupt(Process process) => Assert.Equal(0, Kill(process.Id, 2));

    public void Dispose()
    {
        Ip("netns", "del", ServerHost);
        Ip("netns", "del", ResolverHost);
    }

    internal static int Ip(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private void Build()
    {
        Must("netns", "add", ServerHost);
        Must("-n", ResolverHost, "link", "add", ResolverInterface, "type", "veth", "peer", "name", ServerInterface, "netns", ServerHost);
        Must("-n", ResolverHost, "link", "add", ResolverTap, "type", "veth", "peer", "name", ServerTap, "netns", ServerHost);
        foreach ((string host, string name, IPAddress[] addresses) in (IEnumerable<(string, string, IPAddress[])>)
            [(ResolverHost, ResolverInterface, [Resolver, OtherHost, Resolver6]), (ServerHost, ServerInterface, [Server, Server6])])
        {
            foreach (IPAddress address in addresses)
            {
                if (address.GetAddressBytes().Length == 4) Must("-n", host, "addr", "add", address + "/24", "dev", name);
                else Must("-n", host, "addr", "add", address + "/64", "dev", name, "nodad");
            }

            Must("-n", host, "link", "set", "lo", "up");
            Must("-n", host, "link", "set", host == ServerHost ? ServerTap : ResolverTap, "up");
            Must("-n", host, "link", "set", name, "up");
        }
    }

    private static void Must(params string[] arguments)
    {
        if (Ip(arguments) != 0) throw new InvalidOperationException("ip " + string.Join(' ', arguments) + " failed");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
