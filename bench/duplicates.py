#!/usr/bin/env python3
"""Near-copies planted in a corpus, and what `cria data duplicates` finds of them.

For every share of changed words, each document gets a copy with exactly that share of its words changed (a third replaced
by words of the corpus, a third left out, a third preceded by a word of the corpus), and all are shuffled. The program then
says which documents are near-duplicates. A pair counts as right if it was planted, or if its Jaccard index, computed here
anew from sets of word triples, reaches the threshold. Then the corpus is read with ten changed copies of every document,
for time and memory. Prints JSON; --picture writes the S-curve with the measured shares of candidates.
  bench/duplicates.py CORPUS.jsonl[.gz] [--documents N] [--picture FILE.svg] [--keep DIR]
Every part keeps its result in runs/duplicates, so it may be stopped and started again; remove the folder to begin anew.
$BENCH_RUN, if set, stands before the measured commands (a lock, taskset); $CRIA, if set, is the program.
"""
import argparse, gzip, json, os, random, re, shlex, statistics, subprocess, sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LEVELS = [0.03, 0.05, 0.1, 0.15, 0.2, 0.25]
REPORTED = [0.05, 0.1, 0.2]
THRESHOLDS = [0.6, 0.5, 0.3]
SHINGLE = 3


def read(path, limit):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line, _ in zip(file, range(limit))]


def change(text, share, vocabulary, rng):
    """Exactly that share of the words is changed; what stands between words stays."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    pieces, at = [], 0
    for n in sorted(rng.sample(range(len(words)), round(share * len(words)))):
        start, end = words[n]
        way, other = rng.randrange(3), rng.choice(vocabulary)
        pieces += [text[at:start], "" if way == 1 else other if way == 0 else f"{other} {text[start:end]}"]
        at = end
    return "".join(pieces) + text[at:]


numbers = {} # of words


def triples(text):
    words = re.findall("(?:[^\\W_]|[\u0300-\u036f])+", re.sub("['\u2019]", "", text.lower()))
    if len(words) < SHINGLE:
        return {" ".join(words)} if words else set()
    a = [numbers.setdefault(word, len(numbers)) for word in words]
    return {(x << 42) + (y << 21) + z for x, y, z in zip(a, a[1:], a[2:])}


def jaccard(a, b):
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if a or b else 0.0


def write(path, texts):
    with open(path, "w", encoding="utf-8") as file:
        for text in texts:
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")


def run(arguments, measured=False):
    """What the program prints, the seconds it took and the most memory it had."""
    prefix = shlex.split(os.environ.get("BENCH_RUN", "")) if measured else []
    program = shlex.split(os.environ.get("CRIA", os.path.join(ROOT, "cria")))
    command = [*prefix, sys.executable, "-c", CHILD, *program, "data", "duplicates", *arguments, "--json"]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    result, usage = printed.rsplit(b"\x1e", 1)
    return json.loads(result), json.loads(usage)


# A process between us and the program, because the peak of children is the largest of all that ever ran.
CHILD = r"""
import json, resource, subprocess, sys, time
began = time.monotonic()
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stdout.flush()
print("\x1e" + json.dumps({"seconds": time.monotonic() - began, "cpu_seconds": used.ru_utime + used.ru_stime,
                           "peak_memory_bytes": used.ru_maxrss * 1024}))
