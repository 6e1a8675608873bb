"""What the experiments of this folder have in common: starting the program, two runs side by side, and reading what they left."""
import json
import math
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

from experiment_files import Failed, read_lines, write_whole

ROOT = pathlib.Path(__file__).resolve().parent.parent
INTERRUPTED = 130
DIVERGED = "training diverged"  # how the program's sentence on such a run begins

# Student's t at 95 %, both sides, by degrees of freedom: for what `cria compare` does not compare.
T_QUANTILES = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


class Program:
    """The program: built once at the start and then started as it is, so that nothing is built while something is timed."""

    def __init__(self, named=None):
        self.stopped, self.starting, self.live = threading.Event(), threading.Lock(), set()
        if named:
            self.words = [named]
            return
        subprocess.run([str(ROOT / "cria"), "--version"], check=True, stdout=subprocess.DEVNULL)
        self.words = [shutil.which("dotnet") or "dotnet", str(ROOT / "artifacts" / "bin" / "Cria.Cli" / "release" / "cria.dll")]

    def run(self, arguments, log=None):
        """Runs to the end; what it prints goes into the file `log`, or is returned."""
        arguments = [str(argument) for argument in arguments]
        print("+ cria", " ".join(arguments), flush=True)
        if log is None:
            code, printed = self._run(arguments, subprocess.PIPE, None)
        else:
            log.parent.mkdir(parents=True, exist_ok=True)
            with open(log, "w") as output:
                code, printed = self._run(arguments, output, subprocess.STDOUT)
        self._check_stopped(code)
        if code != 0:
            raise Failed(f"cria {' '.join(arguments)} ended with exit code {code}{end_of(log) if log else ''}")
        return printed

    def sweep(self, out, arguments):
        """`cria sweep` to its end, from wherever it was; what it says goes into a file beside `out`. A point that diverges has answered and is kept
        by name; anything else that fails stops, for then the best is not the best of all that was asked for."""
        arguments = ["sweep", *map(str, arguments), "--out", str(out), "--resume", "--json"]
        log = out.with_name(out.name + ".txt")
        log.parent.mkdir(parents=True, exist_ok=True)
        print("+ cria", " ".join(arguments), flush=True)
        with open(log, "w") as told:
            code, printed = self._run(arguments, subprocess.PIPE, told)
        self._check_stopped(code)
        failed = json.loads(printed)["failed"] if printed.strip() else []
        other = [failure for failure in failed if not failure["sentence"].startswith(DIVERGED)]
        if other or (code != 0 and not failed) or record(out)["best"] is None:
            raise Failed(f"{out} is not whole: {other[0]['name'] + ': ' + other[0]['sentence'] if other else f'exit code {code}{end_of(log)}'}")
        write_whole(out / "diverged.json", json.dumps([failure["name"] for failure in failed], indent=1) + "\n")
        for failure in failed:
            print(f"  {failure['name']}: {failure['sentence']}", flush=True)

    def _check_stopped(self, code):
        if code == INTERRUPTED or self.stopped.is_set():
            self.stopped.set()
            raise Stopped()

    # A session of its own, so that Ctrl-C in a terminal reaches it once, from here: of a second one it would not save.
    def _run(self, arguments, output, errors):
        with self.starting:
            if self.stopped.is_set():
                raise Stopped()
            process = subprocess.Popen([*self.words, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, text=True,
                                       start_new_session=True)
            self.live.add(process)
        try:
            printed, _ = process.communicate()
        except BaseException:
            self.stop()
            process.wait()
            raise
        finally:
            self.live.discard(process)
        return process.returncode, printed

    def stop(self):
        """Asks what runs to save and end; nothing is started any more."""
        with self.starting:
            if not self.stopped.is_set():
                self.stopped.set()
                for process in list(self.live):
                    process.send_signal(signal.SIGINT)

    def side_by_side(self, tasks, width=2):
        """Runs functions, so many at once, in their order; the first that fails stops the rest."""
        with ThreadPoolExecutor(width) as lanes:
            futures = [lanes.submit(task) for task in tasks]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
                for failed in (future for future in futures if future.done() and future.exception()):
                    failed.result()
            except BaseException:
                self.stop()
                for future in futures:
                    future.cancel()
                raise

    def made(self, target, arguments):
        """What a command writes by --out under a temporary name gets its name when it is whole; what is there stays."""
        if target.exists():
            return
        part = target.with_name(target.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.run([*arguments, "--out", part])
        part.rename(target)


class Stopped(Exception):
    """By Ctrl-C or a signal."""


class SmallCorpus:
    """The classics as tokens of BabyLlama's kind of tokenizer, made once: what recipes/babyllama/small/run.sh makes, too."""

    TOKENIZER = ["--vocab-size", "2048", "--special", "<pad>", "--special", "<s>", "--special", "</s>",
                 "--normalize", "nfkc", "--by-line", "--learn-prefix-space", "--alphabet", "seen"]

    def __init__(self, program, folder, texts, rehearses=False):
        self.program, self.folder = program, folder
        self.train_text, self.valid_text = texts / "children_train.txt", texts / "children_valid.txt"
        self.tokenizer, self.train, self.valid = folder / "tokenizer", folder / "train", folder / "valid"
        self.rehearses = rehearses

    @property
    def settings(self):
        return [f"tokenizer.path={self.tokenizer}", f"data.train={self.train}", f"data.validation={self.valid}"]

    def make(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.rehearses:  # a few pages are enough to see that all goes its way
            pages = self.folder / "pages.txt"
            with open(self.valid_text, encoding="utf-8") as whole:
                pages.write_text(whole.read(20_000), encoding="utf-8")
            self.valid_text = pages
        self.program.made(self.tokenizer, ["tokenizer", "train", self.train_text, *self.TOKENIZER])
        self.program.made(self.train, ["data", "pack", "--tokenizer", self.tokenizer, self.train_text])
        self.program.made(self.valid, ["data", "pack", "--tokenizer", self.tokenizer, self.valid_text])


def interval(differences):
    """Their mean and how far the 95 % interval reaches on either side; no interval for one of them, or more than ten."""
    count = len(differences)
    known = 2 <= count <= len(T_QUANTILES) + 1
    return mean(differences), T_QUANTILES[count - 2] * spread(differences) / math.sqrt(count) if known else float("nan")


def main(run, what):
    """Runs and says in a sentence what stopped it."""
    for name in ("SIGTERM", "SIGHUP"):
        known = getattr(signal, name, None)
        if known is not None and signal.getsignal(known) != signal.SIG_IGN:  # under nohup it stays ignored
            signal.signal(known, signal.default_int_handler)
    try:
        run()
    except (Stopped, KeyboardInterrupt):
        print(f"stopped; `{what} run` goes on", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Failed as failure:
        sys.exit(str(failure))


def folder_of(name, fraction):
    """Where an experiment's runs go if nobody says: rehearsals never among those that count."""
    return str(ROOT / "runs" / (name if fraction == 1 else f"{name}-rehearsal"))


def diverged(folder):
    """The runs of a sweep that diverged, by name: those that were given up, and those that went to their end."""
    path = folder / "diverged.json"
    given_up = json.loads(path.read_text()) if path.exists() else []
    return [*given_up, *(line["run"] for line in lines(folder) if not math.isfinite(line["loss"]))]


# What is not a number stands as text in lines of sweeps: "NaN".
def lines(folder): return [{**line, "loss": float(line["loss"])} for line in read_lines(folder / "sweep.jsonl")]
def record(folder): return json.loads((folder / "sweep.json").read_text())
def best(folder): return record(folder)["best"]["values"]
def end_of(log): return ":\n" + "".join(log.read_text().splitlines(keepends=True)[-5:])
def sets(overrides): return [word for override in overrides for word in ("--set", override)]
def joined(values): return ",".join(map(str, values))
def mean(values): return sum(values) / len(values)
def spread(values): return math.sqrt(sum((v - mean(values)) ** 2 for v in values) / (len(values) - 1)) if len(values) > 1 else float("nan")
