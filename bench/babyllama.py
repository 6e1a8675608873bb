#!/usr/bin/env python3
"""Whether a student of two teachers is better than its tuned twin, where text is scarce: BabyLlama's claim in small, with its controls.

    bench/babyllama.py cost                  what it will take, and stops
    bench/babyllama.py run                   everything that is not done yet, in order; stopped, it goes on with the same command
    bench/babyllama.py table                 recipes/babyllama/small/results/ from what is done

CRIA_DATA names the folder that holds classics/, and eval/blimp, eval/blimp_supplement and eval/zorro for minimal pairs. Two runs of one thread go
side by side. Every finished run is a line of results/runs.jsonl with its plan: its values and the plans of its teachers. What has a line of its plan
is not run again, unless a run that has none learns from its model; what has a model of another plan is moved away and run again. Options: --out DIR
(runs/babyllama), --results DIR, --seeds N (5; of fewer, others still teach), --only ARM,ARM (and what they learn from; `large`, a student of teachers three times its size, runs
only so), --flops FLOPs a second that one such run reaches (1.2e11), --cria PROGRAM, --fraction F for a rehearsal with F of the steps (say 0.01), two
seeds and a few pages of validation text, in a folder of its own (runs/babyllama-rehearsal).
"""
import argparse
import json
import os
import pathlib
import sys

from babyllama_arms import ARMS, BY_NAME, GRAMMAR_TASKS, TUNING_SEED, Settings, searches_of
from babyllama_cost import Cost
from babyllama_grammar import Grammar
from babyllama_table import Table
from experiment import ROOT, Program, SmallCorpus, best, diverged, folder_of, joined, lines, main, record, sets
from experiment_files import append_lines, claim, digest, read_lines, write_whole

RECIPES = ROOT / "recipes" / "babyllama" / "small"
SEEDS = tuple(range(1, 11))
MOST_WIDENINGS = 3


