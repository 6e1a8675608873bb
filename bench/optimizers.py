#!/usr/bin/env python3
"""The comparison of optimizers: noise first, equal tuning for each, fresh seeds for the winners, ranks with intervals.

    bench/optimizers.py cost                 what it will take, and stops
    bench/optimizers.py run                  all training that is not done yet, in order; stopped, it goes on with the same command
    bench/optimizers.py times                what a step takes with each of them, anew: on a machine that does nothing else
    bench/optimizers.py table                recipes/optimizers/results/ from what is done

CRIA_DATA names the folder that holds classics/. On two cores two runs of one thread go side by side; what else the machine does changes no loss,
and a step's time is measured apart from the runs. Options: --out DIR (runs/optimizers), --only NAME,NAME, --results DIR, --speed TOKENS_PER_SECOND of one run,
--cria PROGRAM, --fraction F for a rehearsal with F of the steps (say 0.03) and two seeds, in a folder of its own (runs/optimizers-rehearsal).
"""
import argparse
import datetime
import json
import math
import os
import pathlib
import re
import shutil
import sys

import experiment
from experiment import ROOT, Program, best, diverged, folder_of, joined, lines, mean, record, sets, spread
from experiment_files import claim, write_whole

RECIPES = ROOT / "recipes" / "optimizers"
SHORT = 3  # a first round of a third of the steps, and a third of the points goes on
POINTS = 6
FACTORS = (0.7, 1.4, 2.8)  # of the learning rate, where the batch is four times as large
NOISE_SEEDS, FINAL_SEEDS = range(1, 9), (11, 12, 13)
ROUNDS = 7  # of measuring a step's time

# Three knobs each, the same number of points: learning rate, weight decay, and the one that its authors tune next.
DECAY = "log:0.03..1"
SPACES = {
    "adamw": {"learning_rate": "log:1e-3..1.6e-2", "weight_decay": DECAY, "beta2": "0.95,0.98,0.99"},
    "ademamix": {"learning_rate": "log:1e-3..1.6e-2", "weight_decay": DECAY, "alpha": "2,5,8"},
    "lion": {"learning_rate": "log:2e-4..3.2e-3", "weight_decay": "log:0.1..3", "beta2": "0.95,0.98,0.99"},
    "sgd": {"learning_rate": "log:0.1..1.6", "weight_decay": "log:1e-4..1e-2", "momentum": "0.8,0.9,0.95"},
    "schedule_free": {"learning_rate": "log:2e-3..3.2e-2", "weight_decay": DECAY, "beta1": "0.9,0.95,0.98"},
    "sophia": {"learning_rate": "log:2e-4..3.2e-3", "weight_decay": DECAY, "rho": "0.01,0.03,0.1"},
    "muon": {"learning_rate": "log:5e-3..8e-2", "weight_decay": DECAY, "adamw_learning_rate": "2e-3,4e-3,8e-3"},
    "d_muon": {"learning_rate": "log:1e-3..1.6e-2", "weight_decay": DECAY, "momentum": "0.9,0.95,0.98"},
    "soap": {"learning_rate": "log:1e-3..1.6e-2", "weight_decay": DECAY, "beta2": "0.9,0.95,0.98"},
}


class Task:
    """One of the two batch sizes."""

    def __init__(self, name, batch, steps, warmup, fraction):
        self.name, self.batch = name, batch
        self.steps = max(6, round(steps * fraction))
        self.warmup = max(1, round(warmup * fraction))

    @property
    def overrides(self):
        return [f"batch.tokens_per_step={self.batch}", f"steps={self.steps}", f"schedule.warmup_steps={self.warmup}"]


