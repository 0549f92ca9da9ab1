using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace PassiveDns.Architecture.Tests;

/// <summary>Logs and metrics leave the machine: no domain name and no address may be in them.</summary>
public sealed partial class ObservabilityTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the operator wrote into the configuration, and the words of our own enums and messages. A new word is a decision about privacy.
    private static readonly HashSet<string> s_words = new(StringComparer.OrdinalIgnoreCase)
        { "source", "file", "problem", "mend", "imbalance", "stage", "fate" };

    public static TheoryData<string> Shipped_assemblies => Shipped.Names;

    [Theory]
    [MemberData(nameof(Shipped_assemblies))]
    public void A_line_above_debug_is_made_of_numbers_and_of_words_of_ours(string assembly)
    {
        foreach (MethodInfo method in Shipped.Load(assembly).GetTypes().SelectMany(t => t.GetMethods(Declared)))
        {
            if (method.GetCustomAttribute<LoggerMessageAttribute>() is not { Level: > LogLevel.Debug }) continue;
            foreach (ParameterInfo parameter in method.GetParameters().Where(p => p.ParameterType != typeof(ILogger)))
            {
                bool isNumber = parameter.ParameterType.IsPrimitive || parameter.ParameterType == typeof(TimeSpan);
                Assert.True(
                    isNumber || (parameter.ParameterType == typeof(string) && s_words.Contains(parameter.Name!)),
                    $"{method.DeclaringType}.{method.Name} logs {parameter.Name}, which could be a name or an address.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shipped_assemblies))]
    public void Each_line_has_an_event_id_of_its_own_and_is_made_by_the_generator(string assembly)
    {
        int[] ids = [.. Shipped.Load(assembly).GetTypes().SelectMany(t => t.GetMethods(Declared)).Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(a => a.EventId)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.DoesNotContain(0, ids);
        foreach (string path in Shipped.Files(Path.GetRelativePath(Shipped.Repository, Shipped.Folder(assembly)), ".cs"))
        {
            Assert.False(LogByHand().IsMatch(File.ReadAllText(path)), $"{path} logs by hand: add a line to the generated ones.");
        }
    }

    [Fact]
    public void There_is_one_meter_and_one_activity_source()
    {
        string[] sources = [.. Shipped.Files("src", ".cs").Where(path => MakesMeter().IsMatch(File.ReadAllText(path))).Select(path => Path.GetFileName(path))];
        Assert.Equal(["PipelineActivities.cs", "PipelineMeter.cs"], sources.Order());
    }

    /// <summary>Whoever measures gets reports and counts: no member of these types could hand a tag a name or an address.</summary>
    [Fact]
    public void What_measures_knows_no_name_and_no_address()
    {
        Type[] secrets = [typeof(DomainName), typeof(HostAddress), typeof(Observation), typeof(ObservationRow), typeof(Rdata), typeof(IPAddress), typeof(IPNetwork), typeof(IPEndPoint)];
        foreach (string name in (string[])["PassiveDns.PipelineMeter", "PassiveDns.PipelineActivities"])
        {
            Type type = Shipped.Load("PassiveDns").GetType(name, throwOnError: true)!;
            foreach (MethodBase method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
            {
                IEnumerable<Type> seen = method.GetParameters().Select(p => p.ParameterType).Concat(method.GetMethodBody()?.LocalVariables.Select(v => v.LocalType) ?? []);
                Assert.Empty(seen.Intersect(secrets));
            }
        }
    }

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\(\s*(LogLevel|\$?""|exception|e,)")]
    private static partial Regex LogByHand();

    [GeneratedRegex(@"new(\(| Meter\(| ActivitySource\()\w*(MeterName|SourceName)")]
    private static partial Regex MakesMeter();
}
