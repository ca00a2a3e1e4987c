"""A small U-Net and its training, the same for all three tasks."""
import math
import numpy as np
import torch
from torch import nn


def block(i, o, stride=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


class UNet(nn.Module):
    """From pictures (N, 3, H, W) in 0–1 to (N, outputs, H / stride, W / stride); stride is 1 or 2. H and W are multiples of 8 stride."""

    def __init__(self, outputs, widths=(16, 32, 64, 96), stride=1):
        super().__init__()
        steps = list(zip(widths, widths[1:]))
        self.stem = nn.Sequential(block(3, widths[0], stride), block(widths[0], widths[0]))
        self.down = nn.ModuleList(nn.Sequential(block(i, o, 2), block(o, o)) for i, o in steps)
        self.up = nn.ModuleList(block(i + o, i) for i, o in reversed(steps))
        self.head = nn.Conv2d(widths[0], outputs, 1)

    def forward(self, x):
        x = self.stem(2 * x - 1)
        kept = []
        for down in self.down:
            kept.append(x)
            x = down(x)
        for up in self.up:
            x = up(torch.cat([nn.functional.interpolate(x, scale_factor=2, mode="nearest"), kept.pop()], 1))
        return self.head(x)


def pictures_in(array):
    """uint8 (N, H, W, 3) as a tensor (N, 3, H, W) in 0–1."""
    return torch.from_numpy(np.ascontiguousarray(array)).permute(0, 3, 1, 2).float().div_(255).contiguous(memory_format=torch.channels_last)


def trained(make, batch, loss, count, seed, epochs, size=16, rate=3e-3):
    """A net from `make()` after `epochs` over `count` examples: AdamW, a rate that rises over a twentieth of the time and falls as a cosine.

    `batch(indices, rng)` gives (pictures, targets); the seed alone decides weights, order and augmentation, so arms with the same seed and count see the same draws.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = make().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-2)
    steps = epochs * (count // size)
    warm = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, 0.5 + 0.5 * math.cos(math.pi * max(0, s - warm) / max(1, steps - warm)))
    )
    net.train()
    for _ in range(epochs):
        order = rng.permutation(count)
        for k in range(count // size):
            x, y = batch(order[k * size : (k + 1) * size], rng)
            optimiser.zero_grad()
            loss(net(x), y).backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def answers(net, pictures, size=32):
    """The net's outputs for uint8 pictures (N, H, W, 3), as float32 NumPy (N, C, h, w)."""
    torch.set_num_threads(1)
    with torch.no_grad():
        return np.concatenate([net(pictures_in(pictures[i : i + size])).numpy() for i in range(0, len(pictures), size)])


def jittered(pictures, rng):
    """Each picture brighter or darker by up to a third of a stop and its channels by a tenth, so that no net learns one exposure by heart."""
    gain = 2 ** rng.uniform(-1 / 3, 1 / 3, (len(pictures), 1, 1, 1)) * (1 + rng.uniform(-0.1, 0.1, (len(pictures), 1, 1, 3)))
    return np.clip(pictures * gain, 0, 255).astype(np.uint8)
