"""Minimal pairs for bench/babyllama.py, as the challenge scores them: after the end of text and with a space before; three seeds of every arm, and
once a trigram of the same text."""
import json

from babyllama_arms import GRAMMAR_TASKS
from experiment import joined, mean, spread
from experiment_files import append_lines, digest, read_lines

SEEDS = 3


class Grammar:
    def __init__(self, study):
        self.study, self.tasks, self.path = study, study.tasks_there, study.results / "grammar.jsonl"

    def ask(self):
        """What has no answers yet of its present plan."""
        done = {(line["arm"], line["seed"], line["plan"], line["task"]) for line in read_lines(self.path)}

        def is_open(*who):
            return any((*who, task) not in done for task in self.tasks)

        runs = [(arm, seed) for arm in self.study.arms if arm.recipe is not None for seed in arm.seeds(self.study.seeds)[:SEEDS]
                if seed in self.study.wanted[arm.name]]
        asked = [(arm, seed) for arm, seed in runs if is_open(arm.name, seed, self.plan(arm, seed))]
        needs_trigram = is_open("trigram", 0, None)
        asked = asked or (runs[:1] if needs_trigram else [])
        for arm, seed in asked:  # one after another: two threads must not train the same teacher
            self.study.require(arm.name, seed)
        self.study.program.side_by_side([lambda run=run: self.score(*run, needs_trigram and run == asked[0]) for run in asked])

    def plan(self, arm, seed): return digest(self.study.plan(arm, seed))

    def score(self, arm, seed, with_trigram):
        answer = json.loads(self.study.program.run(
            ["eval", self.study.folder(arm.name, seed), "--tasks", joined(self.tasks), "--data", self.study.texts / "eval", "--context", "eos", "--leading-space",
             "--examples", 0, *(["--trigram", self.study.corpus.train_text] if with_trigram else []), "--threads", 1, "--json"]))
        append_lines(self.path, [{
            **({"arm": arm.name, "seed": seed, "plan": self.plan(arm, seed)} if scorer["is_model"] else {"arm": "trigram", "seed": 0, "plan": None}),
            "task": task["task"], "accuracy": scorer["accuracy"], "standard_error": scorer["standard_error"],
            "fields": {field["name"]: field["accuracy"] for field in scorer["fields"]}}
            for task in answer["tasks"] for scorer in task["scorers"]])

    def words(self, arms):
        """For the table: of every arm, seed and task the last answer, and which tasks have none."""
        last = {(line["arm"], line["seed"], line["task"]): 100 * line["accuracy"] for line in read_lines(self.path)}
        tasks = [task for task in GRAMMAR_TASKS if any(task == of for _, _, of in last)]
        missing = [task for task in GRAMMAR_TASKS if task not in tasks]
        out = ["", "## Minimal pairs", ""]
        if tasks:
            out += [f"| who | {' | '.join(f'{task}, mean of its paradigms, and by seed' for task in tasks)} |", f"|---|{'---|' * len(tasks)}"]
        for name in [*(arm.name for arm in arms), "trigram"]:
            answers = [[value for (who, _, of), value in sorted(last.items()) if (who, of) == (name, task)] for task in tasks]
            if any(answers):
                out.append(f"| {name} | {' | '.join(map(cell, answers))} |")
        if tasks:
            out += ["", "Not a pass mark at this size: seeds of one arm differ by about a point. Chance is 50 %; sentences stand after the end of a text, with a space before them. "
                    "The trigram (Kneser–Ney) has counted all of the books, some twenty times the models' text."]
        if missing and not self.study.rehearses:
            out += ["", f"Without an answer: {', '.join(missing)}. A task is asked where `eval/` has its folder."]
        return out if last or missing and not self.study.rehearses else []


def cell(values):
    several = f" ± {spread(values):.2f} ({', '.join(f'{value:.2f}' for value in values)})" if len(values) > 1 else ""
    return f"{mean(values):.2f} %{several}" if values else "–"
