#!/usr/bin/env python3
"""Puts the measurements of bench/results into the table of README.md, between its two markers."""
import glob, json, math, os, re

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MODELS = {"quickstart": "the quickstart", "lillm-39m": "lilLM-39M", "gpt2-124m": "GPT-2 124M", "llama-5.8m": "a 5.8M-parameter Llama", "llama-1.5m": "a 1.5M-parameter Llama"}
PEERS = {"torch": "PyTorch", "llm.c": "llm.c"}


def percent(share):
    return f"{100 * share:.1f} %"


def threads(count):
    return f"{count} thread" + ("" if count == 1 else "s")


def model(recipe):
    return MODELS.get(recipe, recipe)


GROUPS = {"step": "products of lilLM-39M's step", "small": "products of small models, k from 64 to 256", "gpt2": "products of GPT-2 124M at 4 × 64"}


def matmul(r):
    for group in r["groups"]:
        yield (f"{GROUPS[group['name']]}, {threads(r['shapes'][0]['threads'])}",
               ", ".join([f"{percent(group['of_fma_peak']['mean'])} of the FMA peak (worst shape {percent(group['of_fma_peak']['worst'])})",
                          *(f"{percent(share['mean'])} of {name} (worst {percent(share['worst'])})" for name, share in group["of_libraries"].items())]))


def step(r):
    shares = f"{percent(r['share_of_matmul_peak'])} of the matmul peak"
    if "share_of_fma_peak" in r:
        shares += f", {percent(r['share_of_fma_peak'])} of the FMA peak"
    size = f", {r['tokens_per_step']} tokens" if "tokens_per_step" in r else ""
    yield (f"training step of {model(r['recipe'])}{size}, {threads(r['threads'])}",
           f"{r['tokens_per_second']:.0f} tokens/s, {shares}, {r['peak_memory_bytes'] / 1e9:.2f} GB")
    for row in (r.get("profile") or {}).get("rows", []):
        if row["op"] == "overhead":
            yield "· of it between the operations", f"{1000 * row['milliseconds']:.0f} µs of {r['step_milliseconds']:.1f} ms"


def step_scaling(r):
    yield (f"{threads(r['threads'])} against one, {model(r['all_threads']['recipe'])}",
           f"{r['speed_up']:.2f} × (the FMA peak: {r['fma_peak_speed_up']:.2f} ×)")


def loop(r):
    for run in r["recipes"]:
        yield (f"loop, reading, logging and checkpoints of {model(run['recipe'])}, {run['tokens_per_step']} tokens a step, {threads(run['threads'])}",
               f"{100 * run['overhead_share_at_recipes_pace']:.2f} % of a step of {run['step_milliseconds']:.1f} ms "
               f"(a checkpoint stops training for {run['checkpoint_milliseconds']:.0f} ms)")


def ops(r):
    for op in r["ops"]:
        if "adam" in op["op"].lower():
            yield f"{op['op']}, {threads(r['threads'])}", f"{op['gigabytes_per_second']:.1f} GB/s, {percent(op['share'])} of {op['traffic']} bandwidth"


def attention(r):
    for shape in (s for s in r["shapes"] if s["length"] == 512):
        yield (f"attention forward and backward, T = {shape['length']}, head size {shape['head_dim']}, {threads(r['threads'])}",
               f"{shape['gflops']:.0f} GFLOP/s, {percent(shape['share'])} of the matmul peak")


def decode(r):
    yield (f"decoding {model(r['model'])} one token at a time, {threads(r['threads'])}",
           f"{r['tokens_per_second']:.0f} tokens/s, {percent(r['share_of_read_bandwidth'])} of reading its weights alone; "
           f"a prompt of {r['prefill_tokens']} at {r['prefill_tokens_per_second']:.0f} tokens/s")


def precision(r):
    for choice, name in (("activations", "activations"), ("moments", "AdamW's moments"), ("both", "both")):
        c = r[choice]
        yield (f"bf16 as storage for {name}: lilLM-39M's step", f"{c['bytes_saved'] / 1e6:.0f} MB less, {c['step_time_ratio']:.2f} × the time; "
               f"validation loss of a small model {c['mean_difference']:+.4f} on average")


def interop(r):
    worst = max(row["memory_over_weights"] for row in r["rows"])
    yield (f"import and export of {r['parameters'] / 1e6:.0f}M parameters, {r['weight_bytes'] / 1e9:.2f} GB",
           ", ".join(f"{row['what']} {row['seconds']:.1f} s ({row['share_of_copy_speed']:.0%} of copying the files)".replace("%", " %") for row in r["rows"])
           + f"; at most {worst:.2f} × the weights in memory")


def tokenizer(r):
    if "speed" in r or "rounds" in r: # beside Hugging Face's library
        yield from tokenizers(r)
        return
    worst = max(case["times_ordinary"] for case in r["worst_cases"])
    yield (f"encoding {r['text']}, a vocabulary of {r['vocab_size']}",
           f"{r['encode_one_thread']:.0f} MB/s on one thread, {r['encode_speedup']:.2f} × that on {r['threads']}; the hardest of texts takes "
           f"{worst:.1f} × as long a byte; {r['train_vocab_size']} tokens learned from {r['bytes'] / 1e6:.0f} MB in {r['train_seconds']:.1f} s")


