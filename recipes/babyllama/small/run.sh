#!/usr/bin/env bash
# BabyLlama in small, whole: the tokenizer, the tokens, two teachers, their student, and the student's twin without teachers; about twenty minutes of two
# cores. Stopped, it goes on with the same command. CRIA_DATA names the folder that holds classics/.
#   CRIA_DATA=… recipes/babyllama/small/run.sh
# OUT is where everything goes, runs/babyllama-small; ARGS are arguments for every training run, such as ARGS="--set steps=20 --set schedule.warmup_steps=2"
# for a rehearsal. `bench/babyllama.py` tells whether what comes out is more than chance.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
: "${CRIA_DATA:?names the folder that holds classics/children_train.txt and children_valid.txt}"
cria=${CRIA:-./cria} out=${OUT:-runs/babyllama-small} recipes=recipes/babyllama/small text=$CRIA_DATA/classics

# made NAME COMMAND… : the command writes --out NAME.part, which gets its name when it is whole.
made() {
    local target=$out/$1
    shift
    [ -e "$target" ] && return
    rm -rf "$target.part"
    "$cria" "$@" --out "$target.part"
    mv "$target.part" "$target"
}

# trained NAME SETTING… : a recipe of this folder, finished, gone on with, or begun.
trained() {
    local run=$1 setting settings=()
    shift
    [ -e "$out/$run/result.json" ] && return
    for setting in tokenizer.path="$out/tokenizer" data.train="$out/train" data.validation="$out/valid" "$@"; do
        settings+=(--set "$setting")
    done
    # shellcheck disable=SC2086 # ARGS are several words
    "$cria" train "$recipes/$run.yaml" "${settings[@]}" ${ARGS:-} --out "$out/$run" --resume
}

mkdir -p "$out"
made tokenizer tokenizer train "$text/children_train.txt" --vocab-size 2048 --special '<pad>' --special '<s>' --special '</s>' \
    --normalize nfkc --by-line --learn-prefix-space --alphabet seen
made train data pack --tokenizer "$out/tokenizer" "$text/children_train.txt"
made valid data pack --tokenizer "$out/tokenizer" "$text/children_valid.txt"
trained llama-3M
trained gpt-3M
trained student-1M loss.teachers="[$out/llama-3M,$out/gpt-3M]"
trained twin-1M
"$cria" compare "$out/twin-1M" "$out/student-1M" --by text
