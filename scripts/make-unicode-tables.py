#!/usr/bin/env python3
"""Writes src/Cria.Data/Unicode/normalization.bin from the Unicode Character Database.

    apt-get install unicode-data && scripts/make-unicode-tables.py

The files are read from /usr/share/unicode, or from the folder given as the only argument. The layout of the table is
told where it is read: src/Cria.Data/Unicode/NormalizationTables.cs.
"""
import pathlib
import re
import struct
import sys

BLOCK = 128
CODE_POINTS = 0x110000

source = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
target = pathlib.Path(__file__).parent.parent / "src/Cria.Data/Unicode/normalization.bin"


def rows(name):
    """The fields of every line that is not a comment."""
    for line in (source / name).read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            yield [field.strip() for field in line.split(";")]


def span(text):
    first, _, last = text.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


combining, canonical, compatible = {}, {}, {}
for row in rows("UnicodeData.txt"):
    code = int(row[0], 16)
    if row[3] != "0":
        combining[code] = int(row[3])
    if row[5]:
        tag, _, mapping = row[5].rpartition(">")
        (compatible if tag else canonical)[code] = [int(part, 16) for part in mapping.split()]

excluded, flags = set(), {}
FLAG = {("NFC_QC", "N"): 1, ("NFC_QC", "M"): 2, ("NFKC_QC", "N"): 4, ("NFKC_QC", "M"): 8}
for row in rows("DerivedNormalizationProps.txt"):
    for code in span(row[0]):
        if row[1] == "Full_Composition_Exclusion":
            excluded.add(code)
        elif len(row) > 2 and (row[1], row[2]) in FLAG:
            flags[code] = flags.get(code, 0) | FLAG[row[1], row[2]]


def full(code, with_compatible):
    """The decomposition, taken to the end."""
    mapping = canonical.get(code) or (compatible.get(code) if with_compatible else None)
    return [code] if mapping is None else [p for part in mapping for p in full(part, with_compatible)]


pool, places = [], {}


def place(mapping):
    """Where a mapping lies in the pool; equal mappings share it."""
    key = tuple(mapping)
    if key not in places:
        places[key] = len(pool)
        pool.extend(key)
    return places[key]


records, record_of = [], {}


def record(code):
    narrow, wide = full(code, False), full(code, True)
    narrow = [] if narrow == [code] else narrow
    wide = [] if wide == [code] else wide
    key = (combining.get(code, 0), flags.get(code, 0), len(narrow), len(wide),
           place(narrow) if narrow else 0, place(wide) if wide else 0)
    if key not in record_of:
        record_of[key] = len(records)
        records.append(key)
    return record_of[key]


special = set(combining) | set(canonical) | set(compatible) | set(flags)
plain = record(0)  # the first record: a starter that never changes
blocks, block_of, index = [], {}, []
for start in range(0, CODE_POINTS, BLOCK):
    block = tuple(record(c) if c in special else plain for c in range(start, start + BLOCK))
    if block not in block_of:
        block_of[block] = len(blocks)
        blocks.append(block)
    index.append(block_of[block])

pairs = sorted((*mapping, code) for code, mapping in canonical.items() if code not in excluded and len(mapping) == 2)

first_line = (source / "DerivedNormalizationProps.txt").read_text(encoding="utf-8").split("\n", 1)[0]
version = [int(n) for n in re.search(r"(\d+)\.(\d+)\.(\d+)", first_line).groups()]
out = b"CRIAUNI1" + struct.pack("<8I", *version, len(index), len(blocks), len(records), len(pool), len(pairs))
out += struct.pack(f"<{len(index)}H", *index)
out += b"".join(struct.pack(f"<{BLOCK}H", *block) for block in blocks)
out += b"".join(struct.pack("<4B2H", *entry) for entry in records)
out += struct.pack(f"<{len(pool)}I", *pool)
out += b"".join(struct.pack("<3I", *pair) for pair in pairs)
target.write_bytes(out)
print(f"Unicode {'.'.join(map(str, version))}: {len(blocks)} blocks, {len(records)} records, {len(pool)} code points, "
      f"{len(pairs)} pairs, {len(out)} bytes")
