"""A step of a DeepNorm language model in PyTorch at several depths: seconds of processor time, one thread. Sizes from stdin (JSON)."""
import json, math, sys, time
import torch
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)
asked = json.load(sys.stdin)
d, steps, batch, length, vocabulary, heads = (asked[k] for k in ('d', 'steps', 'batch', 'time', 'vocabulary', 'heads'))


later = torch.ones(length, length, dtype=torch.bool).triu(1)


class Block(nn.Module):
    def __init__(self, alpha, beta):
        super().__init__()
        self.alpha = alpha
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)
        self.one, self.two = nn.LayerNorm(d), nn.LayerNorm(d)
        for w, gain, fans in (
            (self.qkv.weight[: 2 * d], 1, 2 * d),
            (self.qkv.weight[2 * d :], beta, 2 * d),
            (self.out.weight, beta, 2 * d),
            (self.up.weight, beta, 3 * d),
            (self.down.weight, beta, 3 * d),
        ):
            with torch.no_grad():
                w.normal_(0, gain * math.sqrt(2 / fans))

    def forward(self, x):
        q, k, v = (t.view(batch, length, heads, d // heads).transpose(1, 2) for t in self.qkv(x).split(d, -1))
        # Written out, as old versions have no fused attention; at this size it makes no difference.
        a = (q @ k.transpose(2, 3) / math.sqrt(d // heads)).masked_fill(later, -1e30).softmax(-1) @ v
        a = a.transpose(1, 2).reshape(batch, length, d)
        x = self.one(self.alpha * x + self.out(a))
        return self.two(self.alpha * x + self.down(torch.relu(self.up(x))))


class Model(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.embedding, self.positions = nn.Embedding(vocabulary, d), nn.Parameter(torch.randn(length, d))
        self.blocks = nn.ModuleList(Block((2 * layers) ** 0.25, (8 * layers) ** -0.25) for _ in range(layers))
        self.readout = nn.Linear(d, vocabulary)

    def forward(self, x):
        h = self.embedding(x) + self.positions
        for block in self.blocks:
            h = block(h)
        return self.readout(h)


seconds = []
for layers in asked['depths']:
    model = Model(layers)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    x, y = torch.randint(vocabulary, (batch, length)), torch.randint(vocabulary, (batch, length))
    times = []
    for _ in range(steps):
        start = time.process_time()
        optimiser.zero_grad()
        F.cross_entropy(model(x).flatten(0, 1), y.flatten()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        times.append(time.process_time() - start)
    seconds.append(min(times))
json.dump({'seconds': seconds, 'version': torch.__version__}, sys.stdout)