class Experiment:
    def __init__(self, options):
        self.options = options
        self.out, self.results = pathlib.Path(options.out).resolve(), pathlib.Path(options.results).resolve()
        self.program = None
        self.small = Task("4k", 4096, 366, 40, options.fraction)
        self.large = Task("16k", 16384, 183, 20, options.fraction)
        names = [path.stem for path in sorted(RECIPES.glob("*.yaml")) if path.stem in SPACES]
        self.names = [name for name in names if not options.only or name in options.only.split(",")]
        rehearsal = options.fraction < 1
        self.noise_seeds = list(NOISE_SEEDS)[:2] if rehearsal else list(NOISE_SEEDS)
        self.final_seeds = list(FINAL_SEEDS)[:2] if rehearsal else list(FINAL_SEEDS)

    # Folders.
    def noise(self, task): return self.out / task.name / "noise"
    def tune(self, task, name): return self.out / task.name / "tune" / name
    def winner(self, task, name): return self.out / task.name / "winners" / name / f"{name}.yaml"
    def final(self, task): return self.out / task.name / "final"
    def times(self, task): return self.out / task.name / "times.json"

    def program_or_new(self):
        self.program = self.program or Program(self.options.cria)
        return self.program

    def cost(self):
        """Seconds on two cores, by the tokens that each part trains on."""
        speed = self.options.speed
        own = 6  # of starting and of measuring the loss twice on 0.2 M tokens
        run = {task.name: task.batch * task.steps / speed + own for task in (self.small, self.large)}
        first = self.small.batch * round(self.small.steps / SHORT) / speed + own
        count, kept = len(self.names), math.ceil(POINTS / SHORT)
        rows = [(f"noise floor, {task.name}", pairs(len(self.noise_seeds)) * run[task.name]) for task in (self.small, self.large)]
        rows.append((f"tuning, {self.small.name}: {POINTS} points of {round(self.small.steps / SHORT)} steps, {kept} of {self.small.steps}, each optimizer",
                     count * (pairs(POINTS) * first + pairs(kept) * run["4k"])))
        rows.append((f"tuning, {self.large.name}: {len(FACTORS)} learning rates, each optimizer", pairs(count) * len(FACTORS) * run["16k"]))
        rows += [(f"the winners, {task.name}, {len(self.final_seeds)} seeds", pairs(count * len(self.final_seeds)) * run[task.name])
                 for task in (self.small, self.large)]
        return rows

    def print_cost(self):
        rows = self.cost()
        print(f"{len(self.names)} optimizers ({', '.join(self.names)}) at {self.options.speed:,} tokens a second and run, two runs side by side:")
        for what, seconds in rows:
            print(f"  {seconds / 60:6.1f} min  {what}")
        total = sum(seconds for _, seconds in rows)
        print(f"  {total / 60:6.1f} min  in all{'' if total <= 7200 else '; more than two hours'}", flush=True)

    def sweep(self, out, recipes, arguments, jobs=2):
        self.program_or_new().sweep(out, [*recipes, *arguments, "--jobs", jobs, "--threads", 1, "--data", self.out / "data"])

    def run(self):
        self.print_cost()
        texts = pathlib.Path(os.environ["CRIA_DATA"]) / "classics"
        # The names of a sweep's runs hold a hash of texts and steps, so that a folder without a word is no danger.
        claim(self.out, self.options.fraction, [texts / "children_train.txt", texts / "children_valid.txt"], adopts=True)
        for task in (self.small, self.large):
            self.sweep(self.noise(task), [RECIPES / "adamw.yaml"], [*sets(task.overrides), "--seeds", joined(self.noise_seeds)])
        for name in self.names:
            over = [word for knob, values in SPACES[name].items() for word in ("--over", f"optimizer.{knob}={values}")]
            self.sweep(self.tune(self.small, name), [RECIPES / f"{name}.yaml"],
                       [*sets(self.small.overrides), *over, "--random", POINTS, "--halving", f"{SHORT},{round(self.small.steps / SHORT)}"])
            self.keep_winner(self.small, name)
        self.tune_large()
        for task in (self.small, self.large):
            self.sweep(self.final(task), [self.winner(task, name) for name in self.names], ["--seeds", joined(self.final_seeds)])
        self.table()

    # Two sweeps of one job each, side by side: three points do not fill pairs.
    def tune_large(self):
        def one(name):
            values = best(self.tune(self.small, name))
            rate = float(values["optimizer.learning_rate"])
            kept = [f"{path}={value}" for path, value in values.items() if path != "optimizer.learning_rate"]
            rates = ",".join(f"{rate * factor:.3g}" for factor in FACTORS)
            self.sweep(self.tune(self.large, name), [RECIPES / f"{name}.yaml"],
                       [*sets(self.large.overrides + kept), "--over", f"optimizer.learning_rate={rates}"], jobs=1)
            self.keep_winner(self.large, name)

        self.program_or_new().side_by_side([lambda name=name: one(name) for name in self.names])

    # What a step and its update take, on one thread without a neighbour; with a word of who measured it, as it may not be who trained.
    def measure(self):
        program = self.program_or_new()
        for task in (self.small, self.large):
            measured = json.loads(program.run(["bench", "optimizers", RECIPES / "adamw.yaml", *sets(task.overrides), "--threads", 1, "--rounds", ROUNDS, "--json"]))
            measured |= {"machine": machine(), "program": "cria " + program.run(["--version"]).strip(), "date": f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}"}
            write_whole(self.times(task), json.dumps(measured, indent=1) + "\n")
        self.table()

    def measured(self, task):
        path = self.times(task)
        return json.loads(path.read_text()) if path.exists() else None

    # Milliseconds of a whole step and of its update. What is measured is the pass of one micro-batch, of which a step has several; an optimizer
    # that estimates the curvature makes another pass of all of them now and then. The runs' own seconds would count whatever else the machine did.
    def steps_alone(self, task):
        measured = self.measured(task)
        if measured is None:
            return {}
        passes = measured["pass_milliseconds"] * task.batch / measured["tokens_per_step"]
        return {entry["name"]: (passes * (1 + self.share_of_curvature(task, entry["name"])) + entry["milliseconds"], entry["milliseconds"])
                for entry in measured["optimizers"]}

    # As the winner's own recipe has it: 1 / the updates from one estimate to the next.
    def share_of_curvature(self, task, name):
        path = self.winner(task, name)
        every = re.search(r"^ *curvature_every: *(\d+)", path.read_text(), re.MULTILINE) if path.exists() else None
        return 1 / int(every[1]) if every else 0

    # As deep as the sweep's own best.yaml, whose paths are relative to it.
    def keep_winner(self, task, name):
        path = self.winner(task, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.tune(task, name) / "best.yaml", path)

    def table(self):
        results = self.results
        results.mkdir(parents=True, exist_ok=True)
        rehearsal = ["**A rehearsal with a part of the steps: these numbers mean nothing.**", ""] if self.options.fraction < 1 else []
        text = ["# Optimizers on one small task", "",
                "Made by `bench/optimizers.py table` from the lines beside it; how, and what it means: [docs/experiments.md](../../../docs/experiments.md).", "", *rehearsal]
        for task in (self.small, self.large):
            if (self.final(task) / "sweep.json").exists():
                text += self.table_of(task, results)
        (results / "README.md").write_text("\n".join(text))
        print("\n".join(text))

    def table_of(self, task, results):
        noise = [line["loss"] for line in lines(self.noise(task))]
        ranking = json.loads(self.program_or_new().run(["compare", "--rank", self.final(task), "--json"]))
        arms = {arm["name"]: arm for arm in ranking["ranking"]["arms"]}
        step = self.steps_alone(task)
        out = [f"## {task.steps} steps of {task.batch:,} tokens", "", f"Trained on {'; '.join(self.trained_on(task))}.",
               f"Noise floor: AdamW with {len(noise)} seeds, {mean(noise):.4f} ± {spread(noise):.4f} (standard deviation), from {min(noise):.4f} to {max(noise):.4f}.",
               f"Spread of one run about its optimizer and its seed: {ranking['ranking']['deviation']:.4f} with {ranking['ranking']['freedom']} degrees of freedom.", "",
               "| place | optimizer | nats a token | ms a step² | × AdamW | of it the update, ms | at AdamW's minutes¹ | minutes to AdamW's loss¹ | tuned values |",
               "|---|---|---|---|---|---|---|---|---|"]
        for name, arm in arms.items():
            place = str(arm["best_place"]) if arm["best_place"] == arm["worst_place"] else f"{arm['best_place']}–{arm['worst_place']}"
            whole, update = step.get(name, (None, None))
            ratio = whole / step["adamw"][0] if whole and "adamw" in step else float("nan")
            values = ", ".join(f"{path.split('.')[-1]} {value}" for path, value in self.values(task, name).items())
            at_minutes, to_loss = self.by_minutes(task, name, arm["mean"], arms.get("adamw", {}).get("mean"), ratio)
            out.append(f"| {place} | {name} | {arm['mean']:.4f} ± {ranking['ranking']['reach']:.4f} | {number(whole)} | {f'{ratio:.2f}' if whole else '–'} | {number(update)} | "
                       f"{at_minutes} | {to_loss} | {values} |")
        out += [f"| last | {name} | diverged with a seed | | | | | | |" for name in map(stem, record(self.final(task))["recipes"]) if name not in arms]
        edges = [f"{name}: {', '.join(record(self.tune(task, name))['best']['on_the_edge'])}" for name in self.names
                 if (self.tune(task, name) / "sweep.json").exists() and (record(self.tune(task, name)).get("best") or {}).get("on_the_edge")]
        out += ["", "A range of places is not resolved: places hold together with 95 % confidence (Holm).",
                "¹ Interpolated between the winner's run of a third of the steps and its whole run, log-linear in steps; one seed." if task is self.small else
                "¹ Not measured here: no shorter runs.",
                self.words_of_times(task),
                f"On the edge of what was tried: {'; '.join(edges) or 'none'}.",
                f"Diverged in the search, and counted as the worst: {'; '.join(self.lost(task)) or 'none'}.", ""]
        for kind, folder in [("noise", self.noise(task)), ("final", self.final(task))]:
            shutil.copyfile(folder / "sweep.jsonl", results / f"{task.name}-{kind}.jsonl")
        with open(results / f"{task.name}-tune.jsonl", "w") as tune:
            tune.writelines((self.tune(task, name) / "sweep.jsonl").read_text() for name in self.names if (self.tune(task, name) / "sweep.jsonl").exists())
        (results / f"{task.name}-ranking.json").write_text(json.dumps(ranking, indent=1, ensure_ascii=False) + "\n")
        return out

    def words_of_times(self, task):
        measured = self.measured(task)
        if measured is None:
            return "² Not measured yet: `bench/optimizers.py times`, on a machine that does nothing else."
        passes, share = task.batch / measured["tokens_per_step"], self.share_of_curvature(task, "sophia")
        curvature = f"; for Sophia another forward and backward of them every {1 / share:g} steps, for its curvature" if share else ""
        return (f"² `cria bench optimizers` on one thread without a neighbour: forward, backward and clip of {passes:g} micro-batch{'es' if passes != 1 else ''}, and the update"
                f"{curvature}. {measured['rounds']} rounds on {measured['machine']}, {measured['program']}, {measured['date']}.")

    def trained_on(self, task):
        results = [json.loads((self.final(task) / "runs" / line["run"] / "result.json").read_text()) for line in lines(self.final(task))]
        return sorted({f"{result['machine']}, {result['threads']} thread a run, {result['program']}" for result in results})

    def lost(self, task):
        return [f"{name}: {run}" for name in self.names if (self.tune(task, name) / "sweep.jsonl").exists() for run in diverged(self.tune(task, name))]

    def values(self, task, name):
        tuned = dict(best(self.tune(self.small, name)))
        if task is self.large:
            tuned |= best(self.tune(self.large, name))
        return tuned

    # What the same minutes as AdamW's would give, and how long AdamW's loss takes: from how the loss falls with the steps.
    def by_minutes(self, task, name, loss, adamw, ratio):
        if task is not self.small or adamw is None or not ratio > 0:
            return "–", "–"
        own = [line for line in lines(self.tune(task, name)) if line["values"] == best(self.tune(task, name))]
        short, whole = ([line for line in own if line["is_complete"] == complete] for complete in (False, True))
        if not short or not whole:
            return "–", "–"
        slope = (short[0]["loss"] - whole[0]["loss"]) / math.log(whole[0]["steps"] / short[0]["steps"])
        if not slope > 0:
            return "–", "–"
        return f"{loss + slope * math.log(ratio):.4f}", f"{ratio * math.exp((loss - adamw) / slope):.2f} ×"


