import type { Optimizer } from '@dioramic/learn/mup'
import { EXIT } from '../fail.ts'
import { learning } from '../learning.ts'
import { table } from '../units.ts'

const load = async () => ({
  ...(await import('@dioramic/learn/mup')),
  ...(await import('@dioramic/tensor/node')),
  openSafetensors: (await import('@dioramic/tensor')).openSafetensors,
})

/** Prints what muP says of each tensor of the target model. */
export async function mupCommand(
  paths: { readonly base: string; readonly delta: string; readonly target: string },
  o: { readonly optimizer: Optimizer; readonly lr?: number; readonly wd?: number; readonly json?: boolean },
): Promise<number> {
  const { openSafetensors, torchTable, withFile } = await learning(load)
  const shapes = (path: string) =>
    withFile(path, async source =>
      Object.fromEntries([...(await openSafetensors(source)).entries.values()].map(e => [e.name, e.shape] as const)),
    )
  const rows = torchTable(await shapes(paths.base), await shapes(paths.delta), await shapes(paths.target), o.optimizer)
  const [lr, wd] = [o.lr ?? 1, o.wd ?? 1]
  if (o.json) {
    const all = { optimizer: o.optimizer, tensors: rows.map(r => ({ ...r, lr: r.lr * lr, decay: r.decay * wd })) }
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`)
    return EXIT.ok
  }
  const short = (x: number) => `${Number(x.toPrecision(6))}`
  const factor = (x: number) => `×${short(x)}`
  process.stdout.write(
    `${table([
      [
        'tensor',
        'base',
        'target',
        'kind',
        'init',
        o.lr === undefined ? 'lr' : `lr of ${o.lr}`,
        o.wd === undefined ? 'wd' : `wd of ${o.wd}`,
        'output',
      ],
      ...rows.map(r => [
        r.name,
        `[${r.base}]`,
        `[${r.shape}]`,
        r.kind,
        factor(r.init),
        o.lr === undefined ? factor(r.lr) : short(r.lr * lr),
        o.wd === undefined ? factor(r.decay) : short(r.decay * wd),
        r.multiplier === 1 ? '' : `×${short(r.multiplier)} where it reads out`,
      ]),
    ])}\n`,
  )
  return EXIT.ok
}
