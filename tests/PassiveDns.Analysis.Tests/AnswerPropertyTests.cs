using FsCheck.Xunit;
using PassiveDns.Storage;
using PassiveDns.Storage.Conformance;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Analysis.Tests;

/// <summary>What holds for the answer to every question: rows that have nothing to do with it, and the way in which rows came, never change it.</summary>
public class AnswerPropertyTests
{
    [Property(Replay = "(42,43)", MaxTest = 60)]
    public async Task Neither_unrelated_rows_nor_the_cut_of_batches_change_an_answer(byte[] seed, byte[] others, byte cut)
    {
        IObservationReader plain = await Store([seed], unrelated: []);
        IObservationReader split = await Store([seed[..Math.Min(cut, seed.Length)], seed[Math.Min(cut, seed.Length)..]], others);
        Assert.Equal(await AnswersAsync(plain), await AnswersAsync(split));
    }

    // Few names, servers and addresses, so that they meet often; three octets make a row.
    private static async Task<MemoryObservationStore> Store(byte[][] batches, byte[] unrelated)
    {
        MemoryObservationStore store = new();
        BatchBuilder builder = new();
        ulong sequence = 0;
        byte[] all = [.. batches.SelectMany(b => b)];
        int taken = 0;
        foreach (byte[] batch in batches)
        {
            for (; taken + 3 <= all.Length && taken < batches.TakeWhile(b => b != batch).Sum(b => b.Length) + batch.Length; taken += 3) Add(builder, all.AsSpan(taken, 3), "test", 2);
            await store.WriteAsync(builder.Build(++sequence));
        }

        for (int i = 0; i + 3 <= unrelated.Length; i += 3) Add(builder, unrelated.AsSpan(i, 3), "other", 3);
        builder.Add("ever.other", "TXT", "\"seen\"", SmallWorld.Day(-1), SmallWorld.Day(60), bailiwick: "other"); // the time up to which the store speaks is a part of answers
        await store.WriteAsync(builder.Build(++sequence));
        return store;
    }

    private static void Add(BatchBuilder builder, ReadOnlySpan<byte> octets, string top, int net)
    {
        long first = SmallWorld.Day(octets[1] % 40), last = first + ((octets[1] / 40) * 86_400);
        string name = $"n{octets[0] % 5}.{top}";
        (string type, string rdata) = (octets[0] / 5 % 4) switch
        {
            0 => ("A", $"192.0.{net}.{octets[2] % 3}"),
            1 => ("CNAME", $"n{octets[2] % 5}.{top}."),
            2 => ("NS", $"n{octets[2] % 5}.{top}."),
            _ => ("MX", $"10 n{octets[2] % 5}.{top}."),
        };
        builder.Add(name, type, rdata, first, last, bailiwick: octets[2] % 2 == 0 ? name : top);
    }

    private static async Task<List<string>> AnswersAsync(IObservationReader reader)
    {
        List<string> answers = [];
        HostAddress first = HostAddress.FromBytes([192, 0, 2, 0]), last = HostAddress.FromBytes([192, 0, 2, 255]);
        await foreach (AddressShare share in new SharedAddresses(reader).Find(new(first, last)))
        {
            answers.Add($"{share.Address} {share.Degree}");
            answers.AddRange(share.Names.Select(n => $"{n.Name} {n.Count} {string.Join(' ', n.Aliases)} {string.Join(' ', n.Presence.Stretches)}"));
        }

        for (int i = 0; i < 5; i++)
        {
            DomainName name = DomainName.Parse($"n{i}.test");
            await foreach (Relatedness one in new RelatedNames(reader).Find(name)) answers.Add($"{one.Name} {one.AdamicAdar} {one.Jaccard}");
            await foreach (SimilarZone one in new SimilarZones(reader).Find(name)) answers.Add($"{one.Name} {one.Similarity} {one.HasSameSet}");
            await foreach (NameHistory history in new NameHistories(reader).Find(new(name)))
            {
                answers.AddRange(history.Tracks.SelectMany(t => t.Runs.Select(r => $"{t.Owner} {t.Type} {t.Zone} {string.Join(' ', r.State.Values)} {r.Begin} {r.End} {r.IsBeside} {r.State.Count}")));
                answers.Add($"{history.Instability with { Guards = [] }} {string.Join(' ', history.Instability.Guards)}");
            }

            foreach (ServerRole role in Enum.GetValues<ServerRole>())
            {
                await foreach (ServerUse use in new ServerUses(reader).Find(new(name, role))) answers.Add($"{use.Name} {use.Side} {use.Count} {string.Join(' ', use.Presence.Stretches)}");
            }
        }

        foreach (NewcomerKind kind in Enum.GetValues<NewcomerKind>())
        {
            NewcomerQuery query = new(new(SmallWorld.Day(10), long.MaxValue)) { Kind = kind, Under = DomainName.Parse("test") };
            await foreach (Newcomer one in new Newcomers(reader).Find(query)) answers.Add($"{one.Kind} {one.Name} {one.FirstSeen} {one.Evidence[0].Type}");
        }

        // Short bounds, so that what is random here deviates, too.
        HijackOptions tight = new() { MaxDuration = TimeSpan.FromDays(5), BaselineAge = TimeSpan.FromDays(10), MinDangling = TimeSpan.FromDays(3) };
        await foreach (HijackSuspect one in new Hijacks(reader, null, tight).Find(new() { Under = DomainName.Parse("test") }))
        {
            answers.Add($"{one.Kind} {one.Name} {one.Interval} {string.Join(' ', one.Indicators)} {string.Join(' ', one.Names)} {string.Join(' ', one.Rogue)} {string.Join(' ', one.CoVictims.Select(v => v.Name))}");
        }

        foreach (ChangeScope scope in (ChangeScope[])[new ChangeScope.Subtree(DomainName.Parse("test")), new ChangeScope.Addresses(first, last), new ChangeScope.Server(DomainName.Parse("n1.test"))])
        {
            ChangeQuery query = new(scope, new(SmallWorld.Day(5), SmallWorld.Day(30))) { FoldNoise = answers.Count % 2 == 0, MinRemovalConfidence = 0.5 };
            await foreach (ObservedChange c in new ObservedChanges(reader).Find(query))
                answers.Add($"{c.Kind} {c.Effect} {c.Name} {c.Type} {c.Zone} {c.Time} {c.ShareInWindow} {c.Confidence} {c.Noise} {c.Folded} {string.Join(' ', c.Before?.Values ?? [])} > {string.Join(' ', c.After?.Values ?? [])}");
        }

        await foreach (ServerUse use in new ServerUses(reader).FindByAddress(new(first, last), ServerRole.NameServer)) answers.Add($"{use.Name} {use.Side} {use.ServerAddress} {string.Join(' ', use.Presence.Stretches)}");
        return answers;
    }
}
