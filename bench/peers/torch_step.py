#!/usr/bin/env python3
"""The training step of `cria bench step`, in PyTorch on the CPU, as one would write it well; prints the same JSON.

    python3 bench/peers/torch_step.py                          # lilLM-39M, 4 x 512 tokens, the settings given or the defaults
    python3 bench/peers/torch_step.py --tune > settings.json   # tries settings one after the other, keeps what is faster
    python3 bench/peers/torch_step.py --settings settings.json

Sizes come from a preset (--preset gpt2-124m) and from --hidden, --layers and so on. Needs torch 1.13 or later, no numpy.
$BENCH_RUN, if set, stands before every measured command: a lock, taskset, numactl.
"""
import argparse, glob, importlib.util, json, os, resource, shlex, statistics, subprocess, sys, time

PRESETS = {
    "lillm-39m": dict(model="llama", vocab=8192, hidden=512, layers=12, heads=16, kv_heads=8, ffn=1408, batch=4, length=512, parameters=39596544),
    "llama-5.8m": dict(model="llama", vocab=4096, hidden=256, layers=6, heads=8, kv_heads=4, ffn=768, batch=16, length=256, parameters=5770496),
    "llama-1.5m": dict(model="llama", vocab=2048, hidden=128, layers=6, heads=4, kv_heads=4, ffn=352, batch=8, length=256, parameters=1468032),
    "gpt2-124m": dict(model="gpt2", vocab=50257, hidden=768, layers=12, heads=12, kv_heads=12, ffn=3072, batch=4, length=64, parameters=124439808),
}
SIZES = ("model", "vocab", "hidden", "layers", "heads", "kv_heads", "ffn", "batch", "length", "parameters")
FORMULA = "6 × matmul weights (head in, embedding out) + 6·L·N·D·T for causal attention, a token; recomputation not counted"


def settings_to_try():
    """Setting by setting, the values beside the default: what has been seen to matter to PyTorch on CPUs."""
    allocators = [path for name in ("jemalloc", "tcmalloc", "tcmalloc_minimal", "mimalloc")
                  for path in sorted(glob.glob(f"/usr/lib/*/lib{name}.so*") + glob.glob(f"/usr/lib/lib{name}.so*"))[:1]]
    kept = "never given back"  # glibc returns large blocks to the system at once, and the next step pays for their pages again
    return {
        "threads": [n for n in range(1, os.cpu_count() + 1) if n & (n - 1) == 0 or n == os.cpu_count()],
        "env:OPENBLAS_CORETYPE": ["", "SKYLAKEX"],  # old releases take new processors for AVX2 ones
        "env:ATEN_CPU_CAPABILITY": ["", "avx512", "avx2"],
        "malloc": ["", kept] + allocators,
        "attention": ["written out", "torch._scaled_dot_product_attention"],
        "joined": [False, True],
        "foreach": [False, True],
        "flush_denormal": [False, True],
        "env:OMP_WAIT_POLICY": ["", "active"],
    }


