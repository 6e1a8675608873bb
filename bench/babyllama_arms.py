"""What bench/babyllama.py compares: the arms, and how the values of each are found."""
from dataclasses import dataclass

STEPS, TOKENS_PER_STEP, WARMUP, EVALUATIONS = 1024, 2048, 100, 4

# 6 × weights in products + 6·L·N·D·T for attention, a token.
FLOPS_PER_TOKEN = {"twin-1M": 5.5e6, "student-1M": 5.5e6, "gpt-1M": 5.4e6, "llama-3M": 19.2e6, "gpt-3M": 19.1e6}

RATE, DECAY, LENGTH = "optimizer.learning_rate", "optimizer.weight_decay", "steps"


def other(seed):
    """Whose models teach the student of a seed: nobody learns from its own first weights, and more seeds change nothing for these."""
    return seed - 1 if seed > 1 else 2


@dataclass(frozen=True)
class Arm:
    name: str
    title: str
    recipe: str | None  # null: no training, only what the teachers say together
    tuned: str | None = None  # which search its learning rate and weight decay are from
    length: float | None = 1  # times 1,024 steps; null: what was found best for the twin
    teachers: tuple = ()  # of another seed, by their arms
    settings: tuple = ()
    fixed_teachers: tuple = ()  # (arm, seed), the same for all seeds
    only_first_seed: bool = False
    by_default: bool = True

    def seeds(self, all_seeds):
        return all_seeds[:1] if self.only_first_seed else all_seeds

    def teachers_of(self, seed):
        return [(name, other(seed)) for name in self.teachers] + list(self.fixed_teachers)

    @property
    def needs_tuned(self):
        return [name for name in (self.tuned, "twin-length" if self.length is None else None) if name]

    @property
    def own_flops(self):
        return FLOPS_PER_TOKEN[self.recipe] if self.recipe else sum(FLOPS_PER_TOKEN[BY_NAME[name].recipe] for name in self.teachers)

    @property
    def flops_per_token(self):
        """Of training; a teacher's forward pass is a third of that."""
        taught = [BY_NAME[name].recipe for name, _ in self.teachers_of(1)]
        return self.own_flops + sum(FLOPS_PER_TOKEN[recipe] for recipe in taught) / 3


TOKENS = ("loss.reduction=tokens",)
PAIR = ("twin", "gpt")
FLOPS_OF_A_STUDENT = 5 / 3  # itself, and two teachers forward, in those of its twin
FLOPS_OF_ALL = 11 / 3  # and its two teachers' own training

