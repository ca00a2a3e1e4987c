// Soups for people who train with PyTorch: their checkpoints, their evaluation, and the same bits as NumPy's. Skipped, with the reason, where Python lacks them.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { diorama, scratch } from '../diorama.ts'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const s = scratch()
afterAll(s.clean)

const MAKE = `
import numpy as np, torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(300, 8); w = torch.randn(8, 3); y = (x @ w).argmax(1)
np.savez('held.npz', x=x[150:].numpy(), y=y[150:].numpy())
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(8, 16); self.norm = nn.BatchNorm1d(16); self.out = nn.Linear(16, 3)
        self.tied = self.body
    def forward(self, x): return self.out(self.norm(self.body(x)).relu())
def fit(net, lr, seed, n):
    torch.manual_seed(seed); opt = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(n):
        i = torch.randint(0, 150, (32,)); opt.zero_grad()
        nn.functional.cross_entropy(net(x[i]), y[i]).backward(); opt.step()
first = Net(); fit(first, .05, 0, 20)
for k in range(4):
    net = Net(); net.load_state_dict(first.state_dict()); net.train(); fit(net, .05 * (k + 1), k + 1, 40)
    torch.save({'state_dict': net.state_dict(), 'epoch': k}, f'run{k}.pt')
    torch.save({n: (v.half() if v.is_floating_point() else v) for n, v in net.state_dict().items()}, f'half{k}.pt')
`

const EVALUATE = `
import sys, numpy as np, torch
from torch import nn
from safetensors.torch import load_file
sys.path.insert(0, '.')
d = {n.removeprefix('state_dict.'): v for n, v in load_file(sys.argv[1]).items()}
h = np.load('held.npz')
z = nn.functional.linear(torch.tensor(h['x']), d['body.weight'], d['body.bias'])
z = nn.functional.batch_norm(z, d['norm.running_mean'], d['norm.running_var'], d['norm.weight'], d['norm.bias']).relu()
z = nn.functional.linear(z, d['out.weight'], d['out.bias']); y = torch.tensor(h['y'])
print('evaluated', sys.argv[1])
print('{"score": %.6f, "loss_nats": %.6f}' % ((z.argmax(1) == y).float().mean(), nn.functional.cross_entropy(z, y)))
`

const CHECK = `
import numpy as np, torch
from safetensors.torch import load_file
def check(soup, parts, prefix=''):
    s = load_file(soup); assert set(s) == {prefix + n for n in parts[0]}, sorted(s)
    for n, v in parts[0].items():
        got = s[prefix + n]
        if not v.is_floating_point(): assert torch.equal(got, v), n; continue
        total = np.zeros(v.shape)
        for p in parts: total += p[n].numpy().astype(np.float64)
        assert np.array_equal(got.numpy(), (total / len(parts)).astype(v.numpy().dtype)), n
check('mean.safetensors', [torch.load(f'run{k}.pt')['state_dict'] for k in range(4)], 'state_dict.')
check('half.safetensors', [torch.load(f'half{k}.pt') for k in range(4)])
print('equal')
`

test('greedy soups of .pt files by a Python evaluation, and means equal to NumPy’s to the bit', async context => {
  if (spawnSync(python, ['-c', 'import numpy, torch, safetensors.torch']).status !== 0)
    return context.skip(`${python} lacks numpy, torch or safetensors: pip install them, or set DIORAMA_PYTHON`)
  const py = (name: string, text: string) => {
    writeFileSync(s.at(name), text)
    const { status, stdout, stderr } = spawnSync(python, [name], { cwd: s.folder, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    return stdout
  }
  py('make.py', MAKE)
  writeFileSync(s.at('evaluate.py'), EVALUATE)
  const options = { cwd: s.folder, env: { DIORAMA_CACHE: s.at('cache') } }
  const soup = (...args: readonly string[]) => diorama(['soup', ...args], options)
  const runs = [0, 1, 2, 3].map(k => `run${k}.pt`)
  const made = await soup(...runs, '--eval', `${python} evaluate.py {}`, '-o', 'greedy.safetensors')
  expect(made.code, made.err).toBe(0)
  const report = JSON.parse(readFileSync(s.at('greedy.json'), 'utf8'))
  const scores = report.ingredients.map((i: { score: number }) => i.score)
  expect(report.score).toBeGreaterThanOrEqual(Math.max(...scores))
  expect(report.ingredients[0].values.loss_nats).toBeGreaterThan(0)
  expect(report.differing).toEqual([])
  expect(report.warnings.some((w: string) => w.includes('running statistics'))).toBe(
    report.ingredients.filter((i: { weight: number }) => i.weight > 0).length > 1,
  )
  for (const [out, name] of [['mean', 'run'], ['half', 'half']]) // biome-ignore format: pairs
    expect((await soup(...[0, 1, 2, 3].map(k => `${name}${k}.pt`), '-o', `${out}.safetensors`)).err).toBe('')
  expect(py('check.py', CHECK)).toContain('equal')
})
