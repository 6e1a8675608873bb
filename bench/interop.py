#!/usr/bin/env python3
"""Import and export of a model of 360M parameters, against what a plain copy of the same bytes takes here.

Makes a Llama with the sizes of SmolLM2-360M and random weights in a scratch folder, carries it into every format and back
by the program, and prints JSON: seconds, the share of a copy's speed (read, written and flushed to the disk alike), and the
most memory the program had, as a multiple of the weights.
  bench/interop.py [--layers N] [--scratch DIR]
"""
import argparse, array, json, os, random, shutil, struct, subprocess, sys, tempfile, time

HIDDEN, INNER, HEADS, KEY_VALUE_HEADS, HEAD_DIM, VOCABULARY = 960, 2560, 15, 5, 64, 49152
BLOCK = 1 << 22

# What is done, from what in the scratch folder, to what.
WAYS = [
    ("export to hf", "source", ["hf"]), ("export to hf as bf16", "source", ["hf", "--dtype", "bf16"]),
    ("export to gguf", "source", ["gguf"]), ("export to llama2c", "source", ["llama2c"]),
    ("import of gguf", "export-to-gguf", ["hf"]), ("import of hf as bf16", "export-to-hf-as-bf16", ["hf"]),
]


def config(layers):
    return {
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": VOCABULARY, "hidden_size": HIDDEN,
        "intermediate_size": INNER, "num_hidden_layers": layers, "num_attention_heads": HEADS,
        "num_key_value_heads": KEY_VALUE_HEADS, "head_dim": HEAD_DIM, "max_position_embeddings": 2048, "rms_norm_eps": 1e-5,
        "rope_theta": 10000, "tie_word_embeddings": True,
    }


def tensors(layers):
    yield "model.embed_tokens.weight", (VOCABULARY, HIDDEN)
    for layer in range(layers):
        inside = f"model.layers.{layer}."
        yield inside + "input_layernorm.weight", (HIDDEN,)
        yield inside + "self_attn.q_proj.weight", (HEADS * HEAD_DIM, HIDDEN)
        yield inside + "self_attn.k_proj.weight", (KEY_VALUE_HEADS * HEAD_DIM, HIDDEN)
        yield inside + "self_attn.v_proj.weight", (KEY_VALUE_HEADS * HEAD_DIM, HIDDEN)
        yield inside + "self_attn.o_proj.weight", (HIDDEN, HEADS * HEAD_DIM)
        yield inside + "post_attention_layernorm.weight", (HIDDEN,)
        yield inside + "mlp.gate_proj.weight", (INNER, HIDDEN)
        yield inside + "mlp.up_proj.weight", (INNER, HIDDEN)
        yield inside + "mlp.down_proj.weight", (HIDDEN, INNER)
    yield "model.norm.weight", (HIDDEN,)


def write_model(folder, layers):
    """A safetensors file of F32 with normal weights, by hand."""
    os.makedirs(folder)
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(config(layers), file)
    header, offset = {}, 0
    for name, sizes in tensors(layers):
        count = 1
        for size in sizes:
            count *= size
        header[name] = {"dtype": "F32", "shape": sizes, "data_offsets": [offset, offset + 4 * count]}
        offset += 4 * count
    text = json.dumps(header).encode()
    text += b" " * (-(len(text) + 8) % 64)
    chance = random.Random(1)
    block = array.array("f", (chance.gauss(0, 0.02) for _ in range(1 << 18))).tobytes()
    path = os.path.join(folder, "model.safetensors")
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for start in range(0, offset, len(block)):
            file.write(block[:offset - start])
        file.flush()
        os.fsync(file.fileno())
    return offset


def copy_seconds(source, target):
    began = time.monotonic()
    with open(source, "rb") as read, open(target, "wb") as write:
        while piece := read.read(BLOCK):
            write.write(piece)
        write.flush()
        os.fsync(write.fileno())
    return time.monotonic() - began


def measured(program, arguments):
    """The program's JSON, its whole time and its greatest memory in bytes."""
    began = time.monotonic()
    process = subprocess.Popen([*program, *arguments, "--json"], stdout=subprocess.PIPE)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(arguments)} returned {process.returncode}")
    return json.loads(text), time.monotonic() - began, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--layers", type=int, default=32)
    parser.add_argument("--scratch")
    options = parser.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    subprocess.run([os.path.join(root, "cria"), "--help"], stdout=subprocess.DEVNULL, check=True)  # built before it is measured
    program = ["dotnet", os.path.join(root, "artifacts/bin/Cria.Cli/release/cria.dll")]
    scratch = tempfile.mkdtemp(prefix="cria-interop-", dir=options.scratch)
    try:
        source = os.path.join(scratch, "source")
        weights = write_model(source, options.layers)
        rows, copies = [], []
        for what, source, to in WAYS:
            rows.append(row(what, program, scratch, os.path.join(scratch, source), to))
            copies.append(copy_seconds(os.path.join(scratch, "source", "model.safetensors"), os.path.join(scratch, "copy")))
            os.remove(os.path.join(scratch, "copy"))
        speed = weights / sorted(copies)[len(copies) // 2]
        for result in rows:
            # What a copy would take that reads what was read and writes what was written: half of its time each.
            seconds = (result["read_bytes"] + result["written_bytes"]) / 2 / speed
            result["share_of_copy_speed"] = round(seconds / result["seconds"], 3)
            result["memory_over_weights"] = round(result["peak_memory_bytes"] / weights, 3)
        print(json.dumps({
            "parameters": weights // 4, "weight_bytes": weights, "copy_bytes_per_second": round(speed),
            "most_memory_over_weights": max(result["memory_over_weights"] for result in rows), "rows": rows,
        }, indent=1))
    finally:
        shutil.rmtree(scratch)


def row(what, program, scratch, source, to):
    """The faster of two: the disk of a shared machine is now and then slow."""
    out, best, most = os.path.join(scratch, what.replace(" ", "-") + (".bin" if to[0] == "llama2c" else "")), None, 0
    for _ in range(2):
        if os.path.isdir(out):
            shutil.rmtree(out)
        elif os.path.exists(out):
            os.remove(out)
        verb = ["import", source] if what.startswith("import") else ["export", source, "--to", *to]
        result, seconds, memory = measured(program, [*verb, "--out", out])
        most = max(most, memory)
        if best is None or seconds < best["seconds"]:
            best = {
                "what": what, "seconds": round(seconds, 2), "reading_seconds": round(result["reading_seconds"], 2),
                "writing_seconds": round(result["writing_seconds"], 2), "read_bytes": result["source_bytes"],
                "written_bytes": result["bytes"],
            }
    return best | {"peak_memory_bytes": most}


if __name__ == "__main__":
    main()
