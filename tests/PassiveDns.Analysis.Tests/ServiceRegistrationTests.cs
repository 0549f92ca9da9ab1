using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using PassiveDns.Storage;

namespace PassiveDns.Analysis.Tests;

public class ServiceRegistrationTests
{
    [Fact]
    public async Task Every_analysis_is_a_service()
    {
        ServiceCollection services = new();
        AnalysisOptions options = new();
        services.AddSingleton<IObservationReader>(await new SmallWorld().BuildAsync());
        services.AddPassiveDnsAnalysis(options);
        await using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        // An analysis is a public class that is made of a reader.
        Type[] analyses = [.. typeof(SharedAddresses).Assembly.GetExportedTypes().Where(type => type.GetConstructors().Any(IsAnalysis))];
        Assert.Contains(typeof(NameHistories), analyses);
        Assert.All(analyses, analysis => Assert.IsType(analysis, provider.GetRequiredService(analysis)));
        Assert.Same(options, provider.GetRequiredService<AnalysisOptions>());
    }

    private static bool IsAnalysis(ConstructorInfo constructor) => constructor.GetParameters() is [{ } first, ..] && first.ParameterType == typeof(IObservationReader);
}
