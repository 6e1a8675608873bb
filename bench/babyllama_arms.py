"""What bench/babyllama.py compares: the arms, and how the values of each are found."""
import math
from dataclasses import dataclass

STEPS, TOKENS_PER_STEP, WARMUP, EVALUATIONS = 1024, 2048, 100, 4

# 6 × weights in products + 6·L·N·D·T for attention, a token.
FLOPS_PER_TOKEN = {"twin-1M": 5.5e6, "student-1M": 5.5e6, "gpt-1M": 5.4e6, "llama-3M": 19.2e6, "gpt-3M": 19.1e6}

RATE, DECAY, LENGTH = "optimizer.learning_rate", "optimizer.weight_decay", "steps"


TUNING_SEED = 101  # of no run that is compared
GRAMMAR_TASKS = ("blimp", "blimp_supplement", "zorro")

RING = 5


def other(seed):
    """Whose models teach the student of a seed: in rings of five, so that every student has teachers of its own, none of them begun with its own
    first weights, and more seeds change nothing for these."""
    return seed - 1 if seed % RING != 1 else seed + RING - 1


def whole(steps):
    """The nearest multiple of the evaluations."""
    return max(EVALUATIONS, round(steps / EVALUATIONS) * EVALUATIONS)


@dataclass(frozen=True)
class Arm:
    name: str
    title: str
    recipe: str | None  # null: no training, only what the teachers say together
    tuned: str | None = None  # which search its learning rate and weight decay are from
    length: float | None = 1  # times 1,024 steps; null: what was found best for the twin
    flops_of: str | None = None  # another arm, whose FLOPs say the length
    with_teachers: bool = False  # and those of its teachers' own training
    decay: str | None = None  # in the place of what was searched, with the learning rate that did best beside it
    teachers: tuple = ()  # of another seed, by their arms
    settings: tuple = ()
    fixed_teachers: tuple = ()  # (arm, seed), the same for all seeds
    unsearched: str = ""  # which of its values no search of its own has found
    only_first_seed: bool = False
    by_default: bool = True

    def seeds(self, all_seeds):
        return all_seeds[:1] if self.only_first_seed else all_seeds

    def teachers_of(self, seed):
        return [(name, other(seed)) for name in self.teachers] + list(self.fixed_teachers)

    @property
    def needs_tuned(self):
        return [name for name in (self.tuned, "twin-length" if self.length is None or self.flops_of else None) if name]

    @property
    def own_flops(self):
        return FLOPS_PER_TOKEN[self.recipe] if self.recipe else self.taught_flops

    @property
    def taught_flops(self):
        return sum(FLOPS_PER_TOKEN[BY_NAME[name].recipe] for name, _ in self.teachers_of(1))

    @property
    def flops_per_token(self):
        """Of training; a teacher's forward pass is a third of that."""
        return self.own_flops + self.taught_flops / 3


TOKENS = ("loss.reduction=tokens",)
SUMMED = ("loss.temperature=2", "loss.reduction=sequences")
SMOOTHED = ("loss={type: cross_entropy, label_smoothing: 0.1}",)
PAIR = ("twin", "gpt")
PAIRS, TWINS = "learning rate and weight decay (those of pair), length", "learning rate and weight decay (the twin's)"

