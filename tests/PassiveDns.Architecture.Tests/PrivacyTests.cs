using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Reflection;

namespace PassiveDns.Architecture.Tests;

/// <summary>
/// Past the capture room no type can hold the address of a client or of a resolver. Every member that could hold any address stands here with the
/// reason why it may; a new one is a decision about privacy, to be made in review.
/// </summary>
public sealed class PrivacyTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly HashSet<Type> s_addresses =
    [
        typeof(HostAddress), typeof(IPAddress), typeof(IPNetwork), typeof(IPEndPoint), typeof(EndPoint), typeof(DnsEndPoint), typeof(SocketAddress),
        typeof(Socket), typeof(PhysicalAddress), typeof(UInt128),
    ];

    [Theory]
    [InlineData("PassiveDns.Aggregation")]
    [InlineData("PassiveDns.Storage")]
    [InlineData("PassiveDns.Storage.Embedded")]
    [InlineData("PassiveDns.Storage.RocksDb")]
    [InlineData("PassiveDns.Storage.Parquet")]
    [InlineData("PassiveDns")]
    public void Only_listed_members_can_hold_an_address(string assembly)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        foreach (Type type in Shipped.Load(assembly).GetTypes()) AddMembers(type, found);
        string[] allowed = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "address-members.txt"))
            .Where(line => line.StartsWith(assembly + ": ", StringComparison.Ordinal)).Select(line => line[(assembly.Length + 2)..].Split(" # ")[0].Trim())];
        Assert.True(found.IsSubsetOf(allowed), $"Not listed in address-members.txt:\n{string.Join("\n", found.Except(allowed).Select(m => $"{assembly}: {m}"))}");
        Assert.True(found.IsSupersetOf(allowed), $"Listed but gone:\n{string.Join("\n", allowed.Except(found))}");
    }

    /// <summary>What crosses from the capture room into the others, member by member.</summary>
    [Fact]
    public void A_captured_response_holds_a_message_a_time_the_server_the_zone_and_who_asked_for_it_and_nothing_else()
    {
        Assert.Equal(
            ["IsProbe", "Message", "QueryZone", "Server", "UnixNanoseconds"],
            typeof(CapturedResponse).GetFields(Declared).Select(f => f.Name.TrimStart('<').Split('>')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_observation_holds_no_address_but_in_its_data()
    {
        foreach (Type type in (Type[])[typeof(Observation), typeof(ObservationRow), typeof(ObservationRows), typeof(ObservationBatch), typeof(BatchId), typeof(SightingHistory)])
        {
            Assert.DoesNotContain(type.GetFields(Declared), field => Holds(field.FieldType));
        }
    }

    [Theory]
    [InlineData("PassiveDns.Aggregation")]
    [InlineData("PassiveDns.Storage")]
    [InlineData("PassiveDns.Storage.Embedded")]
    [InlineData("PassiveDns.Storage.RocksDb")]
    [InlineData("PassiveDns.Storage.Parquet")]
    public void No_field_is_named_after_a_client_or_a_port(string assembly)
    {
        IEnumerable<string> fields = Shipped.Load(assembly).GetTypes().SelectMany(t => t.GetFields(Declared)).Select(f => $"{f.DeclaringType}.{f.Name}");
        Assert.DoesNotContain(fields, name => name.Contains("client", StringComparison.OrdinalIgnoreCase) || name.EndsWith("Port", StringComparison.Ordinal)
            || name.EndsWith("_port", StringComparison.Ordinal));
    }

    private static void AddMembers(Type type, SortedSet<string> found)
    {
        // State machines and closures repeat what the method around them declares.
        if (type.Name.Contains('<', StringComparison.Ordinal) || type.DeclaringType?.Name.Contains('<', StringComparison.Ordinal) == true) return;
        string name = type.FullName!;
        foreach (FieldInfo field in type.GetFields(Declared).Where(f => !f.Name.Contains('<', StringComparison.Ordinal) && Holds(f.FieldType))) found.Add($"{name}.{field.Name}");
        foreach (PropertyInfo property in type.GetProperties(Declared).Where(p => Holds(p.PropertyType))) found.Add($"{name}.{property.Name}");
        foreach (MethodBase method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            if (method.IsSpecialName && method is MethodInfo || method.Name.Contains('<', StringComparison.Ordinal)) continue; // accessors and operators
            if (method.Name is "Deconstruct" or "PrintMembers") continue;
            foreach (ParameterInfo parameter in method.GetParameters().Where(p => Holds(p.ParameterType))) found.Add($"{name}.{method.Name}({parameter.Name})");
        }
    }

    private static bool Holds(Type type) =>
        s_addresses.Contains(type)
        || (type.HasElementType && Holds(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(Holds));
}
