using System.Security.Cryptography;

namespace PassiveDns.Capture;

/// <summary>
/// The way from the root to the servers of a name, asking only authoritative servers, each in the name of the zone that it was found to serve. Bounded in
/// steps, aliases, depth and questions, so that neither a loop nor a maze holds it.
/// </summary>
internal sealed class NameWalk(ServerExchange exchange, ZoneServers zones, Action<byte[], HostAddress, DomainName> observe)
{
    private const int MaxQuestions = 60; // for one name, everything included
    private const int MaxServersAsked = 6; // of one zone
    private const int MaxServerNames = 4; // resolved for one zone without glue
    private const int MaxAliases = 8;
    private const int MaxDepth = 4;

    private int _questionsLeft;

    /// <summary>Asks for a name until a server of its zone has answered.</summary>
    public async ValueTask<WalkFate> WalkAsync(WatchedName question, CancellationToken cancellationToken)
    {
        _questionsLeft = MaxQuestions;
        return (await WalkAsync(question, 0, cancellationToken).ConfigureAwait(false)).Fate;
    }

    private async ValueTask<(WalkFate Fate, IReadOnlyList<HostAddress> Addresses)> WalkAsync(WatchedName question, int depth, CancellationToken cancellationToken)
    {
        for (int aliases = 0; aliases <= MaxAliases; aliases++)
        {
            (WalkFate fate, ReplyReading? reading) = await DescendAsync(question, depth, cancellationToken).ConfigureAwait(false);
            if (reading is not { What: ReplyReading.Meaning.Alias }) return (fate, reading?.Addresses ?? []);
            question = question with { Name = reading.Next };
        }

        return (WalkFate.Limit, []);
    }

    private async ValueTask<(WalkFate Fate, ReplyReading? Reading)> DescendAsync(WatchedName question, int depth, CancellationToken cancellationToken)
    {
        (DomainName zone, IReadOnlyList<HostAddress> servers) = zones.Closest(question);
        while (true)
        {
            ReplyReading? reading = await AskAnyAsync(question, zone, servers, cancellationToken).ConfigureAwait(false);
            if (reading is null)
            {
                zones.Forget(zone);
                return (_questionsLeft < 0 ? WalkFate.Limit : WalkFate.NoServerAnswered, null);
            }

            if (reading.What != ReplyReading.Meaning.Referral) return (WalkFate.Answered, reading);

            // Each referral leads further down, so a name of 127 labels needs no more than 127 of them.
            servers = reading.Addresses;
            if (servers.Count == 0) servers = await FindAddressesAsync(reading, depth, cancellationToken).ConfigureAwait(false);
            if (servers.Count == 0) return (_questionsLeft < 0 ? WalkFate.Limit : WalkFate.NoAddressOfServers, null);
            zone = reading.Next;
            zones.Learn(zone, servers, reading.TimeToLive);
        }
    }

    private async ValueTask<ReplyReading?> AskAnyAsync(WatchedName question, DomainName zone, IReadOnlyList<HostAddress> servers, CancellationToken cancellationToken)
    {
        HostAddress[] order = [.. servers];
        RandomNumberGenerator.Shuffle(order.AsSpan());
        foreach (HostAddress server in order.OrderBy(address => !address.IsIPv4).Take(MaxServersAsked)) // not every host has IPv6
        {
            if (--_questionsLeft < 0) return null;
            byte[]? reply = await exchange.AskAsync(question, server, cancellationToken).ConfigureAwait(false);
            if (reply is null) continue;
            ReplyReading reading = ReplyReading.Of(reply, question, zone);
            switch (reading.What)
            {
                case ReplyReading.Meaning.Lame:
                    exchange.Questions.Count(QuestionFate.Lame);
                    exchange.Replies.Count(ReplyFate.RefusedLame);
                    break;
                case ReplyReading.Meaning.Malformed:
                    exchange.Questions.Count(QuestionFate.Malformed);
                    exchange.Replies.Count(ReplyFate.RefusedMalformed);
                    break;
                default:
                    exchange.Questions.Count(QuestionFate.Answered);
                    observe(reply, server, zone);
                    return reading;
            }
        }

        return null;
    }

    private async ValueTask<IReadOnlyList<HostAddress>> FindAddressesAsync(ReplyReading referral, int depth, CancellationToken cancellationToken)
    {
        if (depth == MaxDepth) return [];
        foreach (DomainName server in referral.ServerNames.Where(name => !name.IsAtOrUnder(referral.Next)).Take(MaxServerNames)) // else only glue could tell
        {
            foreach (RecordType type in (RecordType[])[RecordType.A, RecordType.AAAA])
            {
                (_, IReadOnlyList<HostAddress> addresses) = await WalkAsync(new(server, type), depth + 1, cancellationToken).ConfigureAwait(false);
                if (addresses.Count > 0) return addresses;
            }
        }

        return [];
    }
}
