"""The peer of train.test.ts: reads a question (JSON) from the first argument, writes the answer (JSON) to the second, prints ok."""
import json
import math
import sys

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
question = json.load(open(sys.argv[1]))


def optimisers(q):
    """Each optimiser on the same start and gradients: values after every step."""
    out = {}
    make = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.05),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), weight_decay=0.1),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
    }
    if hasattr(torch.optim, "Adafactor"):
        make["adafactor"] = lambda p: torch.optim.Adafactor(p, lr=0.05, weight_decay=0.02, eps=(1e-15, 1e-3))
    for name, f in make.items():
        p = torch.tensor(q["start"], dtype=torch.float64).reshape(q["shape"]).requires_grad_()
        o = f([p])
        seen = []
        for g in q["gradients"]:
            p.grad = torch.tensor(g, dtype=torch.float64).reshape(q["shape"])
            o.step()
            seen.append(p.detach().flatten().tolist())
        out[name] = seen
    return out


def gpt(q):
    """Training and validation losses of a pre-LN character transformer with tied embeddings, from given weights on given batches."""
    w = {k: torch.tensor(v["data"], dtype=torch.float32).reshape(v["shape"]).requires_grad_() for k, v in q["params"].items()}
    heads, layers, time = q["heads"], q["layers"], q["time"]
    d = w["embed/table"].shape[1]
    mask = torch.ones(time, time, dtype=torch.bool).triu(1)

    def block(x, i):
        at = lambda name: w["blocks/" + name][i]
        h = F.layer_norm(x, (d,), at("attention/norm/gain"), at("attention/norm/bias"))
        y = h @ at("attention/branch/qkv") + at("attention/branch/qkvBias")
        b, t, _ = y.shape
        qu, k, v = y.view(b, t, 3, heads, d // heads).permute(2, 0, 3, 1, 4).unbind(0)
        a = (qu @ k.transpose(-2, -1) / math.sqrt(d // heads)).masked_fill(mask, float("-inf")).softmax(-1) @ v
        x = x + a.transpose(1, 2).reshape(b, t, d) @ at("attention/branch/out") + at("attention/branch/outBias")
        h = F.layer_norm(x, (d,), at("ffn/norm/gain"), at("ffn/norm/bias"))
        h = F.gelu(h @ at("ffn/branch/up/w") + at("ffn/branch/up/b"))
        return x + h @ at("ffn/branch/down/w") + at("ffn/branch/down/b")

    optimiser = torch.optim.AdamW(list(w.values()), lr=q["lr"], weight_decay=0.01)
    def evaluate(b):
        x = torch.tensor(b["x"]).reshape(-1, time)
        y = torch.tensor(b["y"]).reshape(-1)
        h = w["embed/table"][x] + w["positions/table"][:time]
        for i in range(layers):
            h = block(h, i)
        h = F.layer_norm(h, (d,), w["norm/gain"], w["norm/bias"])
        return F.cross_entropy((h @ w["embed/table"].T).reshape(-1, w["embed/table"].shape[0]), y)

    losses = []
    for b in q["batches"]:
        loss = evaluate(b)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(w.values(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    with torch.no_grad():
        validation = [evaluate(b).item() for b in q["validation"]]
    return {"losses": losses, "validation": sum(validation) / len(validation)}


json.dump({"optimisers": optimisers, "gpt": gpt}[question["what"]](question), open(sys.argv[2], "w"))
print("ok")
