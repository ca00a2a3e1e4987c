/** Rates, decays, first values and multipliers beside the Python package `mup` on models of the same shapes. Needs Python with torch and mup: `DIORAMA_PYTHON`, or `python3`. */
import { spawnSync } from 'node:child_process'
import { flatten, nn } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { mup } from '../../src/mup/index.ts'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const there = spawnSync(python, ['-c', 'import torch, mup']).status === 0

const SCRIPT = `
import sys, json, copy, torch
from torch import nn
from mup import MuReadout, MuSharedReadout, set_base_shapes
from mup.optim import MuAdam, MuAdamW, MuSGD
class Net(nn.Module):
    def __init__(self, d, f):
        super().__init__()
        self.table = nn.Embedding(7, d); self.up = nn.Linear(d, f); self.down = nn.Linear(f, d)
        self.norm = nn.LayerNorm(d); self.conv = nn.Conv2d(2, d, 3); self.conv2 = nn.Conv2d(d, d, 3)
        self.out = MuReadout(d, 5)
def make(): torch.manual_seed(0); return Net(32, 96)
base, delta = Net(8, 16), Net(12, 20)
net = make(); raw = copy.deepcopy(net.state_dict())
set_base_shapes(net, base, delta=delta)
names = {id(p): n for n, p in net.named_parameters()}
def groups(o): return {names[id(p)]: dict(lr=g['lr'], decay=g['weight_decay']) for g in o.param_groups for p in g['params']}
x = torch.randn(3, 32)
multiplier = ((net.out(x) - net.out.bias) / (x @ net.out.weight.T)).mean().item()
json.dump(dict(
    adam=groups(MuAdam(net.parameters(), lr=1., weight_decay=1.)),
    adamw=groups(MuAdamW(net.parameters(), lr=1., weight_decay=1.)),
    sgd=groups(MuSGD(net.parameters(), lr=1., weight_decay=1.)),
    first={n: (p.std() / raw[n].std()).item() if raw[n].std() > 0 else 1. for n, p in net.named_parameters()},
    multiplier=multiplier), sys.stdout)
`

type Groups = Record<string, { lr: number; decay: number }>
type Answer = Record<'adam' | 'adamw' | 'sgd', Groups> & { first: Record<string, number>; multiplier: number }

const net = () => {
  const d = nn.dim('d', 32, { base: 8 })
  const f = nn.dim('f', 96, { base: 16 })
  return nn.sequence({
    table: nn.embedding(7, d, { init: nn.normal(1) }),
    up: nn.linear(d, f, { init: nn.torchDefault }),
    down: nn.linear(f, d, { init: nn.torchDefault }),
    norm: nn.layerNorm(d),
    conv: nn.conv2d(2, d, 3, { init: nn.torchDefault }),
    conv2: nn.conv2d(d, d, 3, { init: nn.torchDefault }),
    out: nn.linear(d, 5, { init: nn.torchDefault }),
  })
}
/** Their names of ours. */
const theirs = (path: string) => path.replace(/\/(table|w|gain)$/, '.weight').replace(/\/(b|bias)$/, '.bias')

test.skipIf(!there)(
  `a common model has the numbers of the Python package mup${there ? '' : ` (skipped: ${python} has not torch and mup; set DIORAMA_PYTHON)`}`,
  () => {
    const { status, stdout, stderr } = spawnSync(python, ['-c', SCRIPT], { encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    const answer = JSON.parse(stdout) as Answer
    const plain = flatten<nn.Parameter>(net().parameters)
    for (const optimizer of ['adam', 'adamw', 'sgd'] as const) {
      const scaled = nn.parametrise(net(), mup({ optimizer }))
      const { list } = flatten<nn.Parameter>(scaled.parameters)
      plain.paths.forEach((path, i) => {
        const { lr, decay } = nn.factorsOf(scaled)(path)
        const want = answer[optimizer][theirs(path)]!
        expect(lr, `${optimizer} ${path} lr`).toBeCloseTo(want.lr, 12)
        expect(decay, `${optimizer} ${path} decay`).toBeCloseTo(want.decay, 12)
        // PyTorch draws biases by the width, which the package undoes; ours begin at 0.
        if (list[i]!.role === 'bias') return
        const factor = list[i]!.parts[0]!.init.scale / plain.list[i]!.parts[0]!.init.scale
        expect(factor, `${path} first values`).toBeCloseTo(answer.first[theirs(path)]!, 5)
      })
      expect(mup({ optimizer }).multiplier!({ kind: 'readout', dims: [nn.dim('d', 32, { base: 8 }), 5] })).toBeCloseTo(answer.multiplier, 6)
    }
  },
)
