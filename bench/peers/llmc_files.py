#!/usr/bin/env python3
"""Writes what llm.c's CPU trainer reads, with random weights and tokens: python3 llmc_files.py FOLDER

    FOLDER/gpt2_124M.bin                                   GPT-2 124M, version 3 of its format: 256 ints, then fp32 tensors
    FOLDER/dev/data/tinyshakespeare/tiny_shakespeare_*.bin tokens: 256 ints, then uint16
"""
import array, os, random, struct, sys

MAX_LENGTH, VOCAB, PADDED, LAYERS, HEADS, HIDDEN = 1024, 50257, 50304, 12, 12, 768
#        rows of HIDDEN columns or so, in the order of the file; (count, kind)
TENSORS = [
    (PADDED * HIDDEN, "random"), (MAX_LENGTH * HIDDEN, "random"),
    (LAYERS * HIDDEN, "one"), (LAYERS * HIDDEN, "zero"),
    (LAYERS * 3 * HIDDEN * HIDDEN, "random"), (LAYERS * 3 * HIDDEN, "zero"),
    (LAYERS * HIDDEN * HIDDEN, "random"), (LAYERS * HIDDEN, "zero"),
    (LAYERS * HIDDEN, "one"), (LAYERS * HIDDEN, "zero"),
    (LAYERS * 4 * HIDDEN * HIDDEN, "random"), (LAYERS * 4 * HIDDEN, "zero"),
    (LAYERS * 4 * HIDDEN * HIDDEN, "random"), (LAYERS * HIDDEN, "zero"),
    (HIDDEN, "one"), (HIDDEN, "zero"),
]


def header(*values):
    return struct.pack("<256i", *values, *[0] * (256 - len(values)))


def main(folder):
    draw = random.Random(1)
    some = array.array("f", (draw.gauss(0, 0.02) for _ in range(1 << 16)))  # repeated at odd offsets: speed does not depend on values
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "gpt2_124M.bin"), "wb") as file:
        file.write(header(20240326, 3, MAX_LENGTH, VOCAB, LAYERS, HEADS, HIDDEN, PADDED))
        for count, kind in TENSORS:
            if kind == "random":
                while count > 0:
                    start = draw.randrange(len(some))
                    part = some[start:start + count]
                    part.tofile(file)
                    count -= len(part)
            else:
                array.array("f", [1.0 if kind == "one" else 0.0] * count).tofile(file)
    data = os.path.join(folder, "dev", "data", "tinyshakespeare")
    os.makedirs(data, exist_ok=True)
    for part in ("train", "val"):
        tokens = array.array("H", (draw.randrange(VOCAB) for _ in range(1 << 15)))
        with open(os.path.join(data, f"tiny_shakespeare_{part}.bin"), "wb") as file:
            file.write(header(20240520, 1, len(tokens)))
            tokens.tofile(file)


main(sys.argv[1])
