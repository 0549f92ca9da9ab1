using System.Reflection;

namespace PassiveDns.Tests;

/// <summary>The sample programs do what their first lines say. In one class, because they share the console.</summary>
public sealed class SampleProgramTests
{
    [Fact]
    public void The_quick_start_imports_answers_and_may_be_run_again()
    {
        using TemporaryFolder folder = new();
        string first = Run("QuickStart", folder.FullPath), second = Run("QuickStart", folder.FullPath);
        Assert.Contains("5 batches written, 0 had been written before", first, StringComparison.Ordinal);
        Assert.Contains("0 batches written, 5 had been written before", second, StringComparison.Ordinal);
        Assert.Equal(first[first.IndexOf("Who shares", StringComparison.Ordinal)..], second[second.IndexOf("Who shares", StringComparison.Ordinal)..]);
        foreach (string line in (string[])
            [
                "  www.widgets.example.                      2026-01-05 09:00:00  2026-03-20 10:30:00",
                "  garage.example.                           2026-01-05 09:00:00  2026-01-05 09:00:01",
                "  198.51.100.80                             2026-02-09 14:00:00  2026-03-20 10:30:00",
            ])
        {
            Assert.Contains(line, first, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_source_of_ones_own_observes_what_a_mirror_sends_and_refuses_the_client()
    {
        string output = Run("CustomSource");
        foreach (string line in (string[])
            [
                "example. NS ns1.example. in the zone ., VerifiedTraffic",
                "ns1.example. A 192.0.2.1 in the zone ., VerifiedTraffic",
                "www.example. A 192.0.2.80 in the zone example., VerifiedTraffic",
                "5 packets: udp-message",
                "2 messages: observed",
                "2 messages: query",
                "1 messages: refused-client-side",
            ])
        {
            Assert.Contains(line, output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("private.example", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sensor_keeps_what_it_hears_and_a_console_asks_its_store()
    {
        using TemporaryFolder folder = new();
        string sensor = Run("SensorToStore", folder.FullPath, Sample.Resolvers, Sample.Capture, Sample.RootHintsFile);
        Assert.Contains("462 responses observed, ", sensor, StringComparison.Ordinal);
        Assert.Contains("0 events lost; the account is balanced.", sensor, StringComparison.Ordinal);
        Assert.Contains("example.com. is new", sensor, StringComparison.Ordinal);

        TextReader before = Console.In;
        Console.SetIn(new StringReader("www.example.com\n192.0.2.80/30\n@ns1.harbourhost.example\n*.example.com\nno-such.example\na..b\n"));
        try
        {
            string answers = Run("QueryConsole", folder.FullPath);
            foreach (string part in (string[])["www.example.com. A 198.51.100.80  2026-02-09 14:00 .. 2026-03-20 10:30", "www.widgets.example. A 192.0.2.80", "garage.example. NS ns1.harbourhost.example.", "nothing known", "'a..b'"])
            {
                Assert.Contains(part, answers, StringComparison.Ordinal);
            }
        }
        finally
        {
            Console.SetIn(before);
        }
    }

    [Fact]
    public void Networks_are_told_as_of_the_time_of_each_sighting()
    {
        using TemporaryFolder folder = new();
        Run("QuickStart", folder.FullPath);
        string networks = Path.Combine(Sample.Repository, "samples", "Enrichment", "networks");
        string answers = Run("Enrichment", folder.FullPath, "www.example.com", Path.Combine(networks, "2026-03.mmdb"), Path.Combine(networks, "2026-01.mmdb"));
        foreach (string line in (string[])
            [
                "2026-01-05  192.0.2.80  192.0.2.0/24  AS64496 harbourhost, NL",
                "2026-02-09  198.51.100.80  198.51.100.0/24  AS64497 skyrack, DE",
                "2026-03-20  198.51.100.80  198.51.100.0/24  AS64499 skyrack, FR",
                "2026-02-09  2001:db8:b::80  2001:db8:b::/48  AS64497 skyrack, DE",
                "192.0.2.80 of harbourhost had ",
            ])
        {
            Assert.Contains(line, answers, StringComparison.Ordinal);
        }

        string later = Run("Enrichment", folder.FullPath, "www.example.com", Path.Combine(networks, "2026-03.mmdb"));
        Assert.Contains("2026-01-05  192.0.2.80  not known", later, StringComparison.Ordinal); // nothing is guessed of the time before
    }

    [Fact]
    public void A_store_of_ones_own_passes_the_conformance_kit() =>
        Assert.Matches(@"^\d{3} passed, \d+ skipped, 0 failed\s*$", Run("CustomStore"));

    private static string Run(string program, params string[] arguments)
    {
        TextWriter before = Console.Out;
        using StringWriter output = new();
        Console.SetOut(output);
        try
        {
            Assembly.Load(program).EntryPoint!.Invoke(null, [arguments]);
        }
        finally
        {
            Console.SetOut(before);
        }

        return output.ToString();
    }
}
