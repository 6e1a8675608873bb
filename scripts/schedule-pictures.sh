#!/usr/bin/env bash
# Draws the pictures of docs/schedules.md: 1,000 steps of every schedule, with a peak of 1e-3.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p docs/images
draw() { # NAME SCHEDULE
  ./cria plan recipes/smoke.yaml --set steps=1000 --set optimizer.learning_rate=1e-3 --set "schedule=$2" --schedule "docs/images/schedule-$1.svg"
}
draw cosine '{type: cosine, warmup_steps: 100, min_fraction: 0.01}'
draw linear '{type: linear, warmup_steps: 100}'
draw one-cycle '{type: one_cycle, warmup_steps: 300}'
draw inverse-sqrt '{type: inverse_sqrt, warmup_steps: 100}'
draw constant '{type: constant, warmup_steps: 100}'
for shape in sqrt linear cosine square mirror_cosine; do
  draw "wsd-${shape/_/-}" "{type: wsd, warmup_steps: 100, decay_fraction: 0.4, decay_shape: $shape}"
done
draw wsd-exponential '{type: wsd, warmup_steps: 100, decay_fraction: 0.4, decay_shape: exponential, min_fraction: 0.01}'
