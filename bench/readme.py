#!/usr/bin/env python3
"""Puts the measurements of bench/results into the table of README.md, between its two markers."""
import glob, json, os, re

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
rows, extra = [], ""


def percent(share):
    return f"{100 * share:.1f} %"


def add(source, what, result):
    rows.append((what, result, source["machine"], source["commit"], f"`{source['command']}`"))


for path in sorted(glob.glob(os.path.join(root, "bench/results/*/*.json"))):
    source = json.load(open(path))
    r, name = source["result"], os.path.basename(path)[:-5]
    if name.startswith("quickstart"):
        corpus = "generated stories" if r.get("share_of_the_way") else "your own text (19 MB of books)"
        add(source, f"quickstart on {corpus}: bits per byte on unseen text",
            f"{r['bits_per_byte']:.3f}, Kneser–Ney trigram {r['trigram_bits_per_byte']:.3f}"
            + (f", true entropy {r['entropy_bits_per_byte']:.3f}" if r.get("entropy_bits_per_byte") else ""))
        add(source, "· wall time, all of it", f"{source['wall_seconds'] / 60:.1f} min, {r['parameters'] / 1e6:.1f}M parameters, {r['tokens_per_second'] / 1e3:.0f}k tokens/s")
        if r.get("share_of_the_way"):
            add(source, "· of the way from the trigram down to the entropy", percent(r["share_of_the_way"]))
            for group in r["minimal_pairs"]["groups"]:
                add(source, f"· minimal pairs, {group['name']}", f"{percent(group['accuracy'])} of {group['count']} (trigram {percent(group['trigram'])})")
        add(source, "· generated words that occur in the training text", percent(r["words_in_training_text"]))
    elif name.startswith("step"):
        add(source, f"training step of lilLM-39M (4 × 512 tokens), {r['threads']} threads",
            f"{r['tokens_per_second']:.0f} tokens/s, {percent(r['share_of_matmul_peak'])} of the matmul peak, {r['peak_memory_bytes'] / 1e9:.2f} GB")
    elif name == "matmul":
        product = 1.0
        for shape in r["shapes"]:
            product *= shape["gflops"]
        mean = product ** (1 / len(r["shapes"]))
        add(source, f"products of that step, geometric mean, {r['shapes'][0]['threads']} threads", f"{mean:.0f} GFLOP/s, {percent(mean / r['fma_peak_gflops'])} of the FMA peak")
    elif name == "classics":
        add(source, f"a {r['parameters'] / 1e6:.1f}M-parameter Llama on children's classics, {r['training_seconds'] / 60:.0f} min",
            f"{r['bits_per_byte']:.3f} bits per byte on three held-out books, Kneser–Ney trigram {r['trigram_bits_per_byte']:.3f}")
        picture = os.path.relpath(path, root)[:-5] + ".svg"
        extra = f"\n\n![The loss of the classics run]({picture})\n\nWhat it writes, from beginnings of the held-out books:\n\n" + "\n\n".join(
            f"> **{s['prompt'].strip()}**{s['text'].rstrip()}".replace("\n", "\n> ") for s in r["samples"][:2])

table = "| what | measured |\n|---|---|\n" + "\n".join(f"| {what} | {result} |" for what, result, *_ in rows)
sources = sorted({(machine, commit, command) for *_, machine, commit, command in rows})
table += "\n\n" + "\n".join(f"* {command}: {machine}, commit {commit}" for machine, commit, command in sources)
readme = os.path.join(root, "README.md")
text = open(readme).read()
table += extra
text = re.sub(r"(<!-- results: [^\n]*-->\n).*?(<!-- end of results -->)", lambda m: m[1] + table + "\n" + m[2], text, flags=re.S)
open(readme, "w").write(text)
