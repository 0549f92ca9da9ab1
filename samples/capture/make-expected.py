#!/usr/bin/python3
"""Writes expected.json: what is in sample.pcapng according to tshark and dnspython, with no passive DNS code involved.

    ./make-expected.py sample.pcapng > expected.json

tshark reassembles IP fragments and hands over UDP payloads and TCP segments; dnspython decodes the messages. Needs the Debian packages
tshark and python3-dnspython. The resolver's upstream addresses come from the file `resolvers` beside this script, the client
prefixes are the two constants below. A packet is client-side when one end is a client, upstream when one end is the resolver's
upstream address and the other is not a client.
"""
import collections
import ipaddress
import json
import pathlib
import subprocess
import sys

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype

CLIENTS = [ipaddress.ip_network(n) for n in ("10.53.0.0/24", "fd53::/64")]
RESOLVERS = [ipaddress.ip_network(n) for n in (pathlib.Path(__file__).parent / "resolvers").read_text().split()]
FIELDS = ("frame.number frame.time_epoch ip.src ip.dst ipv6.src ipv6.dst udp.srcport udp.dstport udp.payload tcp.srcport tcp.dstport "
          "tcp.stream tcp.seq tcp.payload ip.flags.mf ip.frag_offset ipv6.fraghdr.offset dns.count.answers dns.flags.response").split()

Packet = collections.namedtuple("Packet", "time side source target")
Message = collections.namedtuple("Message", "packet transport wire")


def within(address, networks):
    return any(address in n for n in networks if n.version == address.version)


def side_of(source, target):
    if within(source, CLIENTS) or within(target, CLIENTS):
        return "client_side"
    if within(source, RESOLVERS) or within(target, RESOLVERS):
        return "upstream"
    return "other"


def tshark(path):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "occurrence=a"] + [x for f in FIELDS for x in ("-e", f)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    for line in output.splitlines():
        yield dict(zip(FIELDS, line.split("\t")))


def read(path):
    """Packets by side, DNS messages in the order they were complete, and tshark's own number of answer records in responses."""
    packets, fragments, messages = collections.Counter(), collections.Counter(), []
    answers_by_tshark = 0
    streams = {}
    for row in tshark(path):
        source = ipaddress.ip_address(row["ip.src"] or row["ipv6.src"])
        target = ipaddress.ip_address(row["ip.dst"] or row["ipv6.dst"])
        side = side_of(source, target)
        packets[side] += 1
        if row["ip.flags.mf"] in ("1", "True") or row["ip.frag_offset"] not in ("", "0") or row["ipv6.fraghdr.offset"]:
            fragments[side] += 1
        if side == "upstream":
            for answers, response in zip(row["dns.count.answers"].split(","), row["dns.flags.response"].split(",")):
                answers_by_tshark += int(answers or 0) if response in ("1", "True") else 0
        udp, tcp = row["udp.payload"], row["tcp.payload"]
        if udp:
            packet = Packet(row["frame.time_epoch"], side, (source, int(row["udp.srcport"])), (target, int(row["udp.dstport"])))
            messages.append(Message(packet, "udp", bytes.fromhex(udp)))
        elif tcp:
            packet = Packet(row["frame.time_epoch"], side, (source, int(row["tcp.srcport"])), (target, int(row["tcp.dstport"])))
            key = row["tcp.stream"], packet.source
            expected, data = streams.get(key, (1, b""))
            assert int(row["tcp.seq"]) == expected, "a TCP segment is missing or came twice"
            data += bytes.fromhex(tcp)
            expected += len(tcp) // 2
            while len(data) >= 2 and len(data) >= 2 + int.from_bytes(data[:2], "big"):
                length = int.from_bytes(data[:2], "big")
                messages.append(Message(packet, "tcp", data[2:2 + length]))
                data = data[2 + length:]
            streams[key] = expected, data
    assert not any(data for _, data in streams.values()), "a TCP stream ends inside a message"
    return packets, fragments, messages, answers_by_tshark


def canonical(rdata):
    """Uncompressed, with the names of the RFC 4034 section 6.2 types in lower case."""
    wire = rdata.to_digestable()
    return wire, dns.rdata.from_wire(rdata.rdclass, rdata.rdtype, wire, 0, len(wire)).to_text()


def main(path):
    packets, fragments, messages, answers_by_tshark = read(path)
    counts = collections.Counter()
    rcodes, questions = collections.Counter(), {}
    truncated = unmatched = counted = answers = 0
    sections = {"answer": {}, "authority": {}, "additional": {}}
    for packet, transport, wire in messages:
        message = dns.message.from_wire(wire)
        response = bool(message.flags & dns.flags.QR)
        counts[packet.side, "responses" if response else "queries", transport] += 1
        if packet.side != "upstream":
            continue
        # Exact bytes of the question, because the resolver mixes upper and lower case.
        question = message.question[0].name.to_wire(), message.question[0].rdtype
        if not response:
            assert not message.flags & dns.flags.RD, "an upstream query with RD=1"
            assert packet.target[1] == 53
            questions[packet.source, packet.target, transport, message.id] = question
            continue
        if questions.pop((packet.target, packet.source, transport, message.id), None) != question:
            unmatched += 1
            continue
        answers += len(dns.message.from_wire(wire, one_rr_per_rrset=True).answer)
        rcode = message.rcode()
        rcodes[dns.rcode.to_text(rcode)] += 1
        if message.flags & dns.flags.TC:
            truncated += 1
            continue
        if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            continue
        counted += 1
        for section, rows in sections.items():
            for rrset in getattr(message, section):
                for rdata in rrset:
                    wire_form, text = canonical(rdata)
                    key = rrset.name.canonicalize(), rrset.rdtype, wire_form
                    first, _, count, _ = rows.get(key, (packet.time, None, 0, text))
                    rows[key] = first, packet.time, count + 1, text
    assert answers == answers_by_tshark, f"dnspython sees {answers} answer records, tshark {answers_by_tshark}"

    def directions(side):
        return {kind: {t: counts[side, kind, t] for t in ("udp", "tcp")} for kind in ("queries", "responses")}

    def row(key, value):
        name, rdtype, wire_form = key
        first, last, count, text = value
        return {"name": name.to_text(), "type": dns.rdatatype.to_text(rdtype), "rdata": text, "wire": wire_form.hex(),
                "first": float(first), "last": float(last), "count": count}

    head = {
        "about": "made by make-expected.py from sample.pcapng with tshark and dnspython; see README.md",
        "packets": {"total": sum(packets.values()), **packets, "fragments": dict(fragments)},
        "messages": {"client_side": directions("client_side"), "upstream": directions("upstream")},
        "upstream_responses": {"total": sum(rcodes.values()) + unmatched, "matching_a_query": sum(rcodes.values()),
                               "by_rcode": dict(sorted(rcodes.items())), "truncated": truncated, "counted": counted},
        "upstream_queries_without_response": len(questions),
    }
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
    for section, rows in sections.items():
        body = ",\n".join(json.dumps(row(k, rows[k])) for k in sorted(rows, key=lambda k: (k[0], k[1], k[2])))
        lines.append(f'"{section}": [\n{body}\n]')
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
