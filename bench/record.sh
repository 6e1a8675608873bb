#!/usr/bin/env bash
# Runs our published measurements and keeps what they print, with the machine, the commit, the date and the command:
#   bench/record.sh NAME…                     one or several of those below
#   bench/record.sh all                       all benches one after the other, but for those recorded at this commit already
#   bench/record.sh tokenizer-text | tokenizers TEXT TOKENIZER
#   bench/record.sh pack TOKENIZER CLASSICS [OPTIONS of bench/pack.py]
#   bench/record.sh precision | quickstart | quickstart-text FILE | classics TRAIN VALIDATION | duplicates CORPUS
# Writes bench/results/<machine>/<name>.json; bench/readme.py puts the figures into README.md.
# $LLMC names a clone of llm.c for `peers`; $BENCH_RUN, if set, stands before every measured command (a lock, taskset).
set -uo pipefail
cd "$(dirname "$0")/.."
benches=(matmul matmul-1-thread step step-1-thread step-scaling step-5.8m step-5.8m-1-thread step-1.5m step-1.5m-1-thread
         step-gpt2 step-gpt2-1-thread loop attention attention-1-thread ops ops-1-thread decode decode-gpt2 optimizers optimizers-1.5m
         tokenizer interop peers)
machine=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
folder=bench/results/$(tr -cs 'A-Za-z0-9\n' '-' <<<"$machine-$(nproc)-cores" | tr 'A-Z' 'a-z' | sed 's/-*$//')
# The last commit that changed what is measured: recording and describing do not make a measurement old.
commit=$(git log -1 --format=%h -- . ':!bench/results' ':!bench/readme.py' ':!bench/record.sh' ':!*.md')
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT

# The command of a measurement; fails for an unknown one.
command_of() {
  local gpt2=(recipes/gpt2/gpt2-124m.yaml --set batch.micro_batch_size=4 --set data.sequence_length=64 --set batch.tokens_per_step=256)
  local threads=() name=$1
  case $name in *-1-thread) threads=(--threads 1) name=${name%-1-thread} ;; esac
  case $name in
    matmul)          command=(./cria bench matmul "${threads[@]}" --json) ;;
    step)            command=(./cria bench step "${threads[@]}" --profile --json) ;;
    step-scaling)    command=(./cria bench step --scaling --json) ;;
    step-5.8m)       command=(./cria bench step bench/models/llama-5.8m.yaml "${threads[@]}" --profile --json) ;;
    step-1.5m)       command=(./cria bench step bench/models/llama-1.5m.yaml "${threads[@]}" --profile --json) ;;
    step-gpt2)       command=(./cria bench step "${gpt2[@]}" "${threads[@]}" --profile --json) ;;
    optimizers)      command=(./cria bench optimizers bench/models/llama-5.8m.yaml "${threads[@]}" --json) ;;
    optimizers-1.5m) command=(./cria bench optimizers bench/models/llama-1.5m.yaml "${threads[@]}" --json) ;;
    decode-gpt2)     command=(./cria bench decode recipes/gpt2/gpt2-124m.yaml "${threads[@]}" --json) ;;
    loop | attention | ops | decode | tokenizer)
                     command=(./cria bench "$name" "${threads[@]}" --json) ;;
    interop)         command=(bench/interop.py) ;;
    pack)            command=(bench/pack.py "${@:2}") ;;
    peers)           command=(bench/peers/compare.py ${LLMC:+--llmc "$LLMC"}) ;;
    tokenizer-text)  command=(./cria bench tokenizer "${2:?name a text file}" --tokenizer "${3:?name a tokenizer.json}" --json) ;;
    tokenizers)      command=(node bench/tokenizers.mjs "${2:?name a text file}" "${3:?name a tokenizer.json}") ;;
    quickstart)      command=(./cria quickstart --json --out "$run/quickstart") ;;
    quickstart-text) command=(./cria quickstart --json --text "${2:?name a text file}" --out "$run/quickstart") ;;
    duplicates)      command=(bench/duplicates.py "${2:?name the corpus}" --picture "$run/duplicates.svg") ;;
    # About an hour; stopped and started again it goes on, and a finished run is only measured again.
    classics)        command=(./cria train recipes/children-classics.yaml --resume --out runs/children-classics --json
                              --set "data.train=${2:?name the training text}" --set "data.validation=${3:?name the validation text}") ;;
    *) echo "record.sh: there is no measurement '$1'; there are: all ${benches[*]} precision tokenizer-text tokenizers quickstart quickstart-text classics duplicates" >&2; exit 2 ;;
  esac
}

is_recorded() { grep -qs "\"commit\": \"$commit\"" "$folder/$1.json"; }

record() {
  local name=$1 prefix=() began
  [ "$name" != precision ] || { bench/precision.sh; return; } # many runs, which it keeps itself
  command_of "$@"
  case $name in peers | duplicates | pack) ;; *) prefix=(${BENCH_RUN:-}) ;; esac # these put it before each of their own
  echo "$name: ${command[*]}" >&2
  began=$(date +%s)
  "${prefix[@]}" "${command[@]}" > "$run/result.json" || { echo "record.sh: $name failed" >&2; return 1; }
  python3 - "$run/result.json" "$folder/$name.json" <<P
import json, os, re, sys
shown = "${command[*]}".replace("$run/quickstart", "runs/quickstart").replace(" --picture $run/duplicates.svg", "")
if "$name" == "pack": # whose folders are this machine's
    shown = re.sub(r"(?<= )/[^ ]*/", "…/", shown)
result = {
    "command": re.sub(r"[^ =]*/([^ /]+\\.(txt|jsonl?))", r"…/\\1", re.sub(r"--llmc [^ ]*", "--llmc llm.c", shown)),
    "machine": "$machine, $(nproc) cores", "commit": "$commit", "date": "$(date -u +%F)",
    "wall_seconds": $(date +%s) - $began, "result": json.load(open(sys.argv[1])),
}
if "$name" in ("quickstart", "quickstart-text", "classics"): # whose model and report are folders of this machine
    for path in ("model", "report"): result["result"].pop(path, None)
os.makedirs(os.path.dirname(sys.argv[2]), exist_ok=True)
json.dump(result, open(sys.argv[2], "w"), indent=1, ensure_ascii=False)
open(sys.argv[2], "a").write("\n")
P
  [ "$name" != duplicates ] || cp "$run/duplicates.svg" "$folder/duplicates.svg"
  [ "$name" != classics ] || cp runs/children-classics/curve.svg "$folder/classics.svg"
  echo "$folder/$name.json"
}

[ $# -gt 0 ] || { sed -n '2,9s/^# //p' "$0" >&2; exit 2; }
[ -z "$(git status --porcelain -- src recipes bench/models bench/peers)" ] || echo "record.sh: warning: what is measured is not committed" >&2
failed=()
case $1 in
  all)
    for name in "${benches[@]}"; do
      is_recorded "$name" || record "$name" || failed+=("$name")
    done ;;
  pack | tokenizer-text | tokenizers | quickstart-text | classics | duplicates) record "$@" || failed+=("$1") ;;
  *)
    for name in "$@"; do
      record "$name" || failed+=("$name")
    done ;;
esac
[ ${#failed[@]} -eq 0 ] || { echo "record.sh: failed: ${failed[*]}" >&2; exit 1; }
