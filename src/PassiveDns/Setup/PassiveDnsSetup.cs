using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PassiveDns.Capture;
using PassiveDns.Storage;

namespace PassiveDns;

/// <summary>What <see cref="PassiveDnsBuilder"/> was told: which sources, which store.</summary>
/// <param name="name">The pipeline's name; empty for the one that has none.</param>
internal sealed class PassiveDnsSetup(string name)
{
    private readonly List<string> _files = [];
    private readonly List<Func<IServiceProvider, ICaptureSource>> _sources = [];
    private readonly List<string> _dnstapSockets = [];
    private readonly List<(string Method, Func<IServiceProvider, IObservationStore> Open)> _stores = [];

    /// <summary>The pipeline's name, which is that of its options.</summary>
    public string Name => name;

    /// <summary>The paths of capture files, in the order in which they were added.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Whether all sources are files, whose content makes the epoch.</summary>
    public bool IsImport => _files.Count > 0 && _sources.Count == 0;

    /// <summary>Whether files and other sources were added.</summary>
    public bool IsMixed => _files.Count > 0 && _sources.Count > 0;

    public bool HasLiveSource { get; private set; }

    public bool HasProbes { get; private set; }

    /// <summary>Whether sources are read at the same time, because one of them may go on for ever.</summary>
    public bool ReadsTogether => HasLiveSource || HasProbes;

    /// <summary>Whether a source cannot tell by itself who the resolvers are.</summary>
    public bool NeedsResolvers { get; private set; }

    /// <summary>The paths of dnstap sockets.</summary>
    public IReadOnlyList<string> DnstapSockets => _dnstapSockets;

    /// <summary>Whether there is a store for what is rejected.</summary>
    public bool KeepsChaff { get; set; }

    /// <summary>What was said before of the pipeline of this name, if anything was.</summary>
    public static PassiveDnsSetup? Find(IServiceCollection services, string name) =>
        services.Where(s => !s.IsKeyedService).Select(s => s.ImplementationInstance).OfType<PassiveDnsSetup>().FirstOrDefault(setup => setup.Name == name);

    public void AddFile(string path) => _files.Add(path);

    public void AddSource(Func<IServiceProvider, ICaptureSource> open, bool isLive)
    {
        _sources.Add(open);
        HasLiveSource |= isLive;
        NeedsResolvers |= isLive;
    }

    public void AddProbes(Func<IServiceProvider, ICaptureSource> open)
    {
        _sources.Add(open);
        HasProbes = true;
    }

    public void AddDnstapSocket(string path)
    {
        _dnstapSockets.Add(path);
        AddDnstap((vantage, options, time) => DnstapSocketSource.ListenUnix(path, vantage, options, time));
    }

    public void AddDnstapListener(IPEndPoint endPoint) =>
        AddDnstap((vantage, options, time) => DnstapSocketSource.ListenTcp(endPoint, vantage, options, time));

    public void AddPowerDnsListener(IPEndPoint endPoint) =>
        AddDnstap((vantage, options, time) => PowerDnsSource.Listen(endPoint, vantage, options, time));

    public void UseStore(string method, Func<IServiceProvider, IObservationStore> open) => _stores.Add((method, open));

    /// <summary>Opens all sources into a list of the caller's, who disposes what is in it also after a failure.</summary>
    public void OpenSources(IServiceProvider services, List<ICaptureSource> opened)
    {
        // All files together: those of one kind are one recording, in the order of their times.
        if (_files.Count > 0) opened.AddRange(CaptureFiles.Open(_files, services.GetRequiredService<VantageOptions>()));
        foreach (Func<IServiceProvider, ICaptureSource> open in _sources) opened.Add(open(services));
    }

    /// <summary>Opens the one that was chosen, or the embedded store in the directory of the options.</summary>
    public IObservationStore OpenStore(IServiceProvider services)
    {
        if (_stores.Count == 1) return _stores[0].Open(services); // also where the other options would not let a host start
        string? directory = services.GetRequiredService<IOptions<PassiveDnsOptions>>().Value.StoreDirectory;
        return FindStoreFault(directory) is { } fault ? throw new InvalidOperationException(fault) : LoggedStore.Open(services, directory!);
    }

    /// <summary>Why there is not exactly one store, or <c>null</c> if there is.</summary>
    /// <param name="directory"><see cref="PassiveDnsOptions.StoreDirectory"/>.</param>
    public string? FindStoreFault(string? directory) => _stores.Count switch
    {
        0 when string.IsNullOrWhiteSpace(directory) => "No store is chosen: name a directory in StoreDirectory or with UseEmbeddedStore(path), or call "
            + "UseMemoryStore(), UseStore<T>() or a store package's own method, once on what AddPassiveDns() returns.",
        0 => null,
        1 when directory is not null => $"StoreDirectory and {_stores[0].Method} both choose a store: keep one of them.",
        1 => null,
        _ => $"{_stores.Count} stores are chosen ({string.Join(", ", _stores.Select(s => s.Method))}): keep one of these calls.",
    };

    private void AddDnstap(Func<VantageOptions, DnstapListenerOptions, TimeProvider, ICaptureSource> listen)
    {
        _sources.Add(services => listen(
            services.GetRequiredService<VantageOptions>(),
            services.GetRequiredService<IOptions<PassiveDnsOptions>>().Value.DnstapListener,
            services.GetRequiredService<TimeProvider>()));
        HasLiveSource = true;
    }
}
