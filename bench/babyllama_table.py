"""What bench/babyllama.py found, in words: premises first, then the arms, what they took, and whether the claim holds."""
import json

from babyllama_arms import ARMS, BY_NAME, TOKENS_PER_STEP, searches_of
from babyllama_grammar import Grammar
from experiment import interval, mean, spread

CLAIM = 0.04  # nats a token that the student must end below its twin
TEACHERS_LEAD = 0.05  # and the teachers, for there to be something to learn
STUDENT = "pair"


class Table:
    def __init__(self, study):
        self.study = study
        self.all_lines = study.finished()
        self.lines = {key: line for key, line in self.all_lines.items() if key[1] in study.seeds}
        self.arms = [arm for arm in ARMS if any(name == arm.name for name, _ in self.lines)]

    def write(self):
        results = self.study.results
        results.mkdir(parents=True, exist_ok=True)
        self.compared = self.compare()
        text = "\n".join(self.words()) + "\n"
        (results / "README.md").write_text(text)
        print(text)

    # From the runs' folders where they are; else what they gave when they were there.
    def compare(self):
        kept = self.study.results / "comparison.json"
        trained = [arm for arm in self.arms if arm.recipe is not None and not arm.only_first_seed and self.is_there(arm)]
        if len(trained) > 1 and trained[0].name == "twin":
            program = self.study.program_or_new()
            folders = [self.study.folder(arm.name, 0).parent for arm in trained]
            found = json.loads(program.run(["compare", *folders, "--json"]))
            kept.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
            seed = self.study.seeds[0]
            program.run(["report", *(self.study.folder(arm.name, seed) for arm in trained), "--picture", self.study.results / "curves.svg"])
        found = json.loads(kept.read_text()) if kept.exists() else {"comparisons": []}
        return {comparison["arm"]: comparison for comparison in found["comparisons"]}

    def is_there(self, arm):
        return all(self.study.is_trained(arm, seed) for seed in self.study.seeds)

    def words(self):
        title = "# A student of two teachers, and its twin, where text is scarce"
        rehearsal = ["", "**A rehearsal with a part of the steps: these numbers mean nothing.**"] if self.study.rehearses else []
        return [title, *rehearsal, "", self.origin(), "", "## Premises", "", *self.premises(), "", "## Arms", "", *self.table_of_arms(), "",
                "## What it took", "", *self.ledger(), "", "## The claim", "", *self.claim(), *Grammar(self.study).words(self.arms), *self.picture(),
                "", "## Every point", "", *self.points()]

    def origin(self):
        trained = [line for line in self.lines.values() if "machine" in line]
        if not trained:
            return "Nothing is finished yet."
        where = sorted({f"{line['machine']}, {line['threads']} thread a run, {line['program']}" for line in trained})
        return (f"Made by `bench/babyllama.py table` from the lines beside it: {len(trained)} runs on {'; '.join(where)}. What the arms are, and what it means: "
                "[docs/babyllama.md](../../../../docs/babyllama.md). 262,144 tokens of children's classics, the same for every run; losses are of all of the "
                "held-out books, in nats a token.")

    def losses(self, name, text=None):
        found = {seed: line for (arm, seed), line in self.lines.items() if arm == name}
        return {seed: line["texts"][text]["nats_per_token"] if text else line["loss"] for seed, line in found.items() if text is None or text in line["texts"]}

    def against_twin(self, name, text):
        """Mean of the seeds' differences and the reach of its 95 % interval, on whole documents; null without a seed in common."""
        own, twin = self.losses(name, text), self.losses("twin", text)
        differences = [own[seed] - twin[seed] for seed in sorted(own.keys() & twin.keys())]
        return interval(differences) if differences else None

    def premises(self):
        out = []
        lead = self.against_twin("ensemble", "classics")
        if lead:
            out.append(f"* {mark(lead[0] + lead[1] < 0 and lead[0] <= -TEACHERS_LEAD)} The teachers together are at least {TEACHERS_LEAD} nats better than the tuned twin: {signed(lead)}.")
        gpt = self.against_twin("gpt", "classics")
        if gpt:
            out.append(f"* GPT-2 against the tuned twin: {signed(gpt)}.")
        for name, found in self.study.tuned.items():
            edges = ", ".join(path.split(".")[-1] for path in found["on_the_edge"])
            values = ", ".join(f"{path.split('.')[-1]} {value}" for path, value in found["values"].items())
            out.append(f"* {mark(not edges)} What was tuned lies inside what was tried, {name}: {values} of {found['trials']} trials{lost(found)}{f'; on the edge: {edges}' if edges else ''}.")
        taken = [f"{arm.name}: {arm.unsearched}" for arm in self.arms if arm.unsearched]
        if taken:
            out.append(f"* Not searched but taken over: {'; '.join(taken)}.")
        past = [f"{arm.name} {count} of {len(lines)}" for arm in self.arms if arm.recipe
                for lines in [[line for (name, _), line in self.lines.items() if name == arm.name]]
                for count in [sum(line["best_step"] < line["steps"] for line in lines)] if count]
        out.append(f"* {mark(not past)} No run is past its best evaluation{': ' + ', '.join(past) + ' were; the best is taken' if past else ''}.")
        twin = list(self.losses("twin").values())
        if len(twin) > 1:
            smallest = [comparison["difference"]["smallest_detectable"] for name, comparison in self.compared.items() if name == STUDENT and comparison["difference"]]
            out.append(f"* Noise: twins of {len(twin)} seeds have {mean(twin):.4f} ± {spread(twin):.4f}"
                       + (f"; the smallest difference found four times in five is {smallest[0]:.4f}." if smallest and smallest[0] is not None else "."))
        return out

    def table_of_arms(self):
        out = ["| arm | nats a token | less the twin's, paired by seed | verdict | fiction, less the twin's¹ | steps |", "|---|---|---|---|---|---|"]
        for arm in self.arms:
            losses = list(self.losses(arm.name).values()) if arm.recipe else list(self.losses(arm.name, "classics").values())
            comparison = self.compared.get(arm.name)
            difference = comparison["difference"] if comparison else None
            if difference:
                low, high = difference["low"], difference["high"]
                shown = f"{difference['mean']:+.4f}" + (f" [{low:+.4f}, {high:+.4f}]" if low is not None else "")
            else:
                found = self.against_twin(arm.name, "classics") if arm.name != "twin" else None
                shown = f"{signed(found)}¹" if found else "–"
            fiction = self.against_twin(arm.name, "fiction") if arm.name != "twin" else None
            steps = sorted({line["steps"] for (name, _), line in self.lines.items() if name == arm.name and "steps" in line})
            out.append(f"| **{arm.name}**: {arm.title} | {mean(losses):.4f} ± {spread(losses):.4f} ({len(losses)}) | {shown} | {comparison['verdict'] if comparison else '–'} | "
                       f"{signed(fiction) if fiction else '–'} | {', '.join(f'{count:,}' for count in steps) or '–'} |")
        return out + ["", "± is the standard deviation over seeds, brackets the 95 % interval of the paired difference (`cria compare`). "
                      "¹ `cria eval` on whole documents: the validation text for the ensemble; novels that decided nothing for the fiction."]

    # Once as if the teachers were there anyway, and once with all that it took to have them and to find the values.
    def ledger(self):
        own = ["### Teachers given", "", "| arm | parameters | FLOPs | minutes |", "|---|---|---|---|"]
        whole = ["### All counted", "", "| arm | its run and its teachers', FLOPs | minutes | the searches behind them, FLOPs | minutes | in all, FLOPs | minutes |",
                 "|---|---|---|---|---|---|---|"]
        for arm in self.arms:
            runs = [line for (name, _), line in self.lines.items() if name == arm.name]
            if not runs:
                continue
            if arm.recipe is not None:
                own.append(f"| {arm.name} | {runs[0]['parameters']:,} | {amounts([(mean([run['flops'] for run in runs]), mean([run['seconds'] for run in runs]))])} |")
            consumed = [self.consumed(arm.name, run["seed"], set()) for run in runs]
            run = tuple(mean(values) for values in zip(*consumed))
            found = [self.study.tuned[search.name] for search in searches_of(arm) if search.name in self.study.tuned]
            search = sum(one["flops"] for one in found), sum(one["seconds"] for one in found)
            whole.append(f"| {arm.name} | {amounts([run, search, (run[0] + search[0], run[1] + search[1])])} |")
        return [*own, "", "A student's own run asks its teachers at every step; that is counted here.", "", *whole, "",
                f"Means over seeds, of training alone. A step is {TOKENS_PER_STEP:,} tokens. Teachers and searches are counted whole for every arm that needs them, though several "
                "share them. Minutes are those of one thread; two runs went side by side."]

    def consumed(self, name, seed, seen):
        """FLOPs and seconds of a run and of all that it learned from, each once."""
        line = self.all_lines.get((name, seed))
        if line is None or (name, seed) in seen:
            return 0, 0
        seen.add((name, seed))
        parts = [self.consumed(teacher, of, seen) for teacher, of in BY_NAME[name].teachers_of(seed)]
        return tuple(line.get(key, 0) + sum(part[i] for part in parts) for i, key in enumerate(("flops", "seconds")))

    def claim(self):
        comparison = self.compared.get(STUDENT)
        if not comparison or not comparison["difference"] or comparison["difference"]["low"] is None:
            return ["Not measured yet."]
        difference = comparison["difference"]
        holds = difference["mean"] <= -CLAIM and difference["high"] < 0
        out = [f"**{'It holds' if holds else 'It does not hold'}**: the student of twin and GPT-2 ends {abs(difference['mean']):.4f} nats "
               f"{'below' if difference['mean'] < 0 else 'above'} its tuned twin, 95 % interval {difference['low']:+.4f} … {difference['high']:+.4f} over "
               f"{len(difference['differences'])} seeds; asked for were {CLAIM} and an interval off zero."]
        # Every other arm against the student, in the same measure for the ensemble, too.
        student = self.losses(STUDENT, "classics")
        for arm in self.arms:
            own = self.losses(arm.name, "classics")
            common = sorted(own.keys() & student.keys())
            if arm.name not in ("twin", "gpt", STUDENT) and common:
                out.append(f"* {arm.name} less the student: {signed(interval([own[seed] - student[seed] for seed in common]))}")
        return [out[0], "", *out[1:]] if len(out) > 1 else out

    def picture(self):
        there = (self.study.results / "curves.svg").exists()
        return ["", f"![Validation loss of every arm as training goes on, seed {self.study.seeds[0]}](curves.svg)"] if there else []

    def points(self):
        seeds = self.study.seeds
        out = [f"| arm | {' | '.join(f'seed {seed}' for seed in seeds)} |", f"|---|{'---|' * len(seeds)}"]
        for arm in self.arms:
            losses = self.losses(arm.name) if arm.recipe else self.losses(arm.name, "classics")
            out.append(f"| {arm.name} | {' | '.join(f'{losses[seed]:.4f}' if seed in losses else '–' for seed in seeds)} |")
        return out


def lost(found): return f", {len(found['diverged'])} more diverged" if found["diverged"] else ""
def mark(holds): return "✓" if holds else "✗"
def amounts(pairs): return " | ".join(f"{flops:.3g} | {seconds / 60:.2f}" for flops, seconds in pairs)
def signed(found): return f"{found[0]:+.4f}" + (f" ± {found[1]:.4f}" if found[1] == found[1] else "")
