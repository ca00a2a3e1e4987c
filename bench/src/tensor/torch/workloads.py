"""
The benchmark's networks in eager PyTorch, float32, fused AdamW. Each workload has `batches()` (name → [count, …] made from a seed, where no
file is given), `named()` (its parameters under plain names, PyTorch's layouts: Linear [out, in], Conv2d [out, in, h, w], ConvTranspose2d
[in, out, h, w], LSTM gates stacked i, f, g, o) and `step(batch)` → list of losses.
"""
import torch
import torch.nn.functional as F
from torch import nn

from transformer import Attention, Block, FeedForward, GatedFeedForward, initialise

VOCABULARY = 65


def adamw(groups, lr=1e-3, betas=(0.9, 0.999), decay=0.01):
    return torch.optim.AdamW(groups, lr=lr, betas=betas, eps=1e-8, weight_decay=decay, fused=True)


class Workload:
    def named(self):
        return dict(self.net.named_parameters())

    def step(self, batch):
        self.opt.zero_grad(set_to_none=True)
        loss = self.loss(**batch)
        loss.backward()
        self.opt.step()
        return [loss.item()]


def regression(count, rows, inputs, outputs):
    return {"x": torch.randn(count, rows, inputs), "y": torch.randn(count, rows, outputs)}


def tokens(count, *shape):
    return {"x": torch.randint(VOCABULARY, (count, *shape)), "y": torch.randint(VOCABULARY, (count, *shape))}


class Mlp(Workload):
    """Linear layers with ReLU between, mean squared error. Names: 0.weight, 0.bias, 2.weight, …"""

    def __init__(self, options, sizes=(8, 256, 256, 1), rows=256):
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers[:-1])
        self.shape = (rows, sizes[0], sizes[-1])
        self.opt = adamw(self.net.parameters())

    def batches(self, count):
        return regression(count, *self.shape)

    def loss(self, x, y):
        return F.mse_loss(self.net(x), y)


class Gpt(Workload):
    """d 128, 4 pre-LN blocks, 4 heads, T 128, B 16; dropout on embedding, attention and both branches; head untied, without bias."""

    def __init__(self, options):
        d, t, p = 128, 128, options.get("dropout", 0.1)
        self.net = nn.ModuleDict(
            {
                "tok": nn.Embedding(VOCABULARY, d),
                "pos": nn.Embedding(t, d),
                "blocks": nn.Sequential(*(Block(d, Attention(d, 4, True, p, t), FeedForward(d, 4 * d), p) for _ in range(4))),
                "ln": nn.LayerNorm(d),
                "head": nn.Linear(d, VOCABULARY, bias=False),
            }
        )
        initialise(self.net)
        self.dropout = p
        self.opt = adamw(self.net.parameters())

    def batches(self, count):
        return tokens(count, 16, 128)

    def loss(self, x, y):
        net = self.net
        h = F.dropout(net["tok"](x) + net["pos"].weight, self.dropout)
        logits = net["head"](net["ln"](net["blocks"](h)))
        return F.cross_entropy(logits.flatten(0, 1), y.flatten())