def pack(r):
    for row in r["inputs"]:
        ending = os.path.splitext(row["input"])[1][1:]
        yield (f"packing {row['text_bytes'] / 1e9:.0f} GB of text from {ending}, {threads(row['threads'])}",
               f"{percent(row['share'])} of the rate of encoding alone; {row['pack']:.0f} MB/s, {row['peak_memory_bytes'] / 1e6:.0f} MB of memory")


def duplicates(r):
    for level in r["levels"]:
        for at in level["at_threshold"]:
            if at["copies_at_or_above_threshold"] > 0.9: # the highest threshold that the copies reach
                yield (f"near-copies with {percent(level['changed_words'])} of the words changed, threshold {at['threshold']} ({level['copies']} planted)",
                       f"recall {percent(at['recall'])}, precision {percent(at['precision'])}; {at['candidates']} candidate pairs "
                       f"({at['bands']} bands of {at['rows']} rows)")
                break
    for row in r["scale"]:
        how = f" ({row['arguments']})" if row["arguments"] else ""
        yield (f"duplicates of {row['bytes'] / 1e6:.0f} MB, {row['documents']} documents{how}",
               f"{row['program_seconds']:.1f} s, {row['megabytes_per_second']:.0f} MB/s, {row['megabytes_per_core_second']:.0f} a core; "
               f"{row['peak_memory_bytes'] / 1e6:.0f} MB of memory")


def peers(r):
    for contest in r["contests"]:
        ours = contest["contestants"]["cria"]
        for name, ratio in contest["ratios"].items():
            theirs = contest["contestants"][name]
            yield (f"{model(contest['recipe'])}, {contest['tokens_per_step']} tokens a step: against {PEERS.get(name, name)}'s best settings",
                   f"{ratio:.1f} ×: {ours['tokens_per_second']:.0f} tokens/s, {theirs['tokens_per_second']:.0f} there")


def quickstart(r, wall_seconds):
    corpus = "generated stories" if r.get("share_of_the_way") else "your own text (19 MB of books)"
    entropy = f", true entropy {r['entropy_bits_per_byte']:.3f}" if r.get("entropy_bits_per_byte") else ""
    yield (f"quickstart on {corpus}: bits per byte on unseen text",
           f"{r['bits_per_byte']:.3f}, Kneser–Ney trigram {r['trigram_bits_per_byte']:.3f}{entropy}")
    yield ("· wall time, all of it",
           f"{wall_seconds / 60:.1f} min, {r['parameters'] / 1e6:.1f}M parameters, {r['tokens_per_second'] / 1e3:.0f}k tokens/s")
    if r.get("share_of_the_way"):
        yield "· of the way from the trigram down to the entropy", percent(r["share_of_the_way"])
        for group in r["minimal_pairs"]["groups"]:
            yield f"· minimal pairs, {group['name']}", f"{percent(group['accuracy'])} of {group['count']} (trigram {percent(group['trigram'])})"
    yield "· generated words that occur in the training text", percent(r["words_in_training_text"])


def classics(r):
    yield (f"a {r['parameters'] / 1e6:.1f}M-parameter Llama on children's classics, {r['training_seconds'] / 60:.0f} min",
           f"{r['bits_per_byte']:.3f} bits per byte on three held-out books, Kneser–Ney trigram {r['trigram_bits_per_byte']:.3f}")


# In the order of the table: the name of a file begins with the first that fits.
KINDS = [
    ("quickstart", quickstart), ("classics", classics), ("peers", peers), ("step-scaling", step_scaling), ("step", step), ("loop", loop), ("matmul", matmul),
    ("attention", attention), ("ops", ops), ("decode", decode), ("tokenizer", tokenizer), ("precision", precision), ("interop", interop),
    ("duplicates", duplicates), ("pack", pack),
]


def kind_of(path):
    name = os.path.basename(path)
    return next((place for place, (start, _) in enumerate(KINDS) if name.startswith(start)), None)


def main():
    rows, sources, extra = [], set(), ""
    paths = [path for path in glob.glob(os.path.join(root, "bench/results/*/*.json")) if kind_of(path) is not None]
    for path in sorted(paths, key=lambda path: (kind_of(path), path)):
        source = json.load(open(path))
        kind, result = KINDS[kind_of(path)][1], source["result"]
        rows += kind(result, source["wall_seconds"]) if kind is quickstart else kind(result)
        sources.add((source["machine"], source["commit"], f"`{source['command']}`"))
        if kind is classics:
            picture = os.path.relpath(path, root)[:-5] + ".svg"
            extra = f"\n\n![The loss of the classics run]({picture})\n\nWhat it writes, from beginnings of the held-out books:\n\n" + "\n\n".join(
                f"> **{s['prompt'].strip()}**{s['text'].rstrip()}".replace("\n", "\n> ") for s in result["samples"][:2])
    table = "| what | measured |\n|---|---|\n" + "\n".join(f"| {what} | {measured} |" for what, measured in rows)
    table += "\n\n" + "\n".join(f"* {command}: {machine}, commit {commit}" for machine, commit, command in sorted(sources))
    readme = os.path.join(root, "README.md")
    text = open(readme).read()
    table += extra
    text = re.sub(r"(<!-- results: [^\n]*-->\n).*?(<!-- end of results -->)", lambda m: m[1] + table + "\n" + m[2], text, flags=re.S)
    open(readme, "w").write(text)


main()
