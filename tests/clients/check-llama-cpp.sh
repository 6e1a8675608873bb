#!/usr/bin/env bash
# check-llama-cpp.sh CHECKPOINT [PROMPT] [TOKENS]: exports the checkpoint as GGUF and compares Cria with llama.cpp: the
# probabilities after each token of the prompt, and the text with which either continues it. Run it where node-llama-cpp is
# installed (see README.md); CRIA names the program if it is not the launcher of this repository.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cria=${CRIA:-$here/../../cria}
checkpoint=$1 prompt=${2:-Once upon a time} tokens=${3:-100}
node -e 'require.resolve("node-llama-cpp")' 2>/dev/null || { echo "node-llama-cpp is not installed here; see $here/README.md"; exit 2; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
$cria export "$checkpoint" --to gguf --out "$folder/model.gguf" >/dev/null
node "$here/llama-cpp.mjs" "$folder/model.gguf" "$prompt" "$tokens" >"$folder/theirs.json" 2>"$folder/theirs.log" \
    || { cat "$folder/theirs.log"; exit 1; }
ids=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).ids.join(",")' "$folder/theirs.json")
$cria logits "$checkpoint" --ids "$ids" --json >"$folder/logits.json"
$cria generate "$checkpoint" --prompt "$prompt" --max-tokens "$tokens" --temperature 0 >"$folder/ours.txt"
node "$here/compare.mjs" "$folder/theirs.json" "$folder/logits.json" "$folder/ours.txt"