sys.exit(code)
"""


def line_of(place):
    return int(place.rsplit(":", 1)[1]) - 1


def judge(order, result, sets, threshold):
    """Right and wrong pairs among those the program lists."""
    planted, others, wrong, difference = set(), 0, 0, 0.0
    for pair in result["pairs"]:
        a, b = order[line_of(pair["place"])], order[line_of(pair["original"])]
        exact = jaccard(sets[a], sets[b])
        difference = max(difference, abs(exact - pair["jaccard"]))
        if a[0] == b[0]:
            planted.add(a[0])
        elif exact >= threshold:
            others += 1
        else:
            wrong += 1
    return planted, others, wrong, difference


def measure(texts, level, vocabulary, scratch):
    rng = random.Random(f"changes {level}")
    copies = [change(text, level, vocabulary, rng) for text in texts]
    order = [(i, copy) for copy in (0, 1) for i in range(len(texts))]
    rng.shuffle(order)
    path = os.path.join(scratch, "planted.jsonl")
    write(path, ((copies if copy else texts)[i] for i, copy in order))
    sets = {(i, copy): triples((copies if copy else texts)[i]) for i, copy in order}
    exact = [jaccard(sets[i, 0], sets[i, 1]) for i in range(len(texts))]
    row = {
        "changed_words": level, "copies": len(texts),
        "jaccard": {"mean": statistics.mean(exact), "least": min(exact), "most": max(exact)},
    }
    # With every candidate listed, the candidates themselves can be counted.
    every, _ = run([path, "--threshold", "0.01", "--bands", "51", "--rows", "5", "--show", "100000000"])
    found = {order[line_of(p["place"])][0] for p in every["pairs"]
             if order[line_of(p["place"])][0] == order[line_of(p["original"])][0]}
    row["candidates"] = {"share_of_copies": len(found) / len(texts),
                         "formula": statistics.mean(1 - (1 - j ** 5) ** 51 for j in exact), "pairs": every["candidates"]}
    row["at_threshold"] = []
    for threshold in THRESHOLDS if level in REPORTED else []:
        result, _ = run([path, "--threshold", str(threshold), "--show", "100000000"])
        planted, others, wrong, difference = judge(order, result, sets, threshold)
        row["at_threshold"].append({
            "threshold": threshold, "bands": result["bands"], "rows": result["rows"], "candidates": result["candidates"],
            "recall": len(planted) / len(texts), "reported": len(result["pairs"]), "wrong": wrong,
            "precision": 1 - wrong / max(1, len(result["pairs"])), "pairs_not_planted": others,
            "copies_at_or_above_threshold": sum(j >= threshold for j in exact) / len(texts), "largest_difference": difference,
        })
    os.remove(path)
    return row


def scaled(texts, vocabulary, path, copies=10):
    """The corpus with changed copies of every document instead of the documents."""
    if os.path.exists(path):
        return
    with open(path + ".part", "w", encoding="utf-8") as file:
        for copy in range(copies):
            rng = random.Random(f"scale {copy}")
            for text in texts:
                file.write(json.dumps({"text": change(text, 0.05, vocabulary, rng)}, ensure_ascii=False) + "\n")
    os.rename(path + ".part", path)


def scale(path, arguments):
    result, usage = run([path, *arguments], measured=True)
    return {
        "arguments": " ".join(arguments), "documents": result["documents"], "bytes": result["bytes"],
        "near_duplicates": result["near_duplicates"], **usage, "program_seconds": result["seconds"],
        "megabytes_per_second": result["bytes"] / 1e6 / result["seconds"],
        "megabytes_per_core_second": result["bytes"] / 1e6 / usage["cpu_seconds"], "spilled_bytes": result["spilled_bytes"],
    }


def kept(folder, name, make):
    """The result of a part, made only if it is not there yet."""
    path = os.path.join(folder, name + ".json")
    if not os.path.exists(path):
        made = json.dumps(make())
        with open(path + ".part", "w") as file:
            file.write(made)
        os.rename(path + ".part", path)
    return json.load(open(path))


def picture(rows):
    """The S-curves of three cuts, and the measured shares of candidates as dots on the one in use."""
    width, height, left, top = 640, 400, 70, 30
    x = lambda j: left + j * (width - left - 30)
    y = lambda p: top + (1 - p) * (height - top - 60)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
           "<title>How often a pair becomes a candidate, by its Jaccard index</title>",
           f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for tick in range(0, 11, 2):
        v = tick / 10
        out.append(f'<path d="M{x(v):.1f} {y(0):.1f}V{y(1):.1f}M{x(0):.1f} {y(v):.1f}H{x(1):.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{x(v):.1f}" y="{y(0) + 18:.1f}" text-anchor="middle">{v:g}</text>'
                   f'<text x="{x(0) - 8:.1f}" y="{y(v) + 4:.1f}" text-anchor="end">{100 * v:g} %</text>')
    for bands, size, color in ((64, 4, "#7a7"), (51, 5, "#15c"), (28, 9, "#c63")):
        points = " ".join(f"{x(i / 200):.1f},{y(1 - (1 - (i / 200) ** size) ** bands):.1f}" for i in range(201))
        threshold = {4: 0.5, 5: 0.6, 9: 0.8}[size]
        out.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="{3 if size == 5 else 1.5}"/>')
        out.append(f'<path d="M{x(threshold):.1f} {y(0):.1f}V{y(1):.1f}" stroke="{color}" stroke-dasharray="4 4"/>')
        out.append(f'<text x="{x(threshold) + 4:.1f}" y="{y(0.06 + 0.07 * (size == 5)):.1f}" fill="{color}">{bands} × {size}</text>')
    for row in rows:
        j, share = row["jaccard"]["mean"], row["candidates"]["share_of_copies"]
        out.append(f'<circle cx="{x(j):.1f}" cy="{y(share):.1f}" r="5" fill="#fff" stroke="#15c" stroke-width="2"/>')
        out.append(f'<text x="{x(j):.1f}" y="{y(share) - 10:.1f}" text-anchor="middle">{100 * row["changed_words"]:g} %</text>')
    out.append(f'<text x="{x(0.5):.1f}" y="{height - 12}" text-anchor="middle">Jaccard index of word triples</text>')
    out.append(f'<text transform="translate(16 {y(0.5):.1f}) rotate(-90)" text-anchor="middle">pairs that become candidates</text></svg>')
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus")
    parser.add_argument("--documents", type=int, default=1 << 30)
    parser.add_argument("--picture")
    parser.add_argument("--keep", default=os.path.join(ROOT, "runs/duplicates"))
    given = parser.parse_args()
    texts = read(given.corpus, given.documents)
    vocabulary = [word for text in texts[::7] for word in text.split()]
    folder = os.path.join(given.keep, f"{len(texts)}-documents")
    os.makedirs(folder, exist_ok=True)
    rows = [kept(folder, f"changed-{level}", lambda: measure(texts, level, vocabulary, folder)) for level in LEVELS]
    large, sizes = os.path.join(folder, "scaled.jsonl"), []
    for name, arguments in (("all-threads", []), ("one-thread", ["--threads", "1"]), ("little-memory", ["--memory", "16"])):
        if not os.path.exists(os.path.join(folder, f"scale-{name}.json")):
            scaled(texts, vocabulary, large)
        sizes.append(kept(folder, f"scale-{name}", lambda: scale(large, arguments)))
    if os.path.exists(large):
        os.remove(large)
    if given.picture:
        with open(given.picture, "w", encoding="utf-8") as file:
            file.write(picture(rows))
    json.dump({"corpus": os.path.basename(given.corpus), "documents": len(texts), "shingle_words": SHINGLE, "levels": rows,
               "scale": sizes}, sys.stdout, indent=1)


main()
