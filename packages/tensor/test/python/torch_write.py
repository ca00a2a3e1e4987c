"""Writes what torch.save makes of many things, and what the reader should find: python torch_write.py FOLDER"""
import json
import sys
import zipfile

import torch
from torch import nn

folder = sys.argv[1]
torch.manual_seed(1)


def plain(v):
    """Numbers as text, so that infinities and large integers survive JSON."""
    return [repr(x) for x in v.detach().flatten().tolist()]


def save(name, value, tensors):
    torch.save(value, f"{folder}/{name}.pt")
    with open(f"{folder}/{name}.json", "w") as f:
        json.dump({k: {"shape": list(v.shape), "values": plain(v)} for k, v in tensors.items()}, f)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(5, 4)
        self.conv = nn.Conv1d(4, 4, 3)
        self.norm = nn.BatchNorm1d(4)
        self.head = nn.Linear(4, 5)
        self.head.weight = self.embed.weight


net = Net()
sd = net.state_dict()
save("state", sd, sd)

optimizer = torch.optim.Adam(net.parameters())
net.head(net.norm(net.conv(net.embed(torch.tensor([[0, 1, 2, 3]]).expand(2, 4)).transpose(1, 2))).mean(2)).sum().backward()
optimizer.step()
sd = net.state_dict()
opt = optimizer.state_dict()
nested = {f"model.{k}": v for k, v in sd.items()}
nested.update({f"optimizer.state.{i}.{k}": v for i, s in opt["state"].items() for k, v in s.items() if torch.is_tensor(v)})
extra = {"epoch": 3, "best": float("inf"), "name": "grün", "size": torch.Size([2, 3]), "dtype": torch.float32, "none": None, "big": 2**70}
save("nested", {"model": sd, "optimizer": opt, **extra}, nested)

base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
values = torch.tensor([0.1, -1.5, 3.0, float("inf"), float("-inf"), 65504.0, 1e-7, 0.0])
many = {
    "transposed": base.permute(2, 0, 1),
    "slice": base[:, 1:, ::2],
    "column": base[1, :, 2],
    "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 5),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "f64": values.double(),
    "f32": values,
    "f16": values.half(),
    "bf16": values.bfloat16(),
    "i64": torch.tensor([-(2**63), 2**63 - 1, 5]),
    "i32": torch.tensor([-(2**31), 7], dtype=torch.int32),
    "i16": torch.tensor([-32768, 7], dtype=torch.int16),
    "i8": torch.tensor([-128, 7], dtype=torch.int8),
    "u8": torch.tensor([0, 255], dtype=torch.uint8),
    "bool": torch.tensor([True, False, True]),
    "parameter": nn.Parameter(torch.ones(2, 2)),
}
save("many", many, many)
linear = nn.Linear(3, 2).state_dict()
save("linear", linear, linear)

torch.save(net, f"{folder}/refused-model.pt")
torch.save({"c": torch.zeros(2, dtype=torch.complex64)}, f"{folder}/refused-complex.pt")
torch.save({"s": torch.eye(2).to_sparse()}, f"{folder}/refused-sparse.pt")
torch.save(sd, f"{folder}/refused-legacy.pt", _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(nn.Linear(2, 2)), f"{folder}/refused-script.pt")
with zipfile.ZipFile(f"{folder}/state.pt") as a, zipfile.ZipFile(f"{folder}/refused-deflated.pt", "w", zipfile.ZIP_DEFLATED) as b:
    for i in a.infolist():
        b.writestr(i.filename, a.read(i))
with zipfile.ZipFile(f"{folder}/linear.pt") as a, zipfile.ZipFile(f"{folder}/zip64.pt", "w") as b:
    for i in a.infolist():
        with b.open(i.filename, "w", force_zip64=True) as f:
            f.write(a.read(i))
print("ok")
