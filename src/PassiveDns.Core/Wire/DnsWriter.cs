using System.Buffers.Binary;
using System.Text;

namespace PassiveDns;

/// <summary>
/// Writes a sound DNS message, for tests, samples and probes. It is not made for speed. What it writes, <see cref="DnsReader"/> reads back.
/// </summary>
public sealed partial class DnsWriter
{
    private const int MaxPointerTarget = 0x3FFF; // 14 bits: RFC 1035 section 4.1.4

    private readonly byte[] _octets = new byte[MessageFraming.MaxMessageLength];
    private readonly Dictionary<DomainName, int> _names = [];
    private readonly bool _compress;
    private int _length = DnsHeader.Length;
    private DnsSection _section;
    private bool _hasOpt;

    /// <summary>Starts a message.</summary>
    /// <param name="id">The transaction identifier.</param>
    /// <param name="flags">The second 16 bits of the header as they stand on the wire, such as 0x8400 for an authoritative response (RFC 1035 section 4.1.1).</param>
    /// <param name="compress">Whether names are compressed: owners, and names in the data of the types of RFC 1035 (RFC 3597 section 4 forbids it in others).</param>
    public DnsWriter(ushort id, ushort flags, bool compress = true)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_octets, id);
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(2), flags);
        _compress = compress;
    }

    /// <summary>The message so far; complete at any time.</summary>
    public ReadOnlySpan<byte> Message => _octets.AsSpan(0, _length);

    /// <summary>Copies the message.</summary>
    public byte[] ToArray() => Message.ToArray();

    /// <summary>Writes the question. A message has one at most (RFC 9619).</summary>
    /// <param name="name">The name asked for.</param>
    /// <param name="type">The type asked for.</param>
    /// <param name="class">The class.</param>
    /// <exception cref="InvalidOperationException">There is a question or a record already.</exception>
    public DnsWriter Question(DomainName name, RecordType type, RecordClass @class = RecordClass.IN)
    {
        if (_length > DnsHeader.Length) throw new InvalidOperationException("The question comes first, and there is one at most.");
        WriteName(name);
        WriteU16((ushort)type);
        WriteU16((ushort)@class);
        Count(DnsSection.Question);
        return this;
    }

    /// <summary>Writes a record from canonical data.</summary>
    /// <param name="section">Answer, Authority or Additional; never before the section of the record before.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="type">The type; OPT has a method of its own.</param>
    /// <param name="timeToLive">The TTL in seconds.</param>
    /// <param name="canonical">Canonical data (see <see cref="RecordData"/>), at most 65,535 octets.</param>
    /// <param name="class">The class.</param>
    /// <exception cref="InvalidOperationException">The section is over, or the message could become longer than 65,535 octets.</exception>
    public DnsWriter Record(
        DnsSection section, DomainName owner, RecordType type, uint timeToLive, ReadOnlySpan<byte> canonical, RecordClass @class = RecordClass.IN)
    {
        if (type == RecordType.OPT) throw new ArgumentException($"An OPT record is written by {nameof(Edns)}.", nameof(type));
        Enter(section);
        Demand(owner.Wire.Length + 10 + canonical.Length);
        WriteName(owner);
        WriteU16((ushort)type);
        WriteU16((ushort)@class);
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), timeToLive);
        Span<byte> length = Take(2);
        int start = _length;
        WriteData(type, canonical);
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(_length - start));
        Count(section);
        return this;
    }

    /// <summary>Writes a record from text.</summary>
    /// <param name="section">Answer, Authority or Additional; never before the section of the record before.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="type">The type.</param>
    /// <param name="timeToLive">The TTL in seconds.</param>
    /// <param name="text">The data as in a zone file; names without a final dot are under the root.</param>
    /// <exception cref="FormatException">The text is not of this type.</exception>
    /// <exception cref="InvalidOperationException">The section is over, or the message could become longer than 65,535 octets.</exception>
    public DnsWriter Record(DnsSection section, DomainName owner, RecordType type, uint timeToLive, string text)
    {
        byte[] canonical = new byte[RecordData.MaxLength];
        return RdataText.TryParse(type, Encoding.UTF8.GetBytes(text), canonical, out int length)
            ? Record(section, owner, type, timeToLive, canonical.AsSpan(0, length))
            : throw new FormatException($"'{text}' is not the text of a record of type {RecordTypeNames.Format(type)}.");
    }

    /// <summary>Writes the OPT record of EDNS (RFC 6891 section 6.1) into the additional section.</summary>
    /// <param name="udpPayloadSize">The largest UDP message that the sender takes.</param>
    /// <param name="dnssecOk">DO: whether DNSSEC records are wanted (RFC 3225).</param>
    /// <param name="code">The response code, of which OPT holds the upper eight bits and the header, which is set too, the lower four.</param>
    /// <param name="options">The options in wire format.</param>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public DnsWriter Edns(ushort udpPayloadSize = 1232, bool dnssecOk = false, ResponseCode code = ResponseCode.NoError, ReadOnlySpan<byte> options = default)
    {
        if (_hasOpt) throw new InvalidOperationException("A message has one OPT record at most.");
        if (!DnsReader.AreOptionsSound(options)) throw new ArgumentException("Each option is a code, a length and its data.", nameof(options));
        Enter(DnsSection.Additional);
        Demand(11 + options.Length);
        Take(1)[0] = 0;
        WriteU16((ushort)RecordType.OPT);
        WriteU16(udpPayloadSize);
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), (uint)code >> 4 << 24 | (dnssecOk ? 0x8000u : 0));
        WriteU16((ushort)options.Length);
        options.CopyTo(Take(options.Length));
        _octets[3] = (byte)(_octets[3] & 0xF0 | (int)code & 0xF);
        _hasOpt = true;
        Count(DnsSection.Additional);
        return this;
    }

    private void Enter(DnsSection section)
    {
        if (section == DnsSection.Question || section < _section) throw new InvalidOperationException($"The {section} section is over; write records in the order of sections.");
        _section = section;
    }

    /// <summary>Looks for room before anything is written, so that a refusal leaves the message whole. Compression may need less.</summary>
    private void Demand(int length)
    {
        if (_octets.Length - _length < length) throw new InvalidOperationException("The message could become longer than 65,535 octets; write fewer records.");
    }

    private void Count(DnsSection section)
    {
        Span<byte> count = _octets.AsSpan(4 + 2 * (int)section);
        BinaryPrimitives.WriteUInt16BigEndian(count, checked((ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + 1)));
    }
}
