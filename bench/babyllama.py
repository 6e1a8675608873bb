#!/usr/bin/env python3
"""Whether a student of two teachers is better than its tuned twin, where text is scarce: BabyLlama's claim in small, with its controls.

    bench/babyllama.py cost                  what it will take, and stops
    bench/babyllama.py run                   everything that is not done yet, in order; stopped, it goes on with the same command
    bench/babyllama.py table                 recipes/babyllama/small/results/ from what is done

CRIA_DATA names the folder that holds classics/, and eval/blimp/ for minimal pairs. Two runs of one thread go side by side. Every finished run is
a line of results/runs.jsonl; what has one is not run again, unless a run that has none learns from its model. Options: --out DIR
(runs/babyllama), --results DIR, --seeds N (5), --only ARM,ARM (and what they learn
from; `large`, a student of teachers three times its size, runs only so), --flops FLOPs a second that one such run reaches
(1.2e11), --cria PROGRAM, --fraction F for a rehearsal with F of the steps (say 0.01), two seeds and a few pages of validation text.
"""
import argparse
import json
import os
import pathlib
import sys

from babyllama_arms import ARMS, BY_NAME, FLOPS_PER_TOKEN, TOKENS_PER_STEP, TUNING, Settings
from babyllama_table import Table
from experiment import ROOT, Program, SmallCorpus, best, joined, lines, main, record, sets

RECIPES = ROOT / "recipes" / "babyllama" / "small"
SEEDS = tuple(range(1, 11))
TUNING_SEED = 101  # of no run that is compared
MOST_WIDENINGS = 3
GRAMMAR_SEEDS, GRAMMAR_TASKS = 3, ("blimp", "blimp_supplement", "zorro")
EVALUATION_TOKENS, FICTION_TOKENS = 200_000, 550_000


