"""Reads cases as JSON, answers with PyTorch's values, gradients of u.y + |y|^2/2 and Hessian-vector products along v, in double precision."""
import json
import math  # noqa: F401 (cases may use it)
import sys

import torch
import torch.nn.functional as F  # noqa: F401

DTYPES = {"f32": torch.float64, "i64": torch.int64, "bool": torch.bool}


def tensor(a):
    return torch.tensor(a["data"], dtype=DTYPES[a["dtype"]]).reshape(a["shape"])


def answer(case):
    args = [tensor(a) for a in case["args"]]
    floats = [x.requires_grad_() for x in args if x.dtype == torch.float64]
    out = eval(case["torch"], {"torch": torch, "F": F, "math": math}, dict(zip("abcdef", args)))
    out = list(out) if isinstance(out, (tuple, list)) else [out]
    values = [y.detach().double().flatten().tolist() for y in out]
    shapes = [list(y.shape) for y in out]
    result = {"values": values, "shapes": shapes}
    if "u" in case:
        y = torch.cat([t.flatten() for t in out if t.dtype == torch.float64])
        loss = (torch.tensor(case["u"], dtype=torch.float64) * y).sum() + 0.5 * (y * y).sum()
        zero = lambda g, x: torch.zeros_like(x) if g is None else g
        grads = [zero(g, x) for g, x in zip(torch.autograd.grad(loss, floats, create_graph=True, allow_unused=True), floats)]
        along = sum((g * torch.tensor(v, dtype=torch.float64).reshape(g.shape)).sum() for g, v in zip(grads, case["v"]))
        second = torch.autograd.grad(along, floats, allow_unused=True) if along.requires_grad else [None] * len(floats)
        result["grads"] = [g.detach().flatten().tolist() for g in grads]
        result["second"] = [zero(g, x).flatten().tolist() for g, x in zip(second, floats)]
    return result


def main():
    answers = []
    for case in json.load(sys.stdin):
        try:
            answers.append(answer(case))
        except Exception as error:  # the test tells which case it was
            answers.append({"error": f"{type(error).__name__}: {error}"})
    json.dump({"version": torch.__version__, "answers": answers}, sys.stdout)


main()
