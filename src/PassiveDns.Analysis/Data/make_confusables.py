#!/usr/bin/env python3
"""Makes confusables.txt from the confusables of UTS 39 (https://www.unicode.org/Public/security/latest/confusables.txt).

    python3 make_confusables.py confusables.txt[.gz] > confusables.txt

One line for each letter, digit or mark beyond ASCII that can stand in a label (it is its own NFKC form and lower case) and whose skeleton differs from
itself: code point in hex, its skeleton, and "=" if it looks the same (UTS 39 alone) or "~" if it is the letter with a mark, stroke or hook.
The skeleton is that of UTS 39 section 4 in lower case, without combining marks. Letters that Unicode names as a variant of a Latin letter
("LATIN SMALL LETTER B WITH HOOK") and those in RESEMBLES fold to that letter.
"""
import gzip
import re
import sys
import unicodedata as ud

VARIANT = re.compile(r"^LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL|SMALL LETTER (?:OPEN|SCRIPT|DOTLESS)) ([A-Z])(?: WITH .+| BAR)?$")

# Letters whose prototype in UTS 39 is none of ASCII although they resemble one.
RESEMBLES = {"\u0138": "k", "\u028d": "m", "\u01dd": "e", "\u0185": "b", "\u01bf": "p", "\u00fe": "p", "\u0259": "e", "\u025c": "3", "\u021d": "3", "\u00df": "b", "\u1d0e": "n",
             "\u1d19": "r", "\u03c0": "n", "\u03c9": "w"}


def load(path):
    opened = gzip.open(path, "rt", encoding="utf-8-sig") if path.endswith(".gz") else open(path, encoding="utf-8-sig")
    prototypes = {}
    with opened as lines:
        for line in lines:
            fields = [f.strip() for f in line.split("#")[0].split(";")]
            if len(fields) >= 3:
                prototypes[chr(int(fields[0], 16))] = "".join(chr(int(h, 16)) for h in fields[1].split())
    return prototypes


def skeleton(char, prototypes):
    """The folded skeleton, and whether something was lost on the way there."""
    text, lost = char, False
    for _ in range(4):  # prototypes can be capitals, whose small letters have prototypes again
        mapped = ud.normalize("NFD", "".join(prototypes.get(c, c) if ord(c) > 127 else c for c in ud.normalize("NFD", text)))
        bare = "".join(c for c in mapped if ud.category(c) not in ("Mn", "Me"))
        lost |= bare != mapped
        variants = [VARIANT.match(ud.name(c, "")) if ord(c) > 127 else None for c in bare]
        lost |= any(variants)
        lost |= any(c in RESEMBLES for c in bare)
        folded = "".join(v.group(1) if v else RESEMBLES.get(c, c) for c, v in zip(bare, variants)).lower()
        if folded == text:
            break
        text = folded
    return text, lost


def main():
    prototypes = load(sys.argv[1])
    for code in range(128, sys.maxunicode + 1):
        char = chr(code)
        if ud.category(char)[0] not in "LNM" or ud.normalize("NFKC", char) != char or char.lower() != char:
            continue
        target, lost = skeleton(char, prototypes)
        if target != char and target and (char in prototypes or target.isascii() or lost):
            print(f"{code:X};{target};{'~' if lost else '='}")


main()
