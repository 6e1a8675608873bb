#!/usr/bin/env python3
"""GPT-2, GPT-J and Llama of one size: the learning rate of each by a grid, then runs of equal length with fresh seeds, ranked, in one picture.

    bench/three_way.py cost          what it will take, and stops
    bench/three_way.py run           everything that is not done yet; stopped, it goes on with the same command
    bench/three_way.py table         recipes/babyllama/three-way/results/ from what is done

CRIA_DATA names the folder that holds classics/. Two runs of one thread go side by side. Options: --out DIR (runs/three-way), --results DIR,
--seeds N (3), --flops FLOPs a second that one such run reaches (1.2e11), --cria PROGRAM, --fraction F for a rehearsal with F of the steps (say
0.03), two rates and two seeds, in a folder of its own (runs/three-way-rehearsal).
"""
import argparse
import json
import math
import os
import pathlib
import shutil
import sys

from experiment import ROOT, Program, SmallCorpus, best, diverged, folder_of, joined, lines, main, mean, record, sets, spread
from experiment_files import Failed, claim

RECIPES = ROOT / "recipes" / "babyllama" / "three-way"
ARCHITECTURES = ("gpt2", "gptj", "llama")
RATES = ("1e-3", "2e-3", "4e-3", "8e-3")
SHORT = 0.25  # of the tokens, for the grid
STEPS, BATCH, WARMUP, EVALUATIONS = 732, 4096, 100, 12
FLOPS_PER_TOKEN = 9.6e6  # 6 × 1.45 million weights in products, and attention
GRID_SEED, SEEDS = 1, (11, 12, 13, 14, 15)
MOST_WIDENINGS = 3


