#!/usr/bin/env bash
# Steps of llm.c's CPU trainer, GPT-2 124M at 4 × 64 tokens (it has no other sizes), printed as `cria bench step --json` prints ours:
#   bench/peers/llmc.sh CHECKOUT [STEPS] [THREADS]
# CHECKOUT is a clone of github.com/karpathy/llm.c. It is built with gcc by the flags of its Makefile; random weights and tokens stand in
# for the files that it would download. $BENCH_RUN, if set, stands before the measured command.
set -euo pipefail
checkout=$(realpath "${1:?usage: bench/peers/llmc.sh CHECKOUT [STEPS] [THREADS]}") steps=${2:-3} threads=${3:-$(nproc)}
here=$(dirname "$(realpath "$0")")
work=${LLMC_WORK:-${TMPDIR:-/tmp}/llmc-step}
mkdir -p "$work"
[ -f "$work/gpt2_124M.bin" ] || python3 "$here/llmc_files.py" "$work"
gcc -Ofast -march=native -fopenmp -DOMP -Wno-unused-result -Wno-ignored-pragmas -Wno-unknown-attributes -Wno-unknown-pragmas -w \
  -I"$checkout" "$checkout/train_gpt2.c" -lm -lgomp -o "$work/train_gpt2"
cd "$work"
# It has no option for fewer than 41 steps: it is stopped after those that are wanted; its first finds cold memory and is not counted.
export OMP_NUM_THREADS=$threads
${BENCH_RUN:-} python3 - "$steps" "$threads" <<'P'
import json, resource, statistics, subprocess, sys
steps, threads = int(sys.argv[1]), int(sys.argv[2])
process = subprocess.Popen(["stdbuf", "-oL", "./train_gpt2"], stdout=subprocess.PIPE, text=True)
times, parameters = [], 0
for line in process.stdout:
    if line.startswith("num_parameters:"):
        parameters = int(line.split()[1])
    if line.startswith("step "):
        times.append(float(line.split("took")[1].split()[0]))
    if len(times) > steps:
        break
process.kill()
process.wait()
padding = (50304 - 50257) * 768
if len(times) <= steps or parameters - padding != 124439808:
    sys.exit(f"llm.c: {len(times)} steps, {parameters} parameters")
milliseconds = statistics.median(times[1:])
matrices = 124439808 - 1024 * 768 - (12 * (4 * 768 + 9 * 768) + 2 * 768)  # all but positions, norms and biases
print(json.dumps({
    "tokens_per_second": 256e3 / milliseconds, "parameters": parameters - padding, "tokens_per_step": 256,
    "flops_per_token": 6 * matrices + 6 * 12 * 768 * 64,
    "flops_formula": "6 × matmul weights (head in, embedding out) + 6·L·N·D·T for causal attention, a token; recomputation not counted",
    "peak_memory_bytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
    "step_milliseconds": milliseconds, "steps": len(times) - 1, "threads": threads, "kernels": "llm.c, gcc -Ofast -march=native -fopenmp",
    "recipe": "gpt2-124m",
}, indent=1, ensure_ascii=False))
P
