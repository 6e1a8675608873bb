#!/usr/bin/env python3
"""Ours beside PyTorch's and llm.c's training steps on the same cores: rounds of one after the other, medians, ratios. Prints JSON.

    bench/peers/compare.py [--rounds 3] [--llmc CHECKOUT] [--only lillm-39m] [--settings FILE] [--retune]

PyTorch runs with the settings that `torch_step.py --tune` found fastest for each model; they are kept in --settings. Both programs count
their parameters, and a comparison of different models is refused. $BENCH_RUN, if set, stands before every measured command.
"""
import argparse, json, os, shlex, statistics, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
CONTESTS = {  # the preset of torch_step.py: our recipe, and the steps that each takes in a round
    "lillm-39m": ([], 5, 3),
    "llama-5.8m": (["bench/models/llama-5.8m.yaml"], 20, 8),
    "llama-1.5m": (["bench/models/llama-1.5m.yaml"], 40, 15),
    "gpt2-124m": (["recipes/gpt2/gpt2-124m.yaml", "--set", "batch.micro_batch_size=4", "--set", "data.sequence_length=64",
                   "--set", "batch.tokens_per_step=256"], 5, 3),
}


def run(command, measured=True):
    prefix = shlex.split(os.environ.get("BENCH_RUN", "")) if measured else []
    done = subprocess.run([*prefix, *command], cwd=root, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{shlex.join(command)} returned {done.returncode}")
    return json.loads(done.stdout)


def settings_of(path, presets, retune):
    """PyTorch's fastest settings for each model, found once a machine."""
    known = json.load(open(path)) if os.path.exists(path) else {}
    for preset in presets:
        if retune or preset not in known:
            print(f"finding PyTorch's best settings for {preset}", file=sys.stderr)
            known[preset] = run([f"{here}/torch_step.py", "--preset", preset, "--tune", "--steps", "2"], measured=False)
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            json.dump(known, open(path, "w"), indent=1)
    return known


def contest(preset, given, settings):
    recipe, our_steps, their_steps = CONTESTS[preset]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(settings, file)
        file.flush()
        contestants = {
            "cria": lambda: run(["./cria", "bench", "step", *recipe, "--steps", str(our_steps), "--json"]),
            "torch": lambda: run([f"{here}/torch_step.py", "--preset", preset, "--settings", file.name, "--steps", str(their_steps)], measured=False),
        }
        if preset == "gpt2-124m" and given.llmc:
            contestants["llm.c"] = lambda: run([f"{here}/llmc.sh", given.llmc, "3"], measured=False)
        runs = {name: [] for name in contestants}
        for _ in range(given.rounds):
            for name, step in contestants.items():
                runs[name].append(step())
                print(f"{preset} {name}: {runs[name][-1]['tokens_per_second']:.0f} tokens/s", file=sys.stderr)
    sizes = {name: (of[0]["parameters"], of[0]["tokens_per_step"]) for name, of in runs.items()}
    if len(set(sizes.values())) != 1:
        raise SystemExit(f"{preset}: these are not the same steps (parameters, tokens): {sizes}")
    rates = {name: statistics.median(r["tokens_per_second"] for r in of) for name, of in runs.items()}
    return {
        "recipe": preset, "parameters": sizes["cria"][0], "tokens_per_step": sizes["cria"][1],
        "ratios": {name: rates["cria"] / rate for name, rate in rates.items() if name != "cria"},
        "contestants": {name: {
            "tokens_per_second": rates[name], "all_tokens_per_second": [r["tokens_per_second"] for r in of],
            "peak_memory_bytes": max(r["peak_memory_bytes"] for r in of), "threads": of[0]["threads"], "kernels": of[0]["kernels"],
            **({"settings": settings} if name == "torch" else {}),
        } for name, of in runs.items()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--llmc", help="a clone of llm.c")
    parser.add_argument("--only", action="append", choices=CONTESTS)
    parser.add_argument("--settings", default=os.path.join(root, "artifacts", "torch-settings.json"))
    parser.add_argument("--retune", action="store_true")
    given = parser.parse_args()
    subprocess.run(["./cria", "--version"], cwd=root, check=True, stdout=sys.stderr)  # builds, if it must, before anything is timed
    presets = given.only or list(CONTESTS)
    settings = settings_of(given.settings, presets, given.retune)
    contests = [contest(preset, given, settings[preset]) for preset in presets]
    print(json.dumps({"rounds": given.rounds, "contests": contests}, indent=1, ensure_ascii=False))


main()
