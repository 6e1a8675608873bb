#!/usr/bin/env bash
# Runs one of our published measurements and keeps what it printed, with the machine and the commit:
#   bench/record.sh step | matmul | quickstart | quickstart-text FILE
# Writes bench/results/<machine>/<name>.json; bench/readme.py puts the figures into README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?usage: bench/record.sh step|matmul|quickstart|quickstart-text FILE}
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
case $name in
  step)            command=(./cria bench step --json) ;;
  step-1-thread)   command=(./cria bench step --threads 1 --json) ;;
  matmul)          command=(./cria bench matmul --json) ;;
  quickstart)      command=(./cria quickstart --json --out "$run/quickstart") ;;
  quickstart-text) command=(./cria quickstart --json --text "${2:?name a text file}" --out "$run/quickstart") ;;
  *) echo "record.sh: there is no measurement '$name'" >&2; exit 2 ;;
esac
machine=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
folder=bench/results/$(tr -cs 'A-Za-z0-9\n' '-' <<<"$machine-$(nproc)-cores" | tr 'A-Z' 'a-z' | sed 's/-*$//')
began=$(date +%s)
"${command[@]}" > "$run/result.json"
python3 - "$run/result.json" "$folder/$name.json" <<P
import json, sys, os, subprocess
shown = "${command[*]}".replace("$run/quickstart", "runs/quickstart")
result = {
    "command": " ".join(w if not w.startswith("/") else "…/" + os.path.basename(w) for w in shown.split()),
    "machine": "$machine, $(nproc) cores", "commit": subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip(),
    "date": "$(date -u +%F)", "wall_seconds": $(date +%s) - $began, "result": json.load(open(sys.argv[1])),
}
for path in ("model", "report"): result["result"].pop(path, None)
os.makedirs(os.path.dirname(sys.argv[2]), exist_ok=True)
json.dump(result, open(sys.argv[2], "w"), indent=1, ensure_ascii=False)
open(sys.argv[2], "a").write("\n")
P
echo "$folder/$name.json"