class Gan(Workload):
    """
    DCGAN (Radford et al. 2016) at 32×32, batch 32: one update of D (real and fake in two passes), then one of G through the new D.
    Convolutions 4×4 without bias, batch norm but on G's output and D's input and output, ReLU in G, leaky ReLU 0.2 in D, logits with BCE.
    AdamW(2e-4, betas 0.5 and 0.999, no decay). Losses: [D, G].
    """

    def __init__(self, options):
        up = lambda a, b, s, p: nn.ConvTranspose2d(a, b, 4, s, p, bias=False)
        down = lambda a, b, s, p: nn.Conv2d(a, b, 4, s, p, bias=False)
        bn = nn.BatchNorm2d
        g = nn.Sequential(
            up(100, 256, 1, 0), bn(256), nn.ReLU(True), up(256, 128, 2, 1), bn(128), nn.ReLU(True),
            up(128, 64, 2, 1), bn(64), nn.ReLU(True), up(64, 3, 2, 1), nn.Tanh(),
        )  # fmt: skip
        leaky = lambda: nn.LeakyReLU(0.2, True)
        d = nn.Sequential(
            down(3, 64, 2, 1), leaky(), down(64, 128, 2, 1), bn(128), leaky(),
            down(128, 256, 2, 1), bn(256), leaky(), down(256, 1, 1, 0),
        )  # fmt: skip
        self.net = nn.ModuleDict({"g": g, "d": d})
        for m in self.net.modules():
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
                nn.init.normal_(m.weight, 0.0, 0.02)
            if isinstance(m, bn):
                nn.init.normal_(m.weight, 1.0, 0.02)
        # The layout that PyTorch recommends for convolutions on a CPU; 5 to 10 % faster here than the plain one in 2.15.
        self.format = torch.channels_last if options.get("channels_last", True) else torch.contiguous_format
        self.net.to(memory_format=self.format)
        rates = {"lr": 2e-4, "betas": (0.5, 0.999), "decay": 0.0}
        self.opt_g, self.opt_d = adamw(g.parameters(), **rates), adamw(d.parameters(), **rates)
        self.ones, self.zeros = torch.ones(32), torch.zeros(32)

    def batches(self, count):
        return {"real": torch.rand(count, 32, 3, 32, 32) * 2 - 1, "z": torch.randn(count, 32, 100)}

    def step(self, batch):
        g, d = self.net["g"], self.net["d"]
        bce = F.binary_cross_entropy_with_logits
        fake = g(batch["z"][:, :, None, None])
        self.opt_d.zero_grad(set_to_none=True)
        loss_d = bce(d(batch["real"].contiguous(memory_format=self.format)).flatten(), self.ones)
        loss_d = loss_d + bce(d(fake.detach()).flatten(), self.zeros)
        loss_d.backward()
        self.opt_d.step()
        # Frozen D: the gradients of its parameters are not needed here, and skipping them is what a careful user does.
        d.requires_grad_(False)
        self.opt_g.zero_grad(set_to_none=True)
        loss_g = bce(d(fake).flatten(), self.ones)
        loss_g.backward()
        self.opt_g.step()
        d.requires_grad_(True)
        return [loss_d.item(), loss_g.item()]


class Tabular(Workload):
    """
    After FT-Transformer (Gorishniy et al. 2021): 8 numbers → 8 tokens of d 64 (value · weight + bias) and a CLS token after them, 3 pre-LN
    blocks (4 heads, ReGLU of 128), dropout on attention, gate and branches, LayerNorm → ReLU → Linear on CLS; batch 256, squared error.
    """

    def __init__(self, options):
        d, p = 64, options.get("dropout", 0.1)
        net = nn.Module()
        net.weight, net.bias = nn.Parameter(torch.randn(8, d) / 8), nn.Parameter(torch.randn(8, d) / 8)
        net.cls = nn.Parameter(torch.randn(d) / 8)
        net.blocks = nn.Sequential(*(Block(d, Attention(d, 4, False, p, 9), GatedFeedForward(d, 128, p), p) for _ in range(3)))
        net.ln, net.head = nn.LayerNorm(d), nn.Linear(d, 1)
        initialise(net)
        self.net = net
        self.opt = adamw(net.parameters())

    def batches(self, count):
        return regression(count, 256, 8, 1)

    def loss(self, x, y):
        net = self.net
        cls = net.cls.expand(x.shape[0], 1, -1)
        h = net.blocks(torch.cat([x[:, :, None] * net.weight + net.bias, cls], 1))
        return F.mse_loss(net.head(F.relu(net.ln(h[:, -1]))), y)


