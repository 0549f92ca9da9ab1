using System.Runtime.CompilerServices;

namespace PassiveDns.Aggregation;

// Tells what became of each response and RRset, one by one. Nothing here runs unless somebody listens.
public sealed partial class ResponseAggregator
{
    private readonly Action<TracedFate>? _trace;
    private long _number; // of the response at hand

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(scoped in CapturedResponse response, ResponseFate fate)
    {
        StageCount line = _responses.ToLine(AggregationReport.ResponseStage, fate, AggregationReport.IsDrop(fate));
        _trace!(new()
        {
            Stage = line.Stage,
            Fate = line.Fate,
            IsDrop = line.IsDrop,
            Number = _number,
            UnixNanoseconds = response.UnixNanoseconds,
            Server = response.Server,
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(scoped in CapturedResponse response, in Rrset rrset, RrsetFate fate, int zone = WaitingRrset.NoEstimate) =>
        Tell(_number, response.UnixNanoseconds, response.Server, _response.Names[rrset.Owner], rrset.Type, rrset.Section, fate, zone);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(in WaitingRrset rrset, NameView owner, RrsetFate fate, int zone) =>
        Tell(rrset.Response, rrset.Time * 1_000_000_000, rrset.Server, owner, rrset.Type, rrset.Section, fate, zone);

    /// <param name="number">The response.</param>
    /// <param name="unixNanoseconds">When it was seen.</param>
    /// <param name="server">Who gave it.</param>
    /// <param name="owner">The owner of the RRset.</param>
    /// <param name="type">Its type.</param>
    /// <param name="section">Where it stood.</param>
    /// <param name="fate">What became of it.</param>
    /// <param name="zone">The label count of the zone to name, or <see cref="WaitingRrset.NoEstimate"/>.</param>
    private void Tell(long number, long unixNanoseconds, HostAddress server, NameView owner, RecordType type, DnsSection section, RrsetFate fate, int zone)
    {
        StageCount line = _rrsets.ToLine(AggregationReport.RrsetStage, fate, AggregationReport.IsDrop(fate));
        _trace!(new()
        {
            Stage = line.Stage,
            Fate = line.Fate,
            IsDrop = line.IsDrop,
            Number = number,
            UnixNanoseconds = unixNanoseconds,
            Name = DomainName.TryFromWire(owner.Wire, out DomainName name) ? name : null,
            Type = type,
            Server = server,
            Section = section,
            Zone = zone != WaitingRrset.NoEstimate && DomainName.TryFromWire(owner.Suffix(zone), out DomainName apex) ? apex : null,
        });
    }
}
