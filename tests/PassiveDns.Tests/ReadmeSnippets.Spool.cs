using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PassiveDns.Tests;

public sealed partial class ReadmeSnippets
{
    [Fact]
    public void Spool()
    {
        ServiceCollection services = new();
        services.AddPassiveDns(options =>
            {
                options.Resolvers.Add("192.0.2.53");
                options.SpoolDirectory = "/var/spool/passivedns";
                options.SpoolMaxBytes = 4L << 30;
            })
            .AddCaptureSource<MySource>()
            .UseEmbeddedStore("/var/lib/passivedns");
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal(4L << 30, provider.GetRequiredService<IOptions<PassiveDnsOptions>>().Value.SpoolMaxBytes);
    }

    /// <summary>Never opened: the snippet only builds the services.</summary>
    private sealed class MySource : Capture.ICaptureSource
    {
        public string Name => "mine";

        public ValueTask<bool> ReadAsync(Capture.MessageBatch batch, CancellationToken cancellationToken = default) => new(false);

        public Capture.CaptureReport GetReport() => new() { Account = [] };

        public ValueTask DisposeAsync() => default;
    }
}