class Study:
    def __init__(self, options):
        self.options = options
        self.out, self.results = pathlib.Path(options.out).resolve(), pathlib.Path(options.results).resolve()
        self.rehearses = options.fraction < 1
        self.seeds = SEEDS[:2 if self.rehearses else options.seeds]
        chosen = set(options.only.split(",")) | {"twin"} if options.only else {arm.name for arm in ARMS if arm.by_default}
        if chosen - set(BY_NAME):
            sys.exit(f"--only names {', '.join(sorted(chosen - set(BY_NAME)))}; there are {', '.join(BY_NAME)}.")
        self.wanted = self.closure(chosen)
        self.arms = [arm for arm in ARMS if arm.name in self.wanted]
        self.settings = Settings(options.fraction)
        self.texts = pathlib.Path(os.environ.get("CRIA_DATA", "."))
        self.program = None
        self.tuned = json.loads(self.tuned_path.read_text()) if self.tuned_path.exists() else {}

    def closure(self, chosen):
        """By arm the seeds that must be there: those that are compared, and of whoever teaches, in a search too, those that are learned from."""
        runs = {(name, seed) for name in chosen for seed in BY_NAME[name].seeds(self.seeds)}
        runs |= {teacher for name in chosen for search in searches_of(BY_NAME[name]) for teacher in search.teachers}
        for arm in reversed(ARMS):  # whoever is learned from stands before whoever learns
            runs |= {teacher for name, seed in runs if name == arm.name for teacher in arm.teachers_of(seed)}
        return {name: sorted(seed for of, seed in runs if of == name) for name, _ in runs}

    @property
    def tuned_path(self): return self.results / "tuned.json"

    @property
    def lines_path(self): return self.results / "runs.jsonl"

    def folder(self, arm, seed): return self.out / "arms" / arm / f"seed-{seed}"

    def finished(self):
        """(arm, seed) → its line, the last of them."""
        return {(line["arm"], line["seed"]): line for line in read_lines(self.lines_path)}

    def program_or_new(self):
        self.program = self.program or Program(self.options.cria)
        return self.program

    # What a run's weights follow from, but for its seed, its text and where things lie; of whoever teaches the same.
    def plan(self, arm, seed):
        if arm.recipe is None:
            return self.plans(arm.teachers_of(seed))
        return [*self.recipe_of(arm), *self.settings.of(arm, self.tuned), *self.plans(arm.teachers_of(seed))]

    def search_plan(self, tuning):
        axes = [f"{path} over {joined(values)}" for path, values in tuning.axes(self.tuned, self.settings).items()]
        return [*self.recipe_of(tuning), *self.settings.tuning(tuning, self.tuned), *axes, *self.plans(tuning.teachers)]

    def plans(self, teachers): return [f"teacher {name}/{seed} {digest(self.plan(BY_NAME[name], seed))}" for name, seed in teachers]

    # Comments may change.
    @staticmethod
    def recipe_of(one):
        text = (RECIPES / f"{one.recipe}.yaml").read_text()
        return [f"{one.recipe} {digest([line for line in text.splitlines() if not line.startswith('#')])}"]

    def is_tuned(self, tuning): return self.tuned.get(tuning.name, {}).get("plan") == self.search_plan(tuning)

    def open_seeds(self, arm):
        done = self.finished()
        return [seed for seed in self.wanted[arm.name] if done.get((arm.name, seed), {}).get("plan") != self.plan(arm, seed)]

    def run(self):
        self.print_cost()
        self.corpus = SmallCorpus(self.program_or_new(), self.out / "corpus", self.texts / "classics", self.rehearses)
        texts = [self.corpus.train_text, self.corpus.valid_text, *([] if self.rehearses else [self.fiction])]
        for folder in (self.out, self.results):
            claim(folder, self.options.fraction, texts)
        self.corpus.make()
        for arm in self.arms:
            self.train(arm)
        Grammar(self).ask()
        self.table()

    # What an arm's values and its teachers' are from; a search of another plan is made again.
    def tune_for(self, arm):
        for tuning in searches_of(arm):
            if not self.is_tuned(tuning):
                self.tune(tuning)

    # A grid, one axis or two; where the best lies on the edge, one value more beyond it.
    def tune(self, tuning):
        for name, seed in tuning.teachers:
            self.require(name, seed)
        plan = self.search_plan(tuning)
        axes = {path: list(values) for path, values in tuning.axes(self.tuned, self.settings).items()}
        out = self.out / "tune" / f"{tuning.name}-{digest(plan)}"
        fixed = self.settings.tuning(tuning, self.tuned) + self.corpus.settings + self.teachers(tuning.teachers)
        for _ in range(1 if self.rehearses else 1 + MOST_WIDENINGS):
            over = [word for path, values in axes.items() for word in ("--over", f"{path}={joined(values)}")]
            self.program.sweep(out, [RECIPES / f"{tuning.recipe}.yaml", *sets(fixed), *over, "--seeds", TUNING_SEED, "--jobs", 2, "--threads", 1])
            edges = record(out)["best"]["on_the_edge"]
            for path in edges:
                at, values = float(best(out)[path]), axes[path]
                upwards = at != float(values[0])
                beyond = tuning.beyond(path, at, upwards)
                if float(beyond) not in map(float, values):
                    axes[path] = [*values, beyond] if upwards else [beyond, *values]
            if not edges:
                break
        tried, gone = lines(out), diverged(out)
        points = [{**line["values"], "loss": line["loss"]} for line in tried if line["run"] not in gone]
        self.tuned[tuning.name] = {
            "plan": plan, "values": {**(self.tuned[tuning.of]["values"] if tuning.of else {}), **best(out)}, "on_the_edge": edges,
            "loss": record(out)["best"]["loss"], "trials": len(points), "diverged": gone,
            "flops": sum(line["flops"] for line in tried), "seconds": sum(line["seconds"] for line in tried),
            "points": points,
        }
        write_whole(self.tuned_path, json.dumps(self.tuned, indent=1) + "\n")

    def train(self, arm):
        self.tune_for(arm)
        open_seeds = self.open_seeds(arm)
        for teacher in sorted({teacher for seed in open_seeds for teacher in arm.teachers_of(seed)}):
            self.require(*teacher)
        self.program.side_by_side([lambda seed=seed: self.finish(arm, seed) for seed in open_seeds])

    # A model that somebody learns from or asks: a line alone is not enough, and a model of another plan is another model.
    def require(self, name, seed):
        arm = BY_NAME[name]
        self.tune_for(arm)
        if self.is_trained(arm, seed):
            return
        for teacher in arm.teachers_of(seed):
            self.require(*teacher)
        self.finish(arm, seed)

    def kept_plan(self, arm, seed): return self.folder(arm.name, seed).with_name(f"seed-{seed}.plan.json")

    def is_of_plan(self, arm, seed):
        kept = self.kept_plan(arm, seed)
        return kept.exists() and json.loads(kept.read_text()) == self.plan(arm, seed)

    def is_trained(self, arm, seed):
        return arm.recipe is None or ((self.folder(arm.name, seed) / "result.json").exists() and self.is_of_plan(arm, seed))

    # A folder of another plan goes where no comparison looks.
    def make_room(self, arm, seed):
        run = self.folder(arm.name, seed)
        if run.exists() and not self.is_of_plan(arm, seed):
            replaced = self.out / "replaced"
            replaced.mkdir(parents=True, exist_ok=True)
            count = sum(1 for _ in replaced.glob(f"{arm.name}-{seed}-*"))
            run.rename(replaced / f"{arm.name}-{seed}-{count + 1}")
        write_whole(self.kept_plan(arm, seed), json.dumps(self.plan(arm, seed), indent=1) + "\n")

    def teachers(self, named):
        return [f"loss.teachers=[{joined(self.folder(name, seed) for name, seed in named)}]"] if named else []

    # Trains, measures, writes the line.
    def finish(self, arm, seed):
        teachers = arm.teachers_of(seed)
        run = self.folder(arm.name, seed)
        if not self.is_trained(arm, seed):
            self.make_room(arm, seed)
            settings = [f"seed={seed}", *self.settings.of(arm, self.tuned), *self.corpus.settings, *self.teachers(teachers)]
            self.program.run(["train", RECIPES / f"{arm.recipe}.yaml", *sets(settings), "--threads", 1, "--brief", "--resume", "--out", run],
                             run.with_name(run.name + ".log"))
        models = [run] if arm.recipe is not None else [self.folder(name, of) for name, of in teachers]
        append_lines(self.lines_path, [{
            "arm": arm.name, "seed": seed, "plan": self.plan(arm, seed), "teachers": [f"{name}/{of}" for name, of in teachers],
            "texts": self.measured(models), **(self.reached(run) if arm.recipe is not None else {})}])

    @staticmethod
    def reached(run):
        result = json.loads((run / "result.json").read_text())
        kept = [path.name for path in (run / "best").glob("step-*")]
        return {"loss": result["validation"]["nats_per_token"], "bits_per_byte": result["validation"]["bits_per_byte"], "steps": result["steps"],
                "best_step": int(kept[0].split("-")[1]) if kept else result["steps"], "tokens": result["tokens"],
                "flops": result["tokens"] * result["flops_per_token"], "seconds": result["training_seconds"], "parameters": result["parameters"],
                "recipe_hash": result["recipe_hash"], "threads": result["threads"], "machine": result["machine"], "program": result["program"]}

    @property
    def fiction(self): return self.texts / "classics" / "fiction_valid.jsonl.gz"

    # Whole documents, one after another; of several models what they say as one. The fiction is what nothing was chosen by.
    def measured(self, models):
        texts = {"classics": self.corpus.valid_text, **({} if self.rehearses else {"fiction": self.fiction})}
        answer = json.loads(self.program.run(["eval", *models, "--text", *texts.values(), "--threads", 1, "--json"]))
        told = (answer["ensemble"]["results"] if "ensemble" in answer else answer)["texts"]
        return {name: {"nats_per_token": one["nats_per_token"], "bits_per_byte": one["bits_per_byte"]} for name, one in zip(texts, told)}

    @property
    def tasks_there(self): return [] if self.rehearses else [name for name in GRAMMAR_TASKS if (self.texts / "eval" / name).is_dir()]

    def print_cost(self): Cost(self).show()

    def table(self):
        Table(self).write()


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["cost", "run", "table"])
    parser.add_argument("--out")
    parser.add_argument("--results")
    parser.add_argument("--only")
    parser.add_argument("--seeds", type=int, choices=range(2, len(SEEDS) + 1), default=5)
    parser.add_argument("--flops", type=float, default=1.2e11)
    parser.add_argument("--cria")
    parser.add_argument("--fraction", type=float, default=1.0)
    parsed = parser.parse_args()
    if parsed.what == "run" and "CRIA_DATA" not in os.environ:
        sys.exit("CRIA_DATA is not set; it names the folder that holds classics/children_train.txt and children_valid.txt.")
    parsed.out = parsed.out or folder_of("babyllama", parsed.fraction)
    parsed.results = parsed.results or (str(RECIPES / "results") if parsed.fraction == 1 else str(pathlib.Path(parsed.out) / "results"))
    return parsed


if __name__ == "__main__":
    chosen = options()
    study = Study(chosen)
    main({"cost": study.print_cost, "run": study.run, "table": study.table}[chosen.what], "bench/babyllama.py")