class Recurrent(Workload):
    """Character LM: embedding 65×128, nn.LSTM(128, 128) over T 64, Linear to 65; batch 32, zero initial state every step."""

    def __init__(self, options):
        self.net = nn.ModuleDict(
            {"tok": nn.Embedding(VOCABULARY, 128), "lstm": nn.LSTM(128, 128, batch_first=True), "head": nn.Linear(128, VOCABULARY)}
        )
        self.opt = adamw(self.net.parameters())

    def batches(self, count):
        return tokens(count, 32, 64)

    def loss(self, x, y):
        h, _ = self.net["lstm"](self.net["tok"](x))
        return F.cross_entropy(self.net["head"](h).flatten(0, 1), y.flatten())


class Deep(Workload):
    """
    The deep character LM: d 16, 2 heads, T 16, B 4, `layers` blocks (1,000), pre-LN or `"norm": "deepnorm"`, head tied to the embedding.
    A step is one update: two micro-batches, mean of their gradients, global norm clipped to 1, AdamW with lr multipliers 1 (table, positions),
    1/2 (matrices), 2 (biases and norms; no decay).
    """

    def __init__(self, options):
        d, t, p, layers = 16, 16, options.get("dropout", 0.1), options.get("layers", 1000)
        alpha = (2 * layers) ** 0.25 if options.get("norm") == "deepnorm" else None
        self.net = nn.ModuleDict(
            {
                "tok": nn.Embedding(VOCABULARY, d),
                "pos": nn.Embedding(t, d),
                "blocks": nn.Sequential(
                    *(Block(d, Attention(d, 2, True, p, t), FeedForward(d, 4 * d), p, alpha) for _ in range(layers))
                ),
                "ln": nn.LayerNorm(d),
            }
        )
        initialise(self.net)
        self.dropout = p
        vectors = [v for n, v in self.net.named_parameters() if v.ndim == 1]
        matrices = [v for n, v in self.net.named_parameters() if v.ndim == 2 and n.startswith("blocks")]
        tables = [self.net["tok"].weight, self.net["pos"].weight]
        self.all = list(self.net.parameters())
        self.opt = adamw(
            [{"params": tables}, {"params": matrices, "lr": 0.5e-3}, {"params": vectors, "lr": 2e-3, "weight_decay": 0.0}]
        )

    def batches(self, count):
        return tokens(count, 2, 4, 16)

    def loss(self, x, y):
        net = self.net
        h = F.dropout(net["tok"](x) + net["pos"].weight, self.dropout)
        logits = F.linear(net["ln"](net["blocks"](h)), net["tok"].weight)
        return F.cross_entropy(logits.flatten(0, 1), y.flatten())

    def step(self, batch):
        self.opt.zero_grad(set_to_none=True)
        total = 0.0
        for x, y in zip(batch["x"], batch["y"]):
            loss = self.loss(x, y) / 2
            loss.backward()
            total += loss.item()
        nn.utils.clip_grad_norm_(self.all, 1.0)
        self.opt.step()
        return [total]


class Mlp50m(Mlp):
    """1024-4096-4096-4096-3072, 50.3 M weights, batch 64."""

    def __init__(self, options):
        super().__init__(options, (1024, 4096, 4096, 4096, 3072), 64)


class Update50m(Workload):
    """AdamW alone: 16 matrices of 1024×3072 (50.3 M values) with gradients that stay."""

    def __init__(self, options):
        self.net = nn.ParameterList(nn.Parameter(torch.randn(1024, 3072) * 0.02) for _ in range(16))
        for p in self.net:
            p.grad = torch.randn_like(p) * 1e-3
        self.opt = adamw(self.net.parameters())

    def batches(self, count):
        return {}

    def step(self, batch):
        self.opt.step()
        return []


WORKLOADS = {
    "mlp": Mlp, "gpt": Gpt, "gan": Gan, "tabular": Tabular, "recurrent": Recurrent, "deep": Deep, "mlp50m": Mlp50m, "update50m": Update50m,
}  # fmt: skip