ARMS = (
    # What the claim needs stands first; whoever is learned from before whoever learns.
    Arm("twin", "the student's twin: no teacher; learning rate, weight decay and length tuned", "twin-1M", "twin", length=None),
    Arm("gpt", "a GPT-2 of the same size: the second teacher", "gpt-1M", "gpt", unsearched="weight decay (the twin's), length"),
    Arm("pair", "student of twin and GPT-2, T = 1, a mean over tokens", "student-1M", "student", teachers=PAIR, settings=("loss.temperature=1", *TOKENS),
        unsearched="length"),
    Arm("ensemble", "twin and GPT-2 themselves, the mean of their logits", None, teachers=PAIR),
    Arm("smoothed", "the twin with labels smoothed by 0.1", "twin-1M", "smoothed", length=None, settings=SMOOTHED,
        unsearched="weight decay and length (the twin's)"),
    Arm("pair-t2", "student of both with T = 2", "student-1M", "student", teachers=PAIR, settings=("loss.temperature=2", *TOKENS), unsearched=PAIRS),
    Arm("pair-sum", "student of both with T = 2, summed over sequences, as published", "student-1M", "student-sum", teachers=PAIR, settings=SUMMED,
        unsearched="weight decay (that of pair), length"),
    Arm("one", "student of one twin, T = 1, a mean over tokens", "student-1M", "student", teachers=("twin",), settings=("loss.temperature=1", *TOKENS),
        unsearched=PAIRS),
    Arm("born-again", "student of the student of one twin", "student-1M", "student", teachers=("one",), settings=("loss.temperature=1", *TOKENS),
        unsearched=PAIRS),
    Arm("usual-decay", "the twin with weight decay 0.1", "twin-1M", "twin", length=None, decay="0.1",
        unsearched="length (the twin's); its learning rate did best at 0.1 in the twin's search"),
    Arm("long", "the twin with the FLOPs that a student of two takes itself", "twin-1M", "twin", flops_of="pair", unsearched=TWINS),
    Arm("longest", "the twin with those of the student and both its teachers", "twin-1M", "twin", flops_of="pair", with_teachers=True, unsearched=TWINS),
    Arm("llama-3M", "a larger Llama", "llama-3M", "twin", length=0.5, settings=(f"{RATE}=2e-3",), only_first_seed=True, by_default=False,
        unsearched="learning rate, weight decay (the twin's), length"),
    Arm("gpt-3M", "a larger GPT-2", "gpt-3M", "twin", length=0.5, settings=(f"{RATE}=2e-3",), only_first_seed=True, by_default=False,
        unsearched="learning rate, weight decay (the twin's), length"),
    Arm("large", "student of the larger Llama and GPT-2, T = 1, a mean over tokens", "student-1M", "student",
        settings=("loss.temperature=1", *TOKENS), fixed_teachers=(("llama-3M", 1), ("gpt-3M", 1)), by_default=False, unsearched=PAIRS),
)
BY_NAME = {arm.name: arm for arm in ARMS}


@dataclass(frozen=True)
class Tuning:
    """A search on one seed that nobody is compared with."""

    name: str
    recipe: str
    of: str | None = None  # another search, whose values it keeps
    teachers: tuple = ()  # (arm, seed)
    settings: tuple = ()

    factors = {RATE: 2, DECAY: 3.2, LENGTH: 1.5}  # from the last value that was tried to the next

    def beyond(self, path, at, upwards):
        value = at * self.factors[path] if upwards else at / self.factors[path]
        return f"{whole(value)}" if path == LENGTH else f"{value:g}"

    def axes(self, tuned, settings):
        few = settings.rehearses
        rates = ("3e-3", "6e-3") if few else ("1.5e-3", "3e-3", "6e-3")
        if self.name == "twin":
            return {RATE: rates, DECAY: ("0.3", "1") if few else ("0.1", "0.3", "1", "3")}
        if self.name == "twin-length":
            return {LENGTH: [f"{settings.steps(times)}" for times in ((1,) if few else (0.5, 0.75, 1, 1.5))]}
        if self.name != "student":
            return {RATE: rates}
        decay = float(tuned["twin"]["values"][DECAY]) if "twin" in tuned else 1
        around = (f"{decay:g}",) if few else (self.beyond(DECAY, decay, False), f"{decay:g}", self.beyond(DECAY, decay, True))
        return {RATE: rates, DECAY: around}

    def lengths(self, tuned, settings):
        """Steps of every trial, if the best lies nowhere on the edge."""
        axes = self.axes(tuned, settings)
        others = math.prod(len(values) for path, values in axes.items() if path != LENGTH)
        return [int(steps) for steps in axes.get(LENGTH, (settings.steps(1),)) for _ in range(others)]

    @property
    def taught_flops(self):
        return sum(FLOPS_PER_TOKEN[BY_NAME[name].recipe] for name, _ in self.teachers)

    @property
    def flops_per_token(self):
        return FLOPS_PER_TOKEN[self.recipe] + self.taught_flops / 3


