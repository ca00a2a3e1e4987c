import { expect, test } from 'vitest'
import { LabelError, labelDefinition, labelName } from './label.ts'
import { LABELS, PRESETS } from './registry.ts'
import { selectLabels } from './select.ts'

const names = (text?: string) => selectLabels(text).map(labelName)

test('labels and presets mix, each once, in one order', () => {
  expect(names('flow, depth,flow-forward')).toEqual(['depth', 'flow-forward', 'flow-forward-mask', 'flow-backward', 'flow-backward-mask'])
  expect(names('none')).toEqual([])
  expect(names()).toEqual(names('kubric'))
  expect(names('all')).toEqual([...LABELS.keys()])
})

test('the default holds all that Kubric writes, and more', () => {
  for (const name of [
    'segmentation',
    'depth',
    'distance',
    'normal',
    'object-coordinates',
    'uv',
    'box-amodal',
    'events',
    'camera',
    'mass',
    ...PRESETS.flow,
  ])
    expect(names()).toContain(name)
})

test('a mistyped name is met with the nearest one', () => {
  for (const [typed, meant] of [
    ['depht', 'depth'],
    ['normals', 'normal'],
    ['flow-foward', 'flow-forward'],
    ['segm', 'segmentation'],
    ['kubrik', 'kubric'],
  ]) {
    expect(() => selectLabels(`uv,${typed}`)).toThrow(`"${typed}"; did you mean "${meant}"?`)
    expect(() => selectLabels(typed)).toThrow(LabelError)
  }
  expect(() => selectLabels('depth,,uv')).toThrow(/empty name/)
  expect(() => selectLabels('')).toThrow(/"none"/)
  expect(() => selectLabels('constructor')).toThrow(/no label or preset "constructor"/)
})

test('presets name labels that exist, and every label says what it means', () => {
  for (const preset of Object.values(PRESETS)) for (const name of preset) expect(LABELS.has(name), name).toBe(true)
  for (const label of LABELS.values()) expect(labelDefinition(label).length).toBeGreaterThan(20)
})
