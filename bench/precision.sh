#!/usr/bin/env bash
# What BF16 as storage costs and brings: bench/precision.sh [SECONDS]
# Trains the same small model with each choice of `precision` on three seeds, and times the step of lilLM-39M with each.
# Every part keeps its result in runs/precision, so it may be stopped and started again; with SECONDS it begins no new part
# after that time. When all parts are there it writes bench/results/<machine>/precision.json.
set -euo pipefail
cd "$(dirname "$0")/.."
until=$(($(date +%s) + ${1:-1000000}))
runs=runs/precision
mkdir -p "$runs"
declare -A choices=(
  [f32]="" [activations]="--set precision.activations=bf16" [moments]="--set precision.moments=bf16"
  [both]="--set precision.activations=bf16 --set precision.moments=bf16"
)
small=(--set data.synth.stories=3000 --set data.synth.validation_stories=200 --set tokenizer.vocab_size=2048 --set data.sequence_length=256
       --set batch.micro_batch_size=4 --set steps=400 --set schedule.warmup_steps=40 --set optimizer.beta2=0.999
       --set evaluate.every=0 --set checkpoint.every=0)
for seed in 1 2 3; do
  for choice in f32 activations moments both; do
    folder=$runs/$choice-$seed
    [ -f "$folder.json" ] && continue
    [ "$(date +%s)" -lt $until ] || exit 0
    rm -rf "$folder"
    # shellcheck disable=SC2086
    ./cria train recipes/quickstart.yaml "${small[@]}" --set "seed=$seed" ${choices[$choice]} --out "$folder" --json > "$folder.part"
    cp "$folder/metrics.jsonl" "$folder.jsonl"
    rm -rf "$folder"
    mv "$folder.part" "$folder.json"
  done
done
# Four processes a round, in turns, so that all choices see the same machine.
for round in 1 2 3; do
  for choice in f32 activations moments both; do
    [ -f "$runs/step-$choice-$round.json" ] && continue
    [ "$(date +%s)" -lt $until ] || exit 0
    # shellcheck disable=SC2086
    ./cria bench step --steps 4 ${choices[$choice]} --json > "$runs/step.part"
    mv "$runs/step.part" "$runs/step-$choice-$round.json"
  done
done
machine=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
folder=bench/results/$(tr -cs 'A-Za-z0-9\n' '-' <<<"$machine-$(nproc)-cores" | tr 'A-Z' 'a-z' | sed 's/-*$//')
python3 - "$folder/precision.json" <<P
import json, os, statistics, subprocess, sys
runs, choices, seeds = "$runs", ["f32", "activations", "moments", "both"], [1, 2, 3]
def loss(choice, seed):
    lines = [json.loads(line) for line in open(f"{runs}/{choice}-{seed}.jsonl")]
    return [line["validation_loss"] for line in lines if "validation_loss" in line][-1]
losses = {choice: [loss(choice, seed) for seed in seeds] for choice in choices}
steps = {choice: [json.load(open(f"{runs}/step-{choice}-{r}.json")) for r in (1, 2, 3)] for choice in choices}
def summary(choice):
    differences = [x - y for x, y in zip(losses[choice], losses["f32"])]
    return {
        "validation_loss": losses[choice], "difference_from_f32": differences, "mean_difference": statistics.mean(differences),
        "predicted_bytes": steps[choice][0]["predicted_bytes"], "peak_memory_bytes": max(s["peak_memory_bytes"] for s in steps[choice]),
        "bytes_saved": steps["f32"][0]["predicted_bytes"] - steps[choice][0]["predicted_bytes"],
        "step_milliseconds": [s["step_milliseconds"] for s in steps[choice]],
        # of each round, because rounds see the machine at different times
        "step_time_ratio": statistics.median(s["step_milliseconds"] / f["step_milliseconds"] for s, f in zip(steps[choice], steps["f32"])),
    }
result = {
    "command": "bench/precision.sh", "machine": "$machine, $(nproc) cores", "date": "$(date -u +%F)",
    "commit": subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip(),
    "recipe": "recipes/quickstart.yaml ${small[*]}", "seeds": seeds, "step": "lilLM-39M, 4 × 512",
    "seed_spread_f32": {"standard_deviation": statistics.stdev(losses["f32"]), "range": max(losses["f32"]) - min(losses["f32"])},
    "result": {choice: summary(choice) for choice in choices},
}
os.makedirs(os.path.dirname(sys.argv[1]), exist_ok=True)
json.dump(result, open(sys.argv[1], "w"), indent=1, ensure_ascii=False)
open(sys.argv[1], "a").write("\n")
P
echo "$folder/precision.json"
