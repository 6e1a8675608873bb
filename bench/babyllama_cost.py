"""What bench/babyllama.py still has to do, and the minutes that it will take."""
from babyllama_arms import FLOPS_PER_TOKEN, TOKENS_PER_STEP, TUNING, TUNING_SEED, searches_of

EVALUATION_TOKENS, FICTION_TOKENS = 200_000, 550_000
EVALUATIONS = 5  # of a run, the last one included


class Cost:
    def __init__(self, study):
        self.study, self.settings = study, study.settings
        self.measured, self.fiction = (6_000, 0) if study.rehearses else (EVALUATION_TOKENS, FICTION_TOKENS)

    def show(self):
        study = self.study
        print(f"Two runs of {study.options.flops:.2g} FLOPs a second side by side; every run ends with all of the validation text"
              f"{' and of the fiction' if self.fiction else ''}:")
        needed = {search.name for arm in study.arms for search in searches_of(arm)}
        rows = [self.of_search(tuning) for tuning in TUNING if tuning.name in needed and not study.is_tuned(tuning)]
        rows += [self.of_arm(arm, len(seeds)) for arm in study.arms for seeds in [study.open_seeds(arm)] if seeds]
        for seconds, what in rows:
            print(f"  {seconds / 60:6.1f} min  {what}")
        print(f"  {sum(seconds for seconds, _ in rows) / 60:6.1f} min  in all{', without minimal pairs' if study.tasks_there else ''}; "
              "where a search's best lies on the edge, more trials come on top", flush=True)

    # Training, the evaluations on the way, in which teachers are asked as well, and some seconds of starting.
    def of_search(self, tuning):
        trials = tuning.lengths(self.study.tuned, self.settings)
        training = sum(trials) * TOKENS_PER_STEP * tuning.flops_per_token
        evaluating = len(trials) * EVALUATIONS * self.measured * (FLOPS_PER_TOKEN[tuning.recipe] + tuning.taught_flops) / 3
        return (self.seconds(training + evaluating) + 4 * len(trials)) / 2, f"tuning {tuning.name}: {len(trials)} trials with seed {TUNING_SEED}"

    def of_arm(self, arm, count):
        after = arm.own_flops / 3 * (self.measured + self.fiction)
        training = evaluating = 0
        if arm.recipe is not None:
            training = self.settings.flops(arm, self.study.tuned, with_teachers=False)
            evaluating = EVALUATIONS * self.measured * (arm.own_flops + arm.taught_flops) / 3
        return count * (self.seconds(training + evaluating + after) + 6) / 2, f"{arm.name}: {arm.title}, {count} seed{'s' if count > 1 else ''}"

    def seconds(self, flops): return flops / self.study.options.flops