TUNING = (
    # Each behind those whose values it keeps.
    Tuning("twin", "twin-1M"),
    Tuning("twin-length", "twin-1M", of="twin"),
    Tuning("gpt", "gpt-1M", of="twin"),
    Tuning("smoothed", "twin-1M", of="twin", settings=SMOOTHED),
    Tuning("student", "student-1M", of="twin", teachers=(("twin", 1), ("gpt", 1)), settings=("loss.temperature=1", *TOKENS)),
    Tuning("student-sum", "student-1M", of="student", teachers=(("twin", 1), ("gpt", 1)), settings=SUMMED),
)
SEARCHES = {tuning.name: tuning for tuning in TUNING}


def searches_of(arm):
    """The searches behind an arm's values, behind its teachers' and behind those of the teachers in searches, in the order in which they are made."""
    names = set(arm.needs_tuned) | {search.name for name, _ in arm.teachers_of(1) for search in searches_of(BY_NAME[name])}
    for tuning in reversed(TUNING):
        if tuning.name in names:
            names |= {tuning.of or tuning.name, *(name for teacher, _ in tuning.teachers for name in BY_NAME[teacher].needs_tuned)}
    return [tuning for tuning in TUNING if tuning.name in names]


class Settings:
    """Arms and searches as `--set` takes them."""

    def __init__(self, fraction):
        self.fraction, self.rehearses = fraction, fraction < 1

    def steps(self, times):
        """So many times 1,024."""
        return whole(STEPS * times * self.fraction)

    def steps_of(self, arm, tuned):
        if arm.flops_of:
            return whole(self.flops(BY_NAME[arm.flops_of], tuned, arm.with_teachers) / (TOKENS_PER_STEP * arm.flops_per_token))
        found = tuned.get("twin-length", {}).get("values", {}).get(LENGTH)
        return int(float(found)) if arm.length is None and found else self.steps(arm.length or 1)

    def flops(self, arm, tuned, with_teachers):
        """Of a run's training, as long as it really is."""
        own = self.steps_of(arm, tuned) * TOKENS_PER_STEP * arm.flops_per_token
        return own + (sum(self.flops(BY_NAME[name], tuned, True) for name, _ in arm.teachers_of(1)) if with_teachers else 0)

    def of(self, arm, tuned):
        found = {path: value for path, value in tuned.get(arm.tuned, {}).get("values", {}).items() if path != LENGTH}
        if arm.decay:
            found |= {DECAY: arm.decay, **self.beside(arm, tuned)}
        return [*(f"{path}={value}" for path, value in found.items()), *self.lengths(self.steps_of(arm, tuned)), *arm.settings]

    # The learning rate that did best with an arm's weight decay; in a rehearsal nobody may have tried that.
    @staticmethod
    def beside(arm, tuned):
        points = [point for point in tuned.get(arm.tuned, {}).get("points", []) if float(point.get(DECAY, "nan")) == float(arm.decay)]
        return {RATE: min(points, key=lambda point: point["loss"])[RATE]} if points else {}

    def tuning(self, tuning, tuned):
        searched = tuning.axes(tuned, self)
        kept = [f"{path}={value}" for path, value in tuned.get(tuning.of, {}).get("values", {}).items() if path not in searched]
        return [*kept, *(setting for setting in self.lengths(self.steps(1)) if setting.split("=")[0] not in searched), *tuning.settings]

    @staticmethod
    def lengths(steps):
        return [f"{LENGTH}={steps}", f"schedule.warmup_steps={min(WARMUP, steps // 4)}", f"evaluate.every={steps // EVALUATIONS}"]
