using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PassiveDns.Capture;

/// <summary>
/// Asks one server one question, as hard to spoof as a resolver does it: a random id, a random port, random letter case (0x20), and a check of all that
/// comes back against them (RFC 5452). Over UDP first, over TCP where that is not enough.
/// </summary>
internal sealed class ServerExchange(ProbeOptions options, TimeProvider clock)
{
    private const int UdpPayloadSize = 1232; // what passes everywhere unfragmented: fragments are easier to forge than ids
    private const int MaxForeign = 16; // wrong datagrams on one port; more is a race that UDP may lose
    private const int MaxAttempts = 5;

    private readonly QuestionPace _pace = new(options, clock);
    private readonly byte[] _buffer = new byte[MessageFraming.PrefixLength + MessageFraming.MaxMessageLength];

    private enum Outcome
    {
        Reply,
        Distrusted,
        Timeout,
        Unreachable,
    }

    public Tally<QuestionFate> Questions { get; } = new();

    public Tally<ReplyFate> Replies { get; } = new();

    /// <summary>Asks.</summary>
    /// <returns>A whole reply to this question, which is not counted yet, or <c>null</c> if there is none; then the question is counted.</returns>
    public async ValueTask<byte[]?> AskAsync(WatchedName question, HostAddress server, CancellationToken cancellationToken)
    {
        (bool edns, bool tcp, bool isRepeated) = (true, false, false);
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            await _pace.WaitAsync(server, cancellationToken).ConfigureAwait(false);
            byte[] sent = Write(question, edns);
            (Outcome outcome, byte[]? reply) = await ExchangeAsync(sent, server, tcp, cancellationToken).ConfigureAwait(false);
            if (outcome == Outcome.Unreachable)
            {
                Questions.Count(QuestionFate.Unreachable);
                return null;
            }

            if (outcome == Outcome.Timeout)
            {
                Questions.Count(QuestionFate.Timeout);
                if (isRepeated) return null;
                isRepeated = true;
                continue;
            }

            if (outcome == Outcome.Distrusted)
            {
                if (tcp)
                {
                    Questions.Count(QuestionFate.Malformed);
                    return null;
                }

                Questions.Count(QuestionFate.AskedAgainOverTcp);
                tcp = true;
                continue;
            }

            DnsHeader.TryRead(reply, out DnsHeader header);
            if (header.IsTruncated && !tcp)
            {
                Replies.Count(ReplyFate.Truncated);
                Questions.Count(QuestionFate.AskedAgainOverTcp);
                tcp = true;
            }
            else if (edns && header.ResponseCode is ResponseCode.FormatError or ResponseCode.NotImplemented)
            {
                Replies.Count(ReplyFate.RefusedLame);
                Questions.Count(QuestionFate.AskedAgainWithoutEdns);
                edns = false;
            }
            else
            {
                return reply;
            }
        }

