/** Traffic signs on their poles, facing −X: who drives towards +X reads them. Their backs are grey. */
import { type Vec3, vec3 } from '@dioramic/scene'
import { material, plain } from '../../builder/material.ts'
import type { ObjectDraft } from '../../builder/object.ts'
import { box } from '../../solids/box.ts'
import { Model } from '../../solids/model.ts'
import { cylinder, tube } from '../../solids/round.ts'
import { Solid } from '../../solids/solid.ts'

/** Signs of a road that cars drive in both directions; none of them forbids what these cars do. */
export const SIGNS = ['limit', 'parking', 'priority', 'bus-stop', 'crossing', 'signals-ahead'] as const
export type Sign = (typeof SIGNS)[number]

/** Height of the sign's middle above the pavement, metres. */
const Z = 2.45
const FACE = -0.03

/** A flat shape of `corners` (right of who reads it, up; counter-clockwise for the reader) in the plane x, facing −X. */
function figure(x: number, corners: readonly (readonly [number, number])[]): Solid {
  // Who reads it looks towards +X, so that right is −Y.
  const positions = corners.flatMap(([a, b]): Vec3 => [x, -a, Z + b])
  return new Solid({
    positions,
    normals: corners.flatMap(() => [-1, 0, 0]),
    indices: corners.slice(2).flatMap((_, i) => [0, i + 1, i + 2]),
    hulls: [],
  })
}

/** A bar between two places of the sign's face. */
function bar(x: number, from: readonly [number, number], to: readonly [number, number], width: number): Solid {
  const along = vec3.normalize([to[0] - from[0], to[1] - from[1], 0])
  const [a, b] = [(-along[1] * width) / 2, (along[0] * width) / 2]
  return figure(x, [
    [from[0] - a, from[1] - b],
    [to[0] - a, to[1] - b],
    [to[0] + a, to[1] + b],
    [from[0] + a, from[1] + b],
  ])
}

const disk = (r: number, x: number, segments = 32): Solid =>
  cylinder(r, 0.012, { segments, bevel: 0.002 })
    .turned([0, 1, 0], -Math.PI / 2)
    .at([x, 0, Z])
    .intangible()
const square = (size: number, x: number, turn = 0): Solid =>
  box([0.012, size, size], 0.004)
    .turned([1, 0, 0], turn)
    .at([x - 0.006, 0, Z])
    .intangible()

/** A digit of seven strokes, `h` metres high, about a place. */
function digit(x: number, at: number, shown: string, h: number): Solid[] {
  const w = h * 0.27
  const strokes: Record<string, readonly [number, number, number, number]> = {
    a: [-w, h / 2, w, h / 2],
    b: [w, h / 2, w, 0],
    c: [w, 0, w, -h / 2],
    d: [-w, -h / 2, w, -h / 2],
    e: [-w, 0, -w, -h / 2],
    f: [-w, h / 2, -w, 0],
    g: [-w, 0, w, 0],
  }
  const t = h * 0.17
  return [...shown].map(s => {
    const [x0, z0, x1, z1] = strokes[s]!
    // Strokes overlap at their ends.
    const [e, f] = [x0 === x1 ? 0 : t / 2, z0 === z1 ? 0 : t / 2]
    return bar(x, [at + x0 - e, z0 + f], [at + x1 + e, z1 - f], t)
  })
}

