#!/usr/bin/env bash
# Runs one of our published measurements and keeps what it printed, with the machine and the commit:
#   bench/record.sh step | step-1-thread | matmul | quickstart | quickstart-text FILE | classics TRAIN VALIDATION
# Writes bench/results/<machine>/<name>.json; bench/readme.py puts the figures into README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?usage: bench/record.sh step|step-1-thread|matmul|quickstart|quickstart-text FILE|classics TRAIN VALIDATION}
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
case $name in
  step)            command=(./cria bench step --json) ;;
  step-1-thread)   command=(./cria bench step --threads 1 --json) ;;
  matmul)          command=(./cria bench matmul --json) ;;
  quickstart)      command=(./cria quickstart --json --out "$run/quickstart") ;;
  quickstart-text) command=(./cria quickstart --json --text "${2:?name a text file}" --out "$run/quickstart") ;;
  # About an hour; stopped and started again it goes on, and a finished run is only measured again.
  classics)        command=(./cria train recipes/children-classics.yaml --resume --out runs/children-classics --json
                            --set "data.train=${2:?name the training text}" --set "data.validation=${3:?name the validation text}") ;;
  *) echo "record.sh: there is no measurement '$name'" >&2; exit 2 ;;
esac
machine=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
folder=bench/results/$(tr -cs 'A-Za-z0-9\n' '-' <<<"$machine-$(nproc)-cores" | tr 'A-Z' 'a-z' | sed 's/-*$//')
began=$(date +%s)
"${command[@]}" > "$run/result.json"
python3 - "$run/result.json" "$folder/$name.json" <<P
import json, os, re, subprocess, sys
shown = "${command[*]}".replace("$run/quickstart", "runs/quickstart")
result = {
    "command": re.sub(r"[^ =]*/([^ /]+\\.(txt|jsonl))", r"…/\\1", shown),
    "machine": "$machine, $(nproc) cores", "commit": subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip(),
    "date": "$(date -u +%F)", "wall_seconds": $(date +%s) - $began, "result": json.load(open(sys.argv[1])),
}
for path in ("model", "report"): result["result"].pop(path, None)
os.makedirs(os.path.dirname(sys.argv[2]), exist_ok=True)
json.dump(result, open(sys.argv[2], "w"), indent=1, ensure_ascii=False)
open(sys.argv[2], "a").write("\n")
P
[ "$name" != classics ] || cp runs/children-classics/curve.svg "$folder/classics.svg"
echo "$folder/$name.json"