ARMS = (
    # What the claim needs stands first; whoever is learned from before whoever learns.
    Arm("twin", "the student's twin: no teacher; learning rate, weight decay and length tuned", "twin-1M", "twin", length=None),
    Arm("gpt", "a GPT-2 of the same size: the second teacher", "gpt-1M", "gpt"),
    Arm("pair", "student of twin and GPT-2, T = 1, a mean over tokens", "student-1M", "student", teachers=PAIR, settings=("loss.temperature=1", *TOKENS)),
    Arm("ensemble", "twin and GPT-2 themselves, the mean of their logits", None, teachers=PAIR),
    Arm("smoothed", "the twin with labels smoothed by 0.1", "twin-1M", "twin", length=None,
        settings=("loss={type: cross_entropy, label_smoothing: 0.1}",)),
    Arm("pair-t2", "student of both with T = 2", "student-1M", "student", teachers=PAIR, settings=("loss.temperature=2", *TOKENS)),
    Arm("pair-sum", "student of both with T = 2, summed over sequences, as published", "student-1M", "student", teachers=PAIR,
        settings=("loss.temperature=2", "loss.reduction=sequences")),
    Arm("one", "student of one twin, T = 1, a mean over tokens", "student-1M", "student", teachers=("twin",), settings=("loss.temperature=1", *TOKENS)),
    Arm("born-again", "student of the student of one twin", "student-1M", "student", teachers=("one",), settings=("loss.temperature=1", *TOKENS)),
    Arm("usual-decay", "the twin with weight decay 0.1", "twin-1M", "twin", length=None, settings=(f"{DECAY}=0.1",)),
    Arm("long", "the twin with the FLOPs that a student of two takes itself", "twin-1M", "twin", length=FLOPS_OF_A_STUDENT),
    Arm("longest", "the twin with those of the student and both its teachers", "twin-1M", "twin", length=FLOPS_OF_ALL),
    Arm("llama-3M", "a larger Llama", "llama-3M", "twin", length=0.5, settings=(f"{RATE}=2e-3",), only_first_seed=True, by_default=False),
    Arm("gpt-3M", "a larger GPT-2", "gpt-3M", "twin", length=0.5, settings=(f"{RATE}=2e-3",), only_first_seed=True, by_default=False),
    Arm("large", "student of the larger Llama and GPT-2, T = 1, a mean over tokens", "student-1M", "student",
        settings=("loss.temperature=1", *TOKENS), fixed_teachers=(("llama-3M", 1), ("gpt-3M", 1)), by_default=False),
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

    beyond = {RATE: 2, DECAY: 3.2, LENGTH: 1.5}  # how far a value lies from the last that was tried

    def axes(self, tuned, settings):
        few = settings.rehearses
        rates = ("3e-3", "6e-3") if few else ("1.5e-3", "3e-3", "6e-3")
        if self.name == "twin":
            return {RATE: rates, DECAY: ("0.3", "1") if few else ("0.1", "0.3", "1", "3")}
        if self.name == "twin-length":
            return {LENGTH: [f"{settings.steps(times)}" for times in ((1,) if few else (0.5, 0.75, 1, 1.5))]}
        if self.name == "gpt":
            return {RATE: rates}
        decay = float(tuned["twin"]["values"][DECAY]) if tuned else 1
        return {RATE: rates, DECAY: [f"{decay:g}"] if few else [f"{decay / self.beyond[DECAY]:g}", f"{decay:g}", f"{decay * self.beyond[DECAY]:g}"]}

    def trials(self, settings):
        count = 1
        for values in self.axes({}, settings).values():
            count *= len(values)
        return count

    @property
    def flops_per_token(self):
        return FLOPS_PER_TOKEN[self.recipe] + sum(FLOPS_PER_TOKEN[BY_NAME[name].recipe] for name, _ in self.teachers) / 3


TUNING = (
    Tuning("twin", "twin-1M"),
    Tuning("twin-length", "twin-1M", of="twin"),
    Tuning("gpt", "gpt-1M", of="twin"),
    Tuning("student", "student-1M", of="twin", teachers=(("twin", 1), ("gpt", 1)), settings=("loss.temperature=1", *TOKENS)),
)


class Settings:
    """Arms and searches as `--set` takes them."""

    def __init__(self, fraction):
        self.fraction, self.rehearses = fraction, fraction < 1

    def steps(self, times):
        """So many times 1,024, made a multiple of the evaluations."""
        return max(EVALUATIONS, round(STEPS * times * self.fraction / EVALUATIONS) * EVALUATIONS)

    def of(self, arm, tuned):
        found = {path: value for name in arm.needs_tuned for path, value in tuned.get(name, {}).get("values", {}).items()}
        length = int(float(found.pop(LENGTH, 0))) if arm.length is None else 0
        found.pop(LENGTH, None)
        return [*(f"{path}={value}" for path, value in found.items()), *self.lengths(length or self.steps(arm.length or 1)), *arm.settings]

    def tuning(self, tuning, tuned):
        searched = tuning.axes(tuned, self)
        kept = [f"{path}={value}" for path, value in tuned[tuning.of]["values"].items() if path not in searched] if tuning.of else []
        return [*kept, *(setting for setting in self.lengths(self.steps(1)) if setting.split("=")[0] not in searched), *tuning.settings]

    @staticmethod
    def lengths(steps):
        return [f"{LENGTH}={steps}", f"schedule.warmup_steps={min(WARMUP, steps // 4)}", f"evaluate.every={steps // EVALUATIONS}"]
