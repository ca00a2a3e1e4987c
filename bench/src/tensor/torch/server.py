"""
One workload in one long-lived process: JSON lines on stdin, one JSON line back for each.

  {"build": name, "threads": n, "dropout": p?, "batches": file?, "weights": file?, "seed": n?, …}  → {"seconds", "cpu", "idle", "parameters", "torch", "import"}
  {"steps": k}      → {"ms": [k], "cpu": [k], "losses": [[…] · k]}; cpu: the process's time on all cores
  {"dump": file}    → {} and a safetensors file of the parameters as they are now
  {"memory": true}  → {"rss", "anonymous", "peak"} in bytes (Linux)
  {"version": true} → {"torch", "numpy"}

Steps take the batches in turn and start over at the end. A failing command answers {"error": text}.
"""
import json
import sys
import time
import traceback

began = time.perf_counter()
import torch  # noqa: E402

import_seconds = time.perf_counter() - began

import arrays  # noqa: E402
import transformer  # noqa: E402
from workloads import WORKLOADS  # noqa: E402


class Server:
    def build(self, c):
        torch.set_num_threads(c["threads"])
        torch.manual_seed(c.get("seed", 1))
        transformer.FORM["sdpa"] = c.get("sdpa", True)
        idle = self.memory(c)["rss"]
        start, busy = time.perf_counter(), time.process_time()
        self.work = WORKLOADS[c["build"]](c)
        if c.get("weights"):
            values = arrays.load(c["weights"])
            with torch.no_grad():
                for name, p in self.work.named().items():
                    p.copy_(values[name])
        seconds, cpu = time.perf_counter() - start, time.process_time() - busy
        data = arrays.load(c["batches"]) if c.get("batches") else self.work.batches(8)
        count = min((len(v) for v in data.values()), default=1)
        self.batches = [{name: v[i].clone() for name, v in data.items()} for i in range(count)]
        self.at = 0
        parameters = sum(p.numel() for p in self.work.named().values())
        return {"seconds": seconds, "cpu": cpu, "idle": idle, "parameters": parameters, "import": import_seconds, "torch": torch.__version__}

    def steps(self, c):
        ms, cpu, losses = [], [], []
        for _ in range(c["steps"]):
            batch = self.batches[self.at % len(self.batches)]
            self.at += 1
            start, busy = time.perf_counter(), time.process_time()
            losses.append(self.work.step(batch))
            ms.append((time.perf_counter() - start) * 1e3)
            cpu.append((time.process_time() - busy) * 1e3)
        return {"ms": ms, "cpu": cpu, "losses": losses}

    def dump(self, c):
        arrays.save(c["dump"], self.work.named())
        return {}

    def memory(self, c):
        with open("/proc/self/status") as f:
            status = dict(line.split(":", 1) for line in f)
        size = lambda field: int(status[field].split()[0]) * 1024
        return {"rss": size("VmRSS"), "anonymous": size("RssAnon"), "peak": size("VmHWM")}

    def profile(self, c):
        """{"profile": steps, "rows": n} → {"table"}: where PyTorch's time goes, by operator."""
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as p:
            self.steps({"steps": c["profile"]})
        return {"table": p.key_averages().table(sort_by="self_cpu_time_total", row_limit=c.get("rows", 25), max_name_column_width=48)}

    def version(self, c):
        import numpy

        return {"torch": torch.__version__, "numpy": numpy.__version__}


server = Server()
for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = getattr(server, next(k for k in ("build", "steps", "dump", "memory", "profile", "version") if k in command))(command)
    except Exception:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer), flush=True)