def pairs(runs): return math.ceil(runs / 2)
def stem(recipe): return pathlib.Path(recipe).stem
def number(value): return "–" if value is None else f"{value:.1f}"


# As runs name it, by its processor.
def machine():
    path = pathlib.Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.*)$", path.read_text(), re.MULTILINE) if path.exists() else None
    return f"{found[1] if found else os.uname().machine}, {os.cpu_count()} cores"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["cost", "run", "times", "table"])
    parser.add_argument("--out")
    parser.add_argument("--results")
    parser.add_argument("--only")
    parser.add_argument("--cria")
    parser.add_argument("--speed", type=int, default=24_000)
    parser.add_argument("--fraction", type=float, default=1.0)
    parsed = parser.parse_args()
    if parsed.what in ("run", "times") and "CRIA_DATA" not in os.environ:
        sys.exit("CRIA_DATA is not set; it names the folder that holds classics/children_train.txt and children_valid.txt.")
    parsed.out = parsed.out or folder_of("optimizers", parsed.fraction)
    parsed.results = parsed.results or (str(RECIPES / "results") if parsed.fraction == 1 else str(pathlib.Path(parsed.out) / "results"))
    return parsed


if __name__ == "__main__":
    chosen = options()
    study = Experiment(chosen)
    experiment.main({"cost": study.print_cost, "run": study.run, "times": study.measure, "table": study.table}[chosen.what], "bench/optimizers.py")
