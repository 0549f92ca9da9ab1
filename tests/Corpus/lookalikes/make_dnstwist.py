#!/usr/bin/env python3
"""Makes dnstwist.tsv with dnstwist (Debian package dnstwist 0~20221213-1): brand, algorithm, variant.

    python3 make_dnstwist.py > dnstwist.tsv

All variants of every algorithm but homoglyph, of which there are thousands for each brand: of those every 20th in sorted order.
"""
import sys

sys.path.insert(0, "/usr/lib/python3/dist-packages")
import dnstwist  # noqa: E402

BRANDS = ["northvalepay.com", "examplebank.com", "lumenpost.com", "bluetail.com", "norvita.com", "zalkor.com", "quint.com"]
WORDS = ["login", "secure", "account", "verify", "support", "update"]
SUFFIXES = ["net", "org", "info", "co.uk", "top", "xyz"]

for brand in BRANDS:
    fuzz = dnstwist.Fuzzer(brand, dictionary=WORDS, tld_dictionary=SUFFIXES)
    fuzz.generate()
    rows = sorted((d["fuzzer"], d["domain"]) for d in fuzz.domains if d["fuzzer"] != "*original")
    glyphs = [r for r in rows if r[0] == "homoglyph"]
    for fuzzer, domain in [r for r in rows if r[0] != "homoglyph"] + glyphs[::20]:
        print(brand, fuzzer, domain, sep="\t")
