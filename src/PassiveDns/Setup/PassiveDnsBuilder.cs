using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PassiveDns.Capture;
using PassiveDns.Events;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Memory;

namespace PassiveDns;

/// <summary>What <c>AddPassiveDns()</c> returns: <c>Add...</c> sources, as many as there are, and <c>Use...</c> exactly one store.</summary>
public sealed class PassiveDnsBuilder
{
    /// <summary>
    /// The key of the service <see cref="IObservationStore"/> that <see cref="UseChaffStore(Func{IServiceProvider, IObservationStore})"/> adds; for a pipeline with a
    /// name a dot and the name follow.
    /// </summary>
    public const string ChaffStore = "PassiveDns.Chaff";

    private readonly PassiveDnsSetup _setup;

    internal PassiveDnsBuilder(IServiceCollection services, PassiveDnsSetup setup)
    {
        Services = services;
        _setup = setup;
    }

    /// <summary>The name of the pipeline, which is the key of its services and the name of its options; empty for the one without a name.</summary>
    public string Name => _setup.Name;

    /// <summary>The services, for extensions of this builder.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Adds a file of captured traffic of any kind that <see cref="CaptureFiles"/> opens; its content tells which. Several files of one kind are read as
    /// one recording. The same files count once in a store, however often they are imported and wherever an import was interrupted (see
    /// <see cref="ImportEpoch"/>).
    /// </summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    public PassiveDnsBuilder AddCaptureFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _setup.AddFile(path);
        return this;
    }

    /// <summary>Adds a pcap or pcapng file, the most usual kind: <see cref="AddCaptureFile"/> under another name.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    public PassiveDnsBuilder AddPcapFile(string path) => AddCaptureFile(path);

    /// <summary>Adds a file of dnstap in Frame Streams, as DNS servers and fstrm_capture write them: <see cref="AddCaptureFile"/> under another name.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    public PassiveDnsBuilder AddDnstapFile(string path) => AddCaptureFile(path);

    /// <summary>Adds a C-DNS file (RFC 8618), as dns-stats Compactor writes them: <see cref="AddCaptureFile"/> under another name.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    public PassiveDnsBuilder AddCdnsFile(string path) => AddCaptureFile(path);

    /// <summary>Adds a file of PowerDNS messages, each behind its length in two octets, as a Recursor sends them: <see cref="AddCaptureFile"/> under another name.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    public PassiveDnsBuilder AddPowerDnsFile(string path) => AddCaptureFile(path);

    /// <summary>
    /// Listens on a UNIX socket for DNS servers that send dnstap (see <see cref="DnstapSocketSource"/>). The host starts without configured resolvers:
    /// a resolver's dnstap says itself what it was answered. <see cref="PassiveDnsOptions.DnstapListener"/> and <see cref="VantageOptions.Dnstap"/> say how.
    /// </summary>
    /// <param name="path">Where the socket is made; its directory must exist, and the DNS servers must be let in.</param>
    public PassiveDnsBuilder AddDnstapSocket(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _setup.AddDnstapSocket(path);
        return this;
    }

    /// <summary>
    /// Listens on a TCP port for DNS servers that send dnstap; otherwise as <see cref="AddDnstapSocket"/>. It asks for no password and encrypts nothing:
    /// choose an address that only the DNS servers reach.
    /// </summary>
    /// <param name="endPoint">The address and the port.</param>
    public PassiveDnsBuilder AddDnstapListener(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        _setup.AddDnstapListener(endPoint);
        return this;
    }

    /// <summary>
    /// Listens on a TCP port for PowerDNS Recursors that send their Protocol Buffers messages (see <see cref="PowerDnsSource"/>); otherwise as
    /// <see cref="AddDnstapListener"/>, with the same options.
    /// </summary>
    /// <param name="endPoint">The address and the port.</param>
    public PassiveDnsBuilder AddPowerDnsListener(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        _setup.AddPowerDnsListener(endPoint);
        return this;
    }

    /// <summary>Adds a source of your own; its constructor may ask for <see cref="VantageOptions"/> and any other service.</summary>
    /// <typeparam name="TSource">The source; the pipeline disposes it.</typeparam>
    /// <param name="isLive">Whether it listens to live traffic: then the host starts only if resolvers are configured. <c>false</c> for a source that ends by itself.</param>
    public PassiveDnsBuilder AddCaptureSource<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSource>(bool isLive = true)
        where TSource : class, ICaptureSource =>
        AddCaptureSource(services => ActivatorUtilities.CreateInstance<TSource>(services), isLive);

    /// <summary>Adds a source of your own.</summary>
    /// <param name="open">Makes the source when the pipeline starts; the pipeline disposes it.</param>
    /// <param name="isLive">Whether it listens to live traffic: then the host starts only if resolvers are configured. <c>false</c> for a source that ends by itself.</param>
    public PassiveDnsBuilder AddCaptureSource(Func<IServiceProvider, ICaptureSource> open, bool isLive = true)
    {
        ArgumentNullException.ThrowIfNull(open);
        _setup.AddSource(open, isLive);
        return this;
    }

    /// <summary>
    /// Adds active probing, which nothing else switches on: asks for the names of a watch list at their authoritative servers, again and again. What they
    /// answer is kept as <see cref="Provenance.Probe"/>, which queries leave out unless told otherwise.
    /// </summary>
    /// <param name="configure">Names to ask for, how often and how gently. Without root servers of its own it begins at those of the root hints.</param>
    public PassiveDnsBuilder AddProbing(Action<ProbeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddOptions<ProbeOptions>(Name).Configure(configure).ValidateOnStart();
        if (_setup.HasProbes) return this; // a further call adds to the same probes
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProbeOptions>, ProbeOptionsValidator>());
        _setup.AddProbes(PipelineParts.Probes);
        return this;
    }

    /// <summary>
    /// Adds a feed of what is new about the rows that the pipeline writes: subscribe to <see cref="ObservationFeed"/>, which has the pipeline's name as its key
    /// where there is one.
    /// </summary>
    /// <param name="options">How it judges; <c>null</c> for the defaults.</param>
    public PassiveDnsBuilder AddEvents(FeedOptions? options = null)
    {
        if (Name.Length == 0) Services.AddSingleton(_ => new ObservationFeed(options));
        else Services.AddKeyedSingleton(Name, (_, _) => new ObservationFeed(options));
        return this;
    }

    /// <summary>Keeps observations in memory: for tests and for questions about one capture.</summary>
    public PassiveDnsBuilder UseMemoryStore() => UseStore(_ => new MemoryObservationStore(), nameof(UseMemoryStore));

    /// <summary>Keeps observations in files in a directory, which is made if it does not exist. One process at a time may write it.</summary>
    /// <param name="path">The directory, absolute or relative to the current directory.</param>
    /// <param name="configure">Sets options of the store.</param>
    public PassiveDnsBuilder UseEmbeddedStore(string path, Action<EmbeddedStoreOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return UseStore(services => LoggedStore.Open(services, path, configure));
    }

    /// <summary>
    /// Keeps what scrubbing takes out and what nothing supports in files in a directory of their own, apart from everything else: for research on attacks, broken
    /// servers and middleboxes. Ask it as the service <see cref="IObservationStore"/> with the key <see cref="ChaffStore"/>.
    /// </summary>
    /// <param name="path">The directory; not that of the observations.</param>
    public PassiveDnsBuilder UseChaffStore(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return UseChaffStore(services => LoggedStore.Open(services, path));
    }

    /// <summary>Keeps what scrubbing takes out and what nothing supports in a store of its own; see <see cref="UseChaffStore(string)"/>.</summary>
    /// <param name="open">Opens the store when the run starts; the service provider disposes it.</param>
    /// <exception cref="InvalidOperationException">There is such a store already.</exception>
    public PassiveDnsBuilder UseChaffStore(Func<IServiceProvider, IObservationStore> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (_setup.KeepsChaff) throw new InvalidOperationException("A chaff store is chosen already: call UseChaffStore once.");
        _setup.KeepsChaff = true;
        Services.AddKeyedSingleton(ChaffKey(Name), (services, _) => open(new PipelineServices(services, Name)));
        return this;
    }

    internal static string ChaffKey(string pipeline) => pipeline.Length == 0 ? ChaffStore : $"{ChaffStore}.{pipeline}";

    /// <summary>Keeps observations in a store of your own; its constructor may ask for any service.</summary>
    /// <typeparam name="TStore">The store; the service provider disposes it.</typeparam>
    public PassiveDnsBuilder UseStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>()
        where TStore : class, IObservationStore =>
        UseStore(services => ActivatorUtilities.CreateInstance<TStore>(services));

    /// <summary>Keeps observations in a store of your own. A store package's <c>UseX()</c> extension calls this.</summary>
    /// <param name="open">Opens the store when it is first needed; the service provider disposes it.</param>
    /// <param name="method">The calling method, for the message that two stores were chosen; the compiler fills it in.</param>
    public PassiveDnsBuilder UseStore(Func<IServiceProvider, IObservationStore> open, [CallerMemberName] string method = "UseStore")
    {
        ArgumentNullException.ThrowIfNull(open);
        _setup.UseStore(method, open);
        return this;
    }
}
