// `diorama mup` on files as PyTorch's safetensors would write them.
import { openSafetensors, writeSafetensors, zerosOf } from '@dioramic/tensor'
import { withFile, writeFileAtomic } from '@dioramic/tensor/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diorama, scratch } from './diorama.ts'

const s = scratch()
afterAll(s.clean)
const shapes = (d: number, f: number, vocabulary = 11) => ({
  'embed.weight': [vocabulary, d],
  'up.weight': [f, d],
  'up.bias': [f],
  'norm.weight': [d],
  'head.weight': [vocabulary, d],
  'head.bias': [vocabulary],
  temperature: [],
})
const write = (name: string, of: Record<string, number[]>) =>
  writeFileAtomic(s.at(name), sink =>
    writeSafetensors(
      sink,
      Object.entries(of).map(([k, shape]) => ({ name: k, array: zerosOf('f32', shape) })),
    ),
  )
const run = (...args: readonly string[]) => diorama(['mup', ...args], { cwd: s.folder })

beforeAll(async () => {
  await write('base.safetensors', shapes(8, 16))
  await write('delta.safetensors', shapes(12, 20))
  await write('target.safetensors', shapes(32, 128))
  await write('other.safetensors', shapes(32, 128, 12))
  expect(await withFile(s.at('base.safetensors'), async f => (await openSafetensors(f)).entries.size)).toBe(7)
})

test('a table for people, and JSON for programs', async () => {
  const { code, out, err } = await run('base.safetensors', 'delta.safetensors', 'target.safetensors', '--lr', '0.004', '--wd', '0.1')
  expect(err).toBe('')
  expect(code).toBe(0)
  const line = (name: string) =>
    out
      .split('\n')
      .find(l => l.startsWith(`${name} `))!
      .split(/ {2,}/)
  expect(line('up.weight')).toEqual(['up.weight', '[16,8]', '[128,32]', 'hidden', '×0.5', '0.001', '0.4'])
  expect(line('head.weight')).toEqual([
    'head.weight',
    '[11,8]',
    '[11,32]',
    'readout or embedding',
    '×1',
    '0.004',
    '0.1',
    '×0.25 where it reads out',
  ])
  expect(line('up.bias').slice(3)).toEqual(['input', '×1', '0.004', '0.1'])
  expect(line('temperature').slice(3)).toEqual(['scalar', '×1', '0.004', '0.1'])
  const json = JSON.parse((await run('base.safetensors', 'delta.safetensors', 'target.safetensors', '--optimizer', 'sgd', '--json')).out)
  expect(Object.fromEntries(json.tensors.map((t: { name: string; lr: number }) => [t.name, t.lr]))).toEqual({
    'embed.weight': 4,
    'up.weight': 2,
    'up.bias': 8,
    'norm.weight': 4,
    'head.weight': 4,
    'head.bias': 1,
    temperature: 1,
  })
})

test('shapes that do not fit are named', async () => {
  const nothing = await run('base.safetensors', 'base.safetensors', 'base.safetensors')
  expect(nothing.code).toBe(2)
  expect(nothing.err).toMatch(/same shapes, so nothing grows/)
  const finite = await run('base.safetensors', 'delta.safetensors', 'other.safetensors')
  expect(finite.code).toBe(2)
  expect(finite.err).toMatch(/axis 0 of "embed.weight" is 12 in the target model and 11 in both others/)
})
