#!/usr/bin/env bash
# The plan held against five sizes 1.6 × apart, six minutes each, two seeds: about an hour of an otherwise idle machine. Stopped, it goes on with
# the same command. CRIA_DATA names the folder that holds classics/. Afterwards the law can be fitted to the new runs as well:
#   ./cria budget fit recipes/budget/runs.jsonl runs/ladder/runs.jsonl --out recipes/budget/law.json
set -euo pipefail
cd "$(dirname "$0")/.."
./cria budget ladder recipes/budget/children.yaml --sizes "${SIZES:-5}" --factor "${FACTOR:-1.6}" --time "${TIME:-6m}" --seeds "${SEEDS:-2}" --out "${OUT:-runs/ladder}"