/** A sign and its pole. */
export function sign(kind: Sign): ObjectDraft {
  const m = new Model()
  const white = plain('#ecece8', 'sign-white', 0.35)
  const red = plain('#b51a1f', 'sign-red', 0.35)
  const blue = plain('#1d4d9a', 'sign-blue', 0.35)
  const dark = plain('#161616', 'sign-black', 0.4)
  const grey = material({ baseColor: [0.35, 0.36, 0.37], metallic: 0.6, roughness: 0.5 }, 'sign-back')
  const top = FACE - 0.014
  m.add(
    'pole',
    plain('#8b9094', 'pole', 0.4),
    tube(
      [
        [0, 0, 0],
        [0, 0, Z + 0.33],
      ],
      0.03,
      { segments: 10 },
    ),
  )
  const ink = top - 0.016
  if (kind === 'limit')
    m.add('back', grey, disk(0.325, FACE + 0.012))
      .add('red', red, disk(0.33, FACE))
      .add('white', white, disk(0.26, FACE - 0.004))
      .add('black', dark, ...digit(ink, -0.1, 'abgcd', 0.24), ...digit(ink, 0.1, 'abcdef', 0.24))
  else if (kind === 'priority')
    m.add('back', grey, square(0.5, FACE + 0.014, Math.PI / 4))
      .add('white', white, square(0.5, FACE, Math.PI / 4))
      .add('yellow', plain('#e3b31c', 'sign-yellow', 0.35), square(0.37, FACE - 0.006, Math.PI / 4))
  else if (kind === 'parking' || kind === 'bus-stop' || kind === 'crossing') {
    m.add('back', grey, square(0.56, FACE + 0.014)).add('blue', blue, square(0.56, FACE))
    if (kind === 'parking')
      m.add(
        'white',
        white,
        bar(ink, [-0.09, -0.2], [-0.09, 0.2], 0.075),
        bar(ink, [-0.1, 0.17], [0.07, 0.17], 0.065),
        bar(ink, [-0.1, 0], [0.07, 0], 0.065),
        bar(ink, [0.09, 0.2], [0.09, -0.03], 0.075),
      )
    else if (kind === 'bus-stop')
      m.add(
        'white',
        white,
        figure(ink, [
          [-0.22, -0.1],
          [0.22, -0.1],
          [0.22, 0.14],
          [-0.22, 0.14],
        ]),
        ...[-0.12, 0.12].map(a => bar(ink, [a - 0.05, -0.13], [a + 0.05, -0.13], 0.07)),
      ).add('blue', blue, ...[-0.135, 0, 0.135].map(a => bar(ink - 0.003, [a - 0.055, 0.055], [a + 0.055, 0.055], 0.1)))
    else
      m.add(
        'white',
        white,
        figure(ink, [
          [-0.25, -0.22],
          [0.25, -0.22],
          [0, 0.24],
        ]),
      ).add(
        'black',
        dark,
        // Somebody who walks over stripes.
        bar(ink - 0.003, [0.0, 0.08], [0.0, 0.13], 0.05),
        bar(ink - 0.003, [0.0, 0.06], [-0.01, -0.06], 0.055),
        bar(ink - 0.003, [-0.01, -0.05], [-0.07, -0.16], 0.032),
        bar(ink - 0.003, [-0.01, -0.05], [0.06, -0.16], 0.032),
        bar(ink - 0.003, [0.0, 0.05], [0.07, -0.02], 0.024),
        bar(ink - 0.003, [0.0, 0.05], [-0.06, -0.01], 0.024),
        ...[-0.15, -0.05, 0.05, 0.15].map(a => bar(ink - 0.003, [a - 0.035, -0.19], [a + 0.035, -0.19], 0.025)),
      )
  } else {
    const triangle = (r: number, x: number): Solid => disk(r, x, 3).at([0, 0, -0.08])
    m.add('back', grey, triangle(0.41, FACE + 0.012))
      .add('red', red, triangle(0.42, FACE))
      .add('white', white, triangle(0.3, FACE - 0.004))
      .add('black', dark, bar(ink, [0, -0.2], [0, 0.1], 0.11))
    for (const [z, colour, name] of [
      [0.05, '#c02a22', 'lens-red'],
      [-0.05, '#d99a1c', 'lens-amber'],
      [-0.15, '#2f8a4a', 'lens-green'],
    ] as const)
      m.add(name, plain(colour, name, 0.4), bar(ink - 0.003, [-0.03, z], [0.03, z], 0.06))
  }
  return m.draft('traffic-sign').tagged({ sign_label: kind })
}
