#!/usr/bin/env python3
"""Writes two small MaxMind databases of the invented networks in ../../capture: 2026-01.mmdb and 2026-03.mmdb.

The file format is MaxMind's open specification of MaxMind DB 2.0; networks, names and numbers (RFC 5398) are made up for this project and have its licence (MIT).
Between the two databases the network of skyrack changes its AS and country.
"""
import calendar, ipaddress, pathlib, struct

NETWORKS = {
    "192.0.2.0/24": (64496, "harbourhost", "NL"), "2001:db8:a::/48": (64496, "harbourhost", "NL"),
    "198.51.100.0/24": (64497, "skyrack", "DE"), "2001:db8:b::/48": (64497, "skyrack", "DE"),
    "203.0.113.64/26": (64498, "edgepoint", "US"), "2001:db8:c::/48": (64498, "edgepoint", "US"),
}


def control(kind, size):
    head = bytes([kind << 5 | min(size, 29)]) if kind < 8 else bytes([min(size, 29), kind - 7])
    assert size < 29 + 256
    return head if size < 29 else head + bytes([size - 29])


def encode(value):
    if isinstance(value, str):
        data = value.encode()
        return control(2, len(data)) + data
    if isinstance(value, dict):
        return control(7, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(encode(v) for v in value)
    kind, number = value  # an unsigned integer of a kind: 5 = 16, 6 = 32, 9 = 64 bits
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return control(kind, len(data)) + data


def write(path, epoch, networks):
    data, offsets, nodes = b"", {}, [[None, None]]
    for text, (number, organisation, country) in networks.items():
        network = ipaddress.ip_network(text)
        record = encode({"autonomous_system_number": (6, number), "autonomous_system_organization": organisation, "country": {"iso_code": country}})
        if record not in offsets:
            offsets[record] = len(data)
            data += record
        bits = f"{int(network.network_address):0{network.max_prefixlen}b}"[: network.prefixlen]
        if network.version == 4:
            bits = "0" * 96 + bits
        node = 0
        for bit in map(int, bits[:-1]):
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = ("node", len(nodes) - 1)
            node = nodes[node][bit][1]
        nodes[node][int(bits[-1])] = ("data", offsets[record])
    count = len(nodes)

    def number_of(entry):
        return count if entry is None else entry[1] if entry[0] == "node" else count + 16 + entry[1]

    tree = b"".join(struct.pack(">II", number_of(left), number_of(right)) for left, right in nodes)
    metadata = encode({
        "node_count": (6, count), "record_size": (5, 32), "ip_version": (5, 6), "database_type": "PassiveDns-Sample-Networks", "languages": ["en"],
        "binary_format_major_version": (5, 2), "binary_format_minor_version": (5, 0), "build_epoch": (9, epoch), "description": {"en": "Invented networks"},
    })
    path.write_bytes(tree + b"\0" * 16 + data + b"\xab\xcd\xefMaxMind.com" + metadata)


here = pathlib.Path(__file__).parent
write(here / "2026-01.mmdb", calendar.timegm((2026, 1, 1, 0, 0, 0)), NETWORKS)
moved = {text: (64499, "skyrack", "FR") if facts[1] == "skyrack" else facts for text, facts in NETWORKS.items()}
write(here / "2026-03.mmdb", calendar.timegm((2026, 3, 1, 0, 0, 0)), moved)