        return null;
    }

    private static byte[] Write(WatchedName question, bool edns)
    {
        DnsWriter writer = new((ushort)RandomNumberGenerator.GetInt32(1 << 16), flags: 0); // RD=0, as a resolver asks
        writer.Question(question.Name, question.Type);
        if (edns) writer.Edns(UdpPayloadSize); // no option, above all no client subnet
        byte[] message = writer.ToArray();
        Span<byte> coins = stackalloc byte[32];
        RandomNumberGenerator.Fill(coins);
        int letter = 0;
        for (int at = DnsHeader.Length; message[at] != 0;)
        {
            for (int left = message[at++]; left > 0; left--, at++, letter++)
            {
                if ((message[at] | 0x20) is >= 'a' and <= 'z' && (coins[letter >> 3] >> (letter & 7) & 1) != 0) message[at] ^= 0x20;
            }
        }

        return message;
    }

    private async ValueTask<(Outcome Outcome, byte[]? Reply)> ExchangeAsync(byte[] sent, HostAddress server, bool tcp, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(options.Timeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        IPEndPoint remote = new(server.ToIPAddress(), options.Port);
        try
        {
            return tcp ? await OverTcpAsync(sent, remote, either.Token).ConfigureAwait(false) : await OverUdpAsync(sent, remote, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (Outcome.Timeout, null);
        }
        catch (SocketException)
        {
            return (Outcome.Unreachable, null);
        }
    }

    private async ValueTask<(Outcome Outcome, byte[]? Reply)> OverUdpAsync(byte[] sent, IPEndPoint remote, CancellationToken cancellationToken)
    {
        using Socket socket = BindAtRandom(remote.AddressFamily);
        await socket.ConnectAsync(remote, cancellationToken).ConfigureAwait(false); // the system drops what comes from elsewhere
        await socket.SendAsync(sent, cancellationToken).ConfigureAwait(false);
        for (int foreign = 0; foreign < MaxForeign; foreign++)
        {
            int length = await socket.ReceiveAsync(_buffer, cancellationToken).ConfigureAwait(false);
            ReplyFate fate = Check(sent, _buffer.AsSpan(0, length), tcp: false);
            if (fate == ReplyFate.Held) return (Outcome.Reply, _buffer.AsSpan(0, length).ToArray());
            Replies.Count(fate);
            if (fate == ReplyFate.RefusedLetterCase) break;
        }

        return (Outcome.Distrusted, null);
    }

    private async ValueTask<(Outcome Outcome, byte[]? Reply)> OverTcpAsync(byte[] sent, IPEndPoint remote, CancellationToken cancellationToken)
    {
        using Socket socket = new(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
        byte[] framed = new byte[MessageFraming.PrefixLength + sent.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)sent.Length);
        sent.CopyTo(framed, MessageFraming.PrefixLength);
        for (int done = 0; done < framed.Length;) done += await socket.SendAsync(framed.AsMemory(done), cancellationToken).ConfigureAwait(false);
        for (int received = 0; received < _buffer.Length;)
        {
            int length = await socket.ReceiveAsync(_buffer.AsMemory(received), cancellationToken).ConfigureAwait(false);
            if (length == 0) return (Outcome.Unreachable, null); // closed before the answer was whole
            received += length;
            if (Take(sent, received) is { } taken) return taken;
        }

        return (Outcome.Distrusted, null);
    }

    private (Outcome Outcome, byte[]? Reply)? Take(byte[] sent, int received)
    {
        ReadOnlySpan<byte> buffer = _buffer.AsSpan(0, received);
        if (!MessageFraming.TryRead(ref buffer, out ReadOnlySpan<byte> message)) return null;
        ReplyFate fate = Check(sent, message, tcp: true);
        if (fate == ReplyFate.Held) return (Outcome.Reply, message.ToArray());
        Replies.Count(fate);
        return (Outcome.Distrusted, null);
    }

    private static Socket BindAtRandom(AddressFamily family)
    {
        IPAddress any = family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        for (int left = 10; ; left--)
        {
            Socket socket = new(family, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                socket.Bind(new IPEndPoint(any, left > 0 ? RandomNumberGenerator.GetInt32(1024, 1 << 16) : 0));
                return socket;
            }
            catch (SocketException) when (left > 0)
            {
                socket.Dispose(); // taken: try another
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <returns><see cref="ReplyFate.Held"/> if it answers our question; RFC 5452 section 9.1 names what must agree.</returns>
    private static ReplyFate Check(ReadOnlySpan<byte> sent, ReadOnlySpan<byte> reply, bool tcp)
    {
        if (!DnsHeader.TryRead(reply, out DnsHeader header)) return ReplyFate.RefusedMalformed;
        if (header.Id != BinaryPrimitives.ReadUInt16BigEndian(sent) || !header.IsResponse || header.Opcode != 0 || header.QuestionCount != 1) return ReplyFate.RefusedForeign;
        WireName.Read(sent, DnsHeader.Length, out WireName asked, out int end);
        if (WireName.Read(reply, DnsHeader.Length, out WireName answered, out int next) != DnsError.None || reply.Length < next + 4) return ReplyFate.RefusedMalformed;
        if (!asked.EqualsIgnoringCase(answered) || !sent.Slice(end, 4).SequenceEqual(reply.Slice(next, 4))) return ReplyFate.RefusedForeign;
        return tcp || asked.EqualsExactly(answered) ? ReplyFate.Held : ReplyFate.RefusedLetterCase;
    }
}