class Study:
    def __init__(self, options):
        self.options = options
        self.out, self.results = pathlib.Path(options.out).resolve(), pathlib.Path(options.results).resolve()
        self.rehearses = options.fraction < 1
        self.seeds = SEEDS[:2 if self.rehearses else options.seeds]
        chosen = set(options.only.split(",")) | {"twin"} if options.only else {arm.name for arm in ARMS if arm.by_default}
        if chosen - set(BY_NAME):
            sys.exit(f"--only names {', '.join(sorted(chosen - set(BY_NAME)))}; there are {', '.join(BY_NAME)}.")
        for arm in reversed(ARMS):  # whoever is learned from stands before whoever learns
            if arm.name in chosen:
                chosen |= {name for name, _ in arm.teachers_of(1)}
        self.arms = [arm for arm in ARMS if arm.name in chosen]
        self.settings = Settings(options.fraction)
        self.texts = pathlib.Path(os.environ.get("CRIA_DATA", "."))
        self.program = None
        self.tuned = json.loads(self.tuned_path.read_text()) if self.tuned_path.exists() else {}

    @property
    def tuned_path(self): return self.results / "tuned.json"

    @property
    def lines_path(self): return self.results / "runs.jsonl"

    def folder(self, arm, seed): return self.out / "arms" / arm / f"seed-{seed}"

    def finished(self):
        """(arm, seed) → its line, the last of them."""
        written = [json.loads(line) for line in self.lines_path.read_text().splitlines()] if self.lines_path.exists() else []
        return {(line["arm"], line["seed"]): line for line in written}

    def program_or_new(self):
        self.program = self.program or Program(self.options.cria)
        return self.program

    # What a run is to be, but for where things lie: a line of another plan does not stand for it.
    def plan(self, arm, seed):
        teachers = [f"{name}/{of}" for name, of in arm.teachers_of(seed)]
        return [arm.recipe, *self.settings.of(arm, self.tuned), *(["teachers " + joined(teachers)] if teachers else [])]

    def print_cost(self):
        total = 0
        speed, measured = self.options.flops, (EVALUATION_TOKENS if not self.rehearses else 6_000)
        after = FLOPS_PER_TOKEN["twin-1M"] / 3 * (measured + (0 if self.rehearses else FICTION_TOKENS)) / speed + 6
        print(f"Two runs of {speed:.2g} FLOPs a second side by side; every run ends with all of the validation text{'' if self.rehearses else ' and of the fiction'}:")
        for tuning in TUNING:
            if tuning.name in self.tuned:
                continue
            steps = self.settings.steps(1)
            trials = tuning.trials(self.settings)
            seconds = trials * (steps * TOKENS_PER_STEP * tuning.flops_per_token / speed + 5 * measured * FLOPS_PER_TOKEN["twin-1M"] / 3 / speed + 4) / 2
            total += seconds
            print(f"  {seconds / 60:6.1f} min  tuning {tuning.name}: {trials} trials with seed {TUNING_SEED}")
        done = self.finished()
        for arm in self.arms:
            open_seeds = [seed for seed in arm.seeds(self.seeds) if (arm.name, seed) not in done]
            if not open_seeds:
                continue
            steps = self.settings.steps(arm.length or 1)
            training = 0 if arm.recipe is None else steps * TOKENS_PER_STEP * arm.flops_per_token / speed
            evaluating = 5 * measured * arm.own_flops / 3 / speed
            seconds = len(open_seeds) * (training + evaluating + after) / 2
            total += seconds
            print(f"  {seconds / 60:6.1f} min  {arm.name}: {arm.title}, {len(open_seeds)} seed{'s' if len(open_seeds) > 1 else ''}")
        print(f"  {total / 60:6.1f} min  in all{', without minimal pairs' if self.pairs_are_there else ''}", flush=True)

    def run(self):
        self.print_cost()
        self.program_or_new()
        self.results.mkdir(parents=True, exist_ok=True)
        self.corpus = SmallCorpus(self.program, self.out / "corpus", self.texts / "classics", self.rehearses)
        self.corpus.make()
        by_name = {tuning.name: tuning for tuning in TUNING}
        for arm in self.arms:
            for name in arm.needs_tuned:
                if name not in self.tuned:
                    self.tune(by_name[name])
            self.train(arm)
        self.grammar()
        self.table()

    # A grid, one axis or two; where the best lies on the edge, one value more beyond it.
    def tune(self, tuning):
        for name, seed in tuning.teachers:
            self.require(name, seed)
        axes = {path: list(values) for path, values in tuning.axes(self.tuned, self.settings).items()}
        out = self.out / "tune" / tuning.name
        fixed = self.settings.tuning(tuning, self.tuned) + self.corpus.settings + self.teachers(tuning.teachers)
        for _ in range(1 if self.rehearses else 1 + MOST_WIDENINGS):
            over = [word for path, values in axes.items() for word in ("--over", f"{path}={joined(values)}")]
            self.program.run(["sweep", RECIPES / f"{tuning.recipe}.yaml", *sets(fixed), *over, "--seeds", TUNING_SEED, "--jobs", 2, "--threads", 1,
                              "--out", out, "--resume"], self.out / "tune" / f"{tuning.name}.txt")
            edges = record(out)["best"]["on_the_edge"]
            for path in edges:
                at, values = float(best(out)[path]), axes[path]
                axes[path] = [f"{at / tuning.beyond[path]:g}", *values] if at == float(values[0]) else [*values, f"{at * tuning.beyond[path]:g}"]
            if not edges:
                break
        tried = lines(out)
        self.tuned[tuning.name] = {
            "values": {**(self.tuned[tuning.of]["values"] if tuning.of else {}), **best(out)}, "on_the_edge": edges, "loss": record(out)["best"]["loss"], "trials": len(tried),
            "flops": sum(line["flops"] for line in tried), "seconds": sum(line["seconds"] for line in tried),
            "points": [{**line["values"], "loss": line["loss"]} for line in tried],
        }
        self.tuned_path.write_text(json.dumps(self.tuned, indent=1) + "\n")

    def train(self, arm):
        done = self.finished()
        open_seeds = [seed for seed in arm.seeds(self.seeds) if done.get((arm.name, seed), {}).get("plan") != self.plan(arm, seed)]
        needed = {(name, of) for seed in open_seeds for name, of in arm.teachers_of(seed)}
        for name, of in sorted(needed):
            self.require(name, of)
        self.program.side_by_side([lambda seed=seed: self.finish(arm, seed) for seed in open_seeds])

    # A model that somebody learns from: a line alone is not enough.
    def require(self, name, seed):
        arm = BY_NAME[name]
        if (self.folder(name, seed) / "result.json").exists():
            return
        for teacher, of in arm.teachers_of(seed):
            self.require(teacher, of)
        self.finish(arm, seed)

    def teachers(self, named):
        return [f"loss.teachers=[{joined(self.folder(name, seed) for name, seed in named)}]"] if named else []

    # Trains, measures, writes the line.
    def finish(self, arm, seed):
        teachers = arm.teachers_of(seed)
        run = self.folder(arm.name, seed)
        if arm.recipe is not None and not (run / "result.json").exists():
            settings = [f"seed={seed}", *self.settings.of(arm, self.tuned), *self.corpus.settings, *self.teachers(teachers)]
            self.program.run(["train", RECIPES / f"{arm.recipe}.yaml", *sets(settings), "--threads", 1, "--brief", "--resume", "--out", run],
                             run.with_name(run.name + ".log"))
        models = [run] if arm.recipe is not None else [self.folder(name, of) for name, of in teachers]
        line = {"arm": arm.name, "seed": seed, "plan": self.plan(arm, seed), "teachers": [f"{name}/{of}" for name, of in teachers],
                "texts": self.measured(models), **(self.reached(run) if arm.recipe is not None else {})}
        with open(self.lines_path, "a") as written:
            written.write(json.dumps(line) + "\n")

    @staticmethod
    def reached(run):
        result = json.loads((run / "result.json").read_text())
        kept = [path.name for path in (run / "best").glob("step-*")]
        return {"loss": result["validation"]["nats_per_token"], "bits_per_byte": result["validation"]["bits_per_byte"], "steps": result["steps"],
                "best_step": int(kept[0].split("-")[1]) if kept else result["steps"], "tokens": result["tokens"],
                "flops": result["tokens"] * result["flops_per_token"], "seconds": result["training_seconds"], "parameters": result["parameters"],
                "recipe_hash": result["recipe_hash"], "threads": result["threads"], "machine": result["machine"], "program": result["program"]}

    # Whole documents, one after another; of several models what they say as one. The fiction is what nothing was chosen by.
    def measured(self, models):
        texts = {"classics": self.corpus.valid_text}
        if not self.rehearses:
            texts["fiction"] = self.texts / "classics" / "fiction_valid.jsonl.gz"
        answer = json.loads(self.program.run(["eval", *models, "--text", *texts.values(), "--threads", 1, "--json"]))
        told = (answer["ensemble"]["results"] if "ensemble" in answer else answer)["texts"]
        return {name: {"nats_per_token": one["nats_per_token"], "bits_per_byte": one["bits_per_byte"]} for name, one in zip(texts, told)}

    @property
    def pairs_are_there(self): return (self.texts / "eval" / "blimp").is_dir() and not self.rehearses

    # Minimal pairs as the challenge scores them, after the end of text and with a space before; three seeds of every arm, and once a trigram of the same text.
    def grammar(self):
        if not self.pairs_are_there:
            return
        path = self.results / "grammar.jsonl"
        done = {(line["arm"], line["seed"]) for line in map(json.loads, path.read_text().splitlines())} if path.exists() else set()
        tasks = [name for name in GRAMMAR_TASKS if (self.texts / "eval" / name).is_dir()]

        def ask(arm, seed, trigram):
            self.require(arm, seed)
            answer = json.loads(self.program.run(
                ["eval", self.folder(arm, seed), "--tasks", joined(tasks), "--data", self.texts / "eval", "--context", "eos", "--leading-space", "--examples", 0,
                 *(["--trigram", self.corpus.train_text] if trigram else []), "--threads", 1, "--json"]))
            with open(path, "a") as written:
                written.writelines(json.dumps({
                    **({"arm": arm, "seed": seed} if scorer["is_model"] else {"arm": "trigram", "seed": 0}), "task": task["task"],
                    "accuracy": scorer["accuracy"], "standard_error": scorer["standard_error"],
                    "fields": {field["name"]: field["accuracy"] for field in scorer["fields"]}}) + "\n"
                    for task in answer["tasks"] for scorer in task["scorers"])

        open_runs = [(arm.name, seed) for arm in self.arms if arm.recipe is not None for seed in arm.seeds(self.seeds)[:GRAMMAR_SEEDS] if (arm.name, seed) not in done]
        self.program.side_by_side([lambda run=run: ask(*run, run == open_runs[0] and ("trigram", 0) not in done) for run in open_runs])

    def table(self):
        Table(self).write()


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["cost", "run", "table"])
    parser.add_argument("--out", default=str(ROOT / "runs" / "babyllama"))
    parser.add_argument("--results")
    parser.add_argument("--only")
    parser.add_argument("--seeds", type=int, choices=range(2, len(SEEDS) + 1), default=5)
    parser.add_argument("--flops", type=float, default=1.2e11)
    parser.add_argument("--cria")
    parser.add_argument("--fraction", type=float, default=1.0)
    parsed = parser.parse_args()
    if parsed.what == "run" and "CRIA_DATA" not in os.environ:
        sys.exit("CRIA_DATA is not set; it names the folder that holds classics/children_train.txt and children_valid.txt.")
    parsed.results = parsed.results or (str(RECIPES / "results") if parsed.fraction == 1 else str(pathlib.Path(parsed.out) / "results"))
    return parsed


if __name__ == "__main__":
    chosen = options()
    study = Study(chosen)
    main({"cost": study.print_cost, "run": study.run, "table": study.table}[chosen.what], "bench/babyllama.py")
