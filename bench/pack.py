#!/usr/bin/env python3
"""Packing from JSON lines (gzip, zstd) and Parquet beside encoding alone, and the most memory a packing takes.

Makes 1 GB of text of the classics, repeated with variation, in a scratch folder that it keeps for the next time, and prints JSON.
  bench/pack.py TOKENIZER CLASSICS [--bytes N] [--scratch DIR] [--rounds N]
CLASSICS is the folder of children_train.jsonl.gz and fiction_train.jsonl.gz. zstd is measured where the program `zstd` is, Parquet where
$DUCKDB names a folder in which `npm install @duckdb/node-api` was run. $BENCH_RUN, if set, stands before every measured command.
"""
import argparse, gzip, json, os, random, shlex, shutil, subprocess, sys

NAMES = ["Alba", "Boris", "Cleo", "Dorian", "Esme", "Falk", "Greta", "Hugo"]
PARQUET = """
const {DuckDBInstance} = require('@duckdb/node-api');
(async () => (await (await DuckDBInstance.create(':memory:')).connect()).run(
  `copy (select text from read_json('%s', columns={text:'VARCHAR'}, format='newline_delimited', maximum_object_size=100000000))
   to '%s' (format parquet, compression zstd)`))()"""


def write_lines(path, classics, size):
    texts = [json.loads(line)["text"] for part in ("children", "fiction")
             for line in gzip.open(os.path.join(classics, f"{part}_train.jsonl.gz"), "rt", encoding="utf-8")]
    chance, written = random.Random(1), 0
    with open(path, "w", encoding="utf-8") as file:
        while written < size:
            for text in texts:
                text = text.replace(" the ", f" the {chance.choice(NAMES)}{chance.randrange(1000)} ", 8)
                file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
                written += len(text.encode())
                if written >= size:
                    break


def inputs(scratch, classics, size):
    lines = os.path.join(scratch, f"text-{size}.jsonl")
    if not os.path.exists(lines):
        write_lines(lines + ".new", classics, size)
        os.rename(lines + ".new", lines)
    ways = {".gz": ["gzip", "-1", "-k", "-f", lines], ".zst": ["zstd", "-q", "-k", "-f", lines]}
    for ending, command in ways.items():
        if shutil.which(command[0]):
            if not os.path.exists(lines + ending):
                subprocess.run(command, check=True)
            yield lines + ending
    if "DUCKDB" in os.environ:
        table = lines.replace(".jsonl", ".parquet")
        if not os.path.exists(table):
            subprocess.run(["node", "-e", PARQUET % (lines, table)], check=True, cwd=os.environ["DUCKDB"])
        yield table


def measured(*command):
    run = shlex.split(os.environ.get("BENCH_RUN", "")) + [os.path.join(os.path.dirname(__file__), "..", "cria"), *command, "--json"]
    return json.loads(subprocess.run(run, check=True, stdout=subprocess.PIPE).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tokenizer")
    parser.add_argument("classics")
    parser.add_argument("--bytes", type=int, default=1_000_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scratch", default="/tmp/cria-bench-pack")
    options = parser.parse_args()
    os.makedirs(options.scratch, exist_ok=True)
    shards, results = os.path.join(options.scratch, "shards"), []
    for path in inputs(options.scratch, options.classics, options.bytes):
        for left in (shards, shards + ".tmp"):
            shutil.rmtree(left, ignore_errors=True)
        packed = measured("data", "pack", path, "--tokenizer", options.tokenizer, "--out", shards)
        shutil.rmtree(shards)
        bench = measured("bench", "pack", path, "--tokenizer", options.tokenizer, "--rounds", str(options.rounds), "--scratch", shards)
        results.append({"input": os.path.basename(path), "input_bytes": packed["input_bytes"],
                        "peak_memory_bytes": packed["peak_memory_bytes"], **bench})
    json.dump({"inputs": results}, sys.stdout, indent=1)
    print()


main()