class ThreeWay:
    def __init__(self, options):
        self.options = options
        self.out, self.results = pathlib.Path(options.out).resolve(), pathlib.Path(options.results).resolve()
        self.rehearses = options.fraction < 1
        self.seeds = SEEDS[:2 if self.rehearses else options.seeds]
        self.rates = RATES[1:3] if self.rehearses else RATES
        self.steps = max(12, round(STEPS * options.fraction))

    def grid(self, name): return self.out / "grid" / name
    def winner(self, name): return self.out / "winners" / name / f"{name}.yaml"

    @property
    def final(self): return self.out / "final"

    def cost(self):
        whole = STEPS * BATCH * FLOPS_PER_TOKEN * self.options.fraction / self.options.flops
        parts = [(f"the grid: {len(self.rates)} learning rates at {SHORT:.0%} of the tokens, each architecture", len(ARCHITECTURES) * len(self.rates) * (SHORT * whole + 5) / 2),
                 (f"runs of {self.steps} steps, {len(self.seeds)} seeds, each architecture", len(ARCHITECTURES) * len(self.seeds) * (1.15 * whole + 5) / 2)]
        for what, seconds in parts:
            print(f"  {seconds / 60:6.1f} min  {what}")
        print(f"  {sum(seconds for _, seconds in parts) / 60:6.1f} min  in all, two runs of {self.options.flops:.2g} FLOPs a second side by side; "
              "where a best rate lies on the edge, more rates come on top", flush=True)

    def run(self):
        self.cost()
        program = Program(self.options.cria)
        corpus = SmallCorpus(program, self.out / "corpus", pathlib.Path(os.environ["CRIA_DATA"]) / "classics", self.rehearses)
        claim(self.out, self.options.fraction, [corpus.train_text, corpus.valid_text])
        corpus.make()
        for name in ARCHITECTURES:
            self.find_rate(program, corpus, name)
        # The winners' files name the corpus already.
        self.sweep(program, self.final, [self.winner(name) for name in ARCHITECTURES], [*sets(lengths(self.steps)), "--seeds", joined(self.seeds)])
        self.table(program)

    def find_rate(self, program, corpus, name):
        rates = list(self.rates)
        for _ in range(1 if self.rehearses else 1 + MOST_WIDENINGS):
            self.sweep(program, self.grid(name), [RECIPES / f"{name}.yaml"],
                       [*sets(corpus.settings + lengths(round(self.steps * SHORT))), "--over", f"optimizer.learning_rate={joined(rates)}", "--seeds", GRID_SEED])
            if not record(self.grid(name))["best"]["on_the_edge"]:
                break
            found = float(best(self.grid(name))["optimizer.learning_rate"])
            rates = [f"{found / 2:.3g}", *rates] if found == float(rates[0]) else [*rates, f"{found * 2:.3g}"]
        self.winner(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.grid(name) / "best.yaml", self.winner(name))

    def sweep(self, program, out, recipes, arguments):
        program.sweep(out, [*recipes, *arguments, "--jobs", 2, "--threads", 1])

    def table(self, program=None):
        if not (self.final / "sweep.json").exists():
            raise Failed(f"{self.final} holds no finished runs; `bench/three_way.py run` makes them")
        program = program or Program(self.options.cria)
        self.results.mkdir(parents=True, exist_ok=True)
        ranking = json.loads(program.run(["compare", "--rank", self.final, "--json"]))
        (self.results / "ranking.json").write_text(json.dumps(ranking, indent=1, ensure_ascii=False) + "\n")
        shutil.copyfile(self.final / "sweep.jsonl", self.results / "final.jsonl")
        with open(self.results / "grid.jsonl", "w") as grid:
            grid.writelines((self.grid(name) / "sweep.jsonl").read_text() for name in ARCHITECTURES)
        runs = lines(self.final)
        of = {name: sorted((line for line in runs if pathlib.Path(line["recipe"]).stem == name), key=lambda line: line["seed"]) for name in ARCHITECTURES}
        first = [self.final / "runs" / of[name][0]["run"] for name in ARCHITECTURES if of[name]]
        program.run(["report", *first, "--picture", self.results / "curves.svg"])
        result = json.loads((first[0] / "result.json").read_text())
        text = "\n".join(self.words(ranking, of, result)) + "\n"
        (self.results / "README.md").write_text(text)
        print(text)

    def words(self, ranking, of, result):
        arms = {architecture(arm["name"]): arm for arm in ranking["ranking"]["arms"]}
        step = next(line for name in arms for line in of[name])
        out = ["# GPT-2, GPT-J and Llama of one size", "",
               f"Made by `bench/three_way.py` {'as a REHEARSAL with a part of the steps ' if self.rehearses else ''}on {result['machine']}, {result['program']}; "
               "what it means: [docs/babyllama.md](../../../../docs/babyllama.md). Tied weights, the same tokens in the same order, "
               f"{step['steps']:,} steps of {BATCH:,} tokens, {len(self.seeds)} seeds that the grid did not see.", "",
               "| place | architecture | parameters | nats a token, all of the validation text | by seed | learning rate (grid) | seconds a run |", "|---|---|---|---|---|---|---|"]
        for name, arm in arms.items():
            place = f"{arm['best_place']}" if arm["best_place"] == arm["worst_place"] else f"{arm['best_place']}–{arm['worst_place']}"
            losses = [line["loss"] for line in of[name]]
            out.append(f"| {place} | {name} | {of[name][0]['parameters']:,} | {mean(losses):.4f} ± {spread(losses):.4f} | {', '.join(f'{loss:.4f}' for loss in losses)} | "
                       f"{self.tried(name)} | {mean([line['seconds'] for line in of[name]]):.0f} |")
        out += [f"| last | {name} | diverged with a seed | | | | |" for name in ARCHITECTURES if name not in arms]
        out += ["", f"± is the standard deviation over seeds. Places hold together with 95 % confidence (Holm); a range of places is not resolved. "
                f"Spread of one run about its architecture and its seed: {ranking['ranking']['deviation']:.4f}.", "", self.verdict(arms, ranking["ranking"]), "",
                f"![Validation loss as training goes on, seed {self.seeds[0]}](curves.svg)"]
        return out

    def tried(self, name):
        path = "optimizer.learning_rate"
        tried = sorted(float(line["values"][path]) for line in lines(self.grid(name)) if math.isfinite(line["loss"]))
        lost = len(diverged(self.grid(name)))
        return (f"{best(self.grid(name))[path]} of {', '.join(f'{rate:g}' for rate in tried)}{f' and {lost} that diverged' if lost else ''}"
                f"{' (on the edge)' if record(self.grid(name))['best']['on_the_edge'] else ''}")

    # Published: Llama's loss below GPT-J's, and GPT-2's reached in fewer epochs; with schedules of different lengths, where here all have the same.
    # Two are told apart by their own pair's p-value: ranges of places that touch may still hold a pair that is.
    @staticmethod
    def verdict(arms, ranking):
        if set(arms) != set(ARCHITECTURES):
            return "One diverged: whether Llama leads cannot be said."
        pairs = {frozenset((architecture(pair["better"]), architecture(pair["worse"]))): pair for pair in ranking["pairs"]}
        words, leads = [], True
        for other in ("gptj", "gpt2"):
            pair = pairs[frozenset(("llama", other))]
            is_told, is_above = pair["p_adjusted"] < 1 - ranking["confidence"], architecture(pair["better"]) == "llama"
            leads = leads and is_told and is_above
            words.append(f"{other} {'ends' if is_told else 'is not told apart from Llama: it ends'} {pair['difference']:.4f} nats {'above' if is_above else 'below'} it "
                         f"(p {pair['p_adjusted']:.2g}, adjusted)")
        return f"**At equal steps {'Llama leads' if leads else 'it is not shown that Llama leads both'}**: {'; '.join(words)}."


def architecture(arm):
    """From an arm's name, which may say its sweep's before."""
    return arm.split(": ")[-1]


def lengths(steps):
    return [f"steps={steps}", f"schedule.warmup_steps={min(WARMUP, max(1, steps // 4))}", f"evaluate.every={max(1, steps // EVALUATIONS)}"]


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["cost", "run", "table"])
    parser.add_argument("--out")
    parser.add_argument("--results")
    parser.add_argument("--seeds", type=int, choices=range(2, len(SEEDS) + 1), default=3)
    parser.add_argument("--flops", type=float, default=1.2e11)
    parser.add_argument("--cria")
    parser.add_argument("--fraction", type=float, default=1.0)
    parsed = parser.parse_args()
    if parsed.what == "run" and "CRIA_DATA" not in os.environ:
        sys.exit("CRIA_DATA is not set; it names the folder that holds classics/children_train.txt and children_valid.txt.")
    parsed.out = parsed.out or folder_of("three-way", parsed.fraction)
    parsed.results = parsed.results or (str(RECIPES / "results") if parsed.fraction == 1 else str(pathlib.Path(parsed.out) / "results"))
    return parsed


if __name__ == "__main__":
    chosen = options()
    experiment = ThreeWay(chosen)
    main({"cost": experiment.cost, "run": experiment.run, "table": experiment.table}[chosen.what], "bench/three_way.py")
