import { expect, test } from 'vitest'
import { gatherFacts } from './facts.ts'
import { type Answer, type Facts, type Program, type ProgramStep, runProgram } from './program.ts'

const thing = (id: number, color: string, category: string, place: [number, number], moving = false) => ({
  id,
  attributes: { color, category },
  place,
  moving,
})
const facts: Facts = {
  frame: 0,
  margin: 0.2,
  things: [
    thing(1, 'red', 'cube', [0, 0]),
    thing(2, 'red', 'ball', [1, 1], true),
    thing(5, 'blue', 'cube', [-1, 3]),
    thing(9, 'green', 'ball', [0.1, -1], true),
  ],
  collisions: [
    [1, 2],
    [2, 9],
  ],
}
/** `scene | filter color:red | count`: a chain of steps. */
const line = (text: string): Program =>
  text.split(' | ').map((word, i): ProgramStep => {
    const [op, ...value] = word.split(' ')
    return { op: op as ProgramStep['op'], inputs: i === 0 ? [] : [i - 1], ...(value.length > 0 ? { value: value.join(' ') } : {}) }
  })

test('every operator, by hand', () => {
  const cases: [string, Answer][] = [
    ['scene | count', 4],
    ['scene | filter color:red | count', 2],
    ['scene | filter color:pink | exist', false],
    ['scene | filter color:blue | unique | id', 5],
    ['scene | filter color:blue | unique | query category', 'cube'],
    ['scene | filter color:blue | unique | relate front | count', 3],
    ['scene | filter color:blue | unique | relate behind | exist', false],
    ['scene | filter color:red | filter category:cube | unique | relate right | count', 1],
    ['scene | filter color:red | filter category:cube | unique | relate left | unique | id', 5],
    ['scene | filter color:green | unique | same category | unique | id', 2],
    ['scene | moving | count', 2],
    ['scene | still | filter color:red | unique | query category', 'cube'],
    ['scene | filter color:green | unique | collides | unique | id', 2],
    ['constant 7', 7],
  ]
  for (const [text, answer] of cases) expect(runProgram(line(text), facts), text).toBe(answer)
  const two = (op: ProgramStep['op'], a: string, b: string): Program => {
    const [x, y] = [line(a), line(b)]
    return [
      ...x,
      ...y.map(s => ({ ...s, inputs: s.inputs.map(i => i + x.length) })),
      { op, inputs: [x.length - 1, x.length + y.length - 1] },
    ]
  }
  const chained = (p: Program): Program => [...p, { op: 'count', inputs: [p.length - 1] }]
  expect(runProgram(chained(two('union', 'scene | filter color:red', 'scene | filter category:ball')), facts)).toBe(3)
  expect(runProgram(chained(two('intersect', 'scene | filter color:red', 'scene | filter category:ball')), facts)).toBe(1)
  expect(runProgram(two('greater', 'scene | count', 'constant 3'), facts)).toBe(true)
  expect(runProgram(two('less', 'scene | count', 'constant 4'), facts)).toBe(false)
  expect(runProgram(two('equal', 'scene | count', 'constant 4'), facts)).toBe(true)
})

test('a program that cannot run says which step and why', () => {
  const fails: [Program, RegExp][] = [
    [line('scene | filter color:red | unique | id'), /step 2 \(unique\) found 2 things/],
    [line('scene | filter color:blue | unique | query size'), /step 3 \(query size\) asks for what the thing does not have/],
    [line('scene'), /ends with things/],
    [line('scene | unique | count'), /step 1/],
    [[], /ends with things/],
    [[{ op: 'count', inputs: [0] }], /step 0 \(count\) needs input 0/],
    [line('scene | dance'), /unknown operator "dance"/],
  ]
  for (const [program, message] of fails) expect(() => runProgram(program, facts)).toThrow(message)
})

test('facts: sides as the camera sees them on the level, backgrounds and specks left out, tags become attributes', () => {
  const object = (id: number, position: [number, number, number], pixels: number, extra = {}) => ({
    id,
    category: 'cube',
    isBackground: false,
    metadata: { color_label: 'red', weight: 3, note: 'x' },
    bounds: { min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5] },
    scale: [1, 1, 2],
    position,
    velocity: [0, 0, id] as [number, number, number],
    visiblePixels: pixels,
    ...extra,
  })
  const half = Math.SQRT1_2
  const found = gatherFacts({
    frame: 2,
    pixels: 10_000,
    // Looks along +X: half a quarter turn about X to the horizon, then a quarter about −Z; right is −Y.
    cameraRotation: [half * half, -half * half, -half * half, half * half],
    objects: [
      object(1, [3, 1, 0], 500),
      object(2, [5, -2, 7], 10, { metadata: {} }),
      object(3, [0, 0, 0], 9),
      object(4, [0, 0, 0], 900, { isBackground: true }),
    ],
    collisions: [
      [1, 2],
      [1, 4],
    ],
  })
  expect(found.things.map(t => [t.id, t.attributes])).toEqual([
    [1, { category: 'cube', color: 'red' }],
    [2, { category: 'cube' }],
  ])
  const close = (a: readonly number[], b: readonly number[]) => {
    a.forEach((x, i) => {
      expect(x).toBeCloseTo(b[i]!, 12)
    })
  }
  close(found.things[0]!.place, [-1, 3])
  close(found.things[1]!.place, [2, 5])
  expect(found.margin).toBe(0.5)
  expect(found.collisions).toEqual([[1, 2]])
})