def environment(settings):
    env = dict(os.environ)
    for name, value in settings.items():
        if name.startswith("env:") and value:
            env[name[4:]] = value
    if settings.get("malloc") == "never given back":
        env |= {"MALLOC_MMAP_THRESHOLD_": str(1 << 32), "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(1 << 28)}
    elif settings.get("malloc"):
        env["LD_PRELOAD"] = settings["malloc"]
    env["OPENBLAS_NUM_THREADS"] = env["OMP_NUM_THREADS"] = str(settings["threads"])
    return env


def run(sizes, settings, steps, warm=2):
    """A process of its own: allocators and kernels are chosen at its start."""
    python = sys.executable if importlib.util.find_spec("torch") else "/usr/bin/python3"  # Debian's torch belongs to Debian's Python
    command = [*shlex.split(os.environ.get("BENCH_RUN", "")), python, os.path.abspath(__file__), "--here", json.dumps(settings), "--steps", str(steps), "--warm", str(warm)]
    for name in SIZES:
        command += [f"--{name.replace('_', '-')}", str(sizes[name])]
    command += ["--preset", sizes["preset"]]
    done = subprocess.run(command, env=environment(settings), stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else None


def tune(sizes, threads, steps):
    """One setting after the other, each kept where it is faster: not the best of all combinations, but never below the defaults.
    Two layers are enough to tell."""
    sizes = sizes | {"layers": min(2, sizes["layers"]), "parameters": 0}
    choices = settings_to_try()
    if threads:
        choices["threads"] = [threads]
    best = {name: values[0] for name, values in choices.items()} | {"threads": choices["threads"][-1]}
    fastest = run(sizes, best, steps, warm=1)
    for name, values in choices.items():
        for value in values:
            if value == best[name]:
                continue
            tried = run(sizes, best | {name: value}, steps, warm=1)
            rate = tried["tokens_per_second"] if tried else 0
            print(f"{name} = {value or 'default'}: {rate:.0f} tokens/s (best so far {fastest['tokens_per_second']:.0f})", file=sys.stderr)
            if rate > fastest["tokens_per_second"]:
                best, fastest = best | {name: value}, tried
    return best


def build(torch, sizes, settings):
    nn, F = torch.nn, torch.nn.functional
    hidden, heads, kv_heads, ffn, length = (sizes[n] for n in ("hidden", "heads", "kv_heads", "ffn", "length"))
    size, layers, joined = hidden // heads, sizes["layers"], settings.get("joined", False)
    fused = getattr(F, "scaled_dot_product_attention", None) if settings.get("attention", "").startswith("torch") else None
    old_fused = getattr(torch._C._nn, "_scaled_dot_product_attention", None) if settings.get("attention", "").startswith("torch") else None
    mask = torch.full((length, length), float("-inf")).triu(1)

    def attend(q, k, v):  # (B, heads, T, size)
        if k.shape[1] != heads:
            k, v = (x.repeat_interleave(heads // kv_heads, 1) for x in (k, v))
        if fused:
            return fused(q, k, v, is_causal=True)
        if old_fused:
            return old_fused(q, k, v, None, 0.0, False, True)[0]
        return torch.softmax(torch.baddbmm(mask, q.flatten(0, 1), k.flatten(0, 1).transpose(1, 2), alpha=size ** -0.5), -1).bmm(v.flatten(0, 1)).view(q.shape)

    class RmsNorm(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(hidden))

        def forward(self, x):
            return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * self.weight

    class Joined(nn.Module):
        """Several projections of one input: one product, or one each."""
        def __init__(self, outputs, bias=False):
            super().__init__()
            self.outputs = outputs
            self.parts = nn.ModuleList([nn.Linear(hidden, n, bias) for n in ([sum(outputs)] if joined else outputs)])

        def forward(self, x):
            return self.parts[0](x).split(self.outputs, -1) if joined else [part(x) for part in self.parts]

    angles = torch.outer(torch.arange(length), 10000.0 ** (-torch.arange(0, size, 2) / size))
    cos, sin = torch.cat([angles.cos()] * 2, -1), torch.cat([-angles.sin(), angles.sin()], -1)

    def rotate(x):
        return x * cos + x.roll(size // 2, -1) * sin

    class Attention(nn.Module):
        def __init__(self, llama):
            super().__init__()
            self.llama = llama
            self.qkv = Joined([hidden, kv_heads * size, kv_heads * size], bias=not llama)
            self.out = nn.Linear(hidden, hidden, bias=not llama)

        def forward(self, x):
            q, k, v = (y.unflatten(-1, (-1, size)).transpose(1, 2) for y in self.qkv(x))
            if self.llama:
                q, k = rotate(q), rotate(k)
            return self.out(attend(q, k, v).transpose(1, 2).reshape(x.shape))

    class LlamaMlp(nn.Module):
        def __init__(self):
            super().__init__()
            self.up, self.down = Joined([ffn, ffn]), nn.Linear(ffn, hidden, bias=False)

        def forward(self, x):
            gate, up = self.up(x)
            return self.down(F.silu(gate) * up)

    class Gpt2Mlp(nn.Module):
        def __init__(self):
            super().__init__()
            self.up, self.down = nn.Linear(hidden, ffn), nn.Linear(ffn, hidden)

        def forward(self, x):
            return self.down(F.gelu(self.up(x), approximate="tanh"))

    class Model(nn.Module):
        def __init__(self, llama):
            super().__init__()
            norm = RmsNorm if llama else lambda: nn.LayerNorm(hidden)
            self.embed = nn.Embedding(sizes["vocab"], hidden)
            self.positions = None if llama else nn.Embedding(1024, hidden)
            self.blocks = nn.ModuleList([nn.ModuleList([norm(), Attention(llama), norm(), LlamaMlp() if llama else Gpt2Mlp()]) for _ in range(layers)])
            self.norm = norm()
            for p in self.parameters():
                if p.dim() > 1:
                    nn.init.normal_(p, std=0.02)

        def forward(self, ids, targets):
            x = self.embed(ids)
            if self.positions is not None:
                x = x + self.positions.weight[:length]
            for norm1, attention, norm2, mlp in self.blocks:
                x = x + attention(norm1(x))
                x = x + mlp(norm2(x))
            logits = F.linear(self.norm(x), self.embed.weight)
            return F.cross_entropy(logits.view(-1, sizes["vocab"]), targets.view(-1))

    return Model(sizes["model"] == "llama")


def here(sizes, settings, steps, warm):
    """The measurement itself, in this process."""
    import torch
    torch.set_num_threads(settings["threads"])
    torch.set_flush_denormal(settings.get("flush_denormal", False))
    torch.manual_seed(1)
    model = build(torch, sizes, settings)
    parameters = sum(p.numel() for p in model.parameters())
    assert sizes["parameters"] in (0, parameters), f"{parameters} parameters, not {sizes['parameters']}"
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.999), weight_decay=0.01, foreach=settings.get("foreach", False))
    ids = torch.randint(sizes["vocab"], (sizes["batch"], sizes["length"]))
    times = []
    for i in range(warm + steps):  # the first ones find cold memory
        began = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = model(ids, ids)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if i >= warm:
            times.append(time.perf_counter() - began)
    seconds, tokens = statistics.median(times), sizes["batch"] * sizes["length"]
    matrices = sum(p.numel() for p in model.parameters() if p.dim() > 1) - (0 if model.positions is None else model.positions.weight.numel())
    flops = 6 * matrices + 6 * sizes["layers"] * sizes["hidden"] * sizes["length"]
    simd = next((line.split(":")[-1].strip() for line in torch.__config__.show().splitlines() if "CPU capability" in line), "?")
    return {
        "tokens_per_second": tokens / seconds, "parameters": parameters, "tokens_per_step": tokens, "flops_per_token": flops,
        "flops_formula": FORMULA, "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "step_milliseconds": seconds * 1000, "steps": steps, "threads": settings["threads"],
        "kernels": f"torch {torch.__version__}, {simd}", "recipe": sizes["preset"], "loss": loss.item(), "settings": settings,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="lillm-39m", choices=PRESETS)
    for name in SIZES:
        parser.add_argument(f"--{name.replace('_', '-')}", type=str if name == "model" else int,
                            help="insist on so many; 0 for any" if name == "parameters" else None)
    parser.add_argument("--threads", type=int, help="so many; --tune tries several if not given")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--warm", type=int, default=2, help=argparse.SUPPRESS)
    parser.add_argument("--tune", action="store_true", help="find and print the fastest settings")
    parser.add_argument("--settings", help="a file that --tune wrote")
    parser.add_argument("--here", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sizes = PRESETS[given.preset] | {n: getattr(given, n) for n in SIZES if getattr(given, n) is not None} | {"preset": given.preset}
    if given.here:
        result = here(sizes, json.loads(given.here), given.steps, given.warm)
    elif given.tune:
        result = tune(sizes, given.threads, given.steps)
    else:
        settings = json.load(open(given.settings)) if given.settings else {"threads": os.cpu_count()}
        result = run(sizes, settings | ({"threads": given.threads} if given.threads else {}), given.steps, given.warm)
    print(json.dumps(result, indent=1, ensure_ascii=False))
    return 0 if result else 1


sys.exit(main())
