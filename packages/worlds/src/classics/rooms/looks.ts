/** Floors, walls and ceilings by the kind of room. */
import type { Key } from '@dioramic/scene'
import type { MaterialDraft } from '../../builder/material.ts'
import { preset } from '../../builder/preset.ts'
import { paint, white } from '../../furniture/looks.ts'
import { srgb } from '../../toolkit/colors.ts'
import type { RoomLook } from './shell.ts'

const WALLS = ['#f4efe4', '#f0f1ee', '#e6ecee', '#f2e8d8', '#eaeee1', '#d9e3e6', '#ecdcc8', '#dfe6d4', '#cfdbe0', '#f4e9e6'] as const

const plaster = (key: Key): MaterialDraft =>
  preset('plaster', { size: 256, seed: key.fork('grain').int(0, 3), color: srgb(key.fork('colour').choice(WALLS)) })

/** Floor boards of oak, pine or a darker wood. */
const BOARDS = [
  ['#b59a78', '#8b6f50'],
  ['#c7ab83', '#a38460'],
  ['#9c8062', '#6f563f'],
  ['#8a6b50', '#5c4433'],
  ['#a89a86', '#7f7261'],
] as const

const PARQUET = ['#b8997a', '#a98b68', '#c4a886', '#8d6f55'] as const

/** Boards 13 to 18 cm wide and about two metres long, along the room or across it. */
function boards(key: Key): MaterialDraft {
  const k = key.fork('boards')
  const [light, dark] = k.fork('wood').choice(BOARDS)
  const seed = k.fork('seed').int(0, 5)
  const [rows, aspect] = [8, 3]
  const span = rows * k.fork('width').uniform(0.13, 0.18)
  const parameters = { rows, perRow: 2, aspect, rings: 36, gap: 0.008, variation: 0.45, light: [...srgb(light)], dark: [...srgb(dark)] }
  const texture = (output: string) => ({
    type: 'procedural' as const,
    generator: 'planks',
    seed,
    size: 768,
    parameters: { ...parameters, output },
  })
  const [color, roughness] = ['color', 'roughness'].map(output => `floor-boards-${seed}-${output}`) as [string, string]
  const across = k.fork('across').uniform() < 0.4
  const scale: [number, number] = across ? [1, 1 / aspect] : [1 / aspect, 1]
  const transform = { scale, rotation: across ? Math.PI / 2 : 0, offset: [0, 0] as [number, number] }
  return {
    name: 'floor-boards',
    material: {
      baseColor: { texture: color, transform },
      roughness: { texture: roughness, transform },
      ior: 1.5,
      mapping: { type: 'box', size: span },
    },
    textures: { [color]: texture('color'), [roughness]: texture('roughness') },
  }
}

/** A dry room: boards, parquet or (in an office) carpet, painted walls. */
export function dryLook(key: Key, floors: readonly string[] = ['parquet', 'wood-planks', 'oak']): RoomLook {
  const name = key.fork('floor').choice(floors)
  const floor =
    name === 'felt'
      ? preset('felt', { size: 256, color: srgb(key.fork('carpet').choice(['#6f7479', '#5a6470', '#8a8174'] as const)) })
      : name === 'parquet'
        ? preset('parquet', { seed: key.fork('boards').int(0, 5), color: srgb(key.fork('blocks').choice(PARQUET)) })
        : boards(key)
  return { floor, walls: plaster(key.fork('walls')), ceiling: paint('#efeeea', 0.9, 'ceiling'), skirting: white() }
}

/** A kitchen: tiles or boards on the floor. */
export function kitchenLook(key: Key): RoomLook {
  const floor =
    key.fork('tiled').uniform() < 0.55
      ? preset('ceramic-tiles', {
          seed: key.fork('tiles').int(0, 5),
          color: srgb(key.fork('stone').choice(['#b9b3a6', '#8f918f', '#d6d2c8', '#a58f78'] as const)),
        })
      : boards(key)
  return { floor, walls: plaster(key.fork('walls')), ceiling: paint('#efeeea', 0.9, 'ceiling'), skirting: white() }
}

/** A bathroom: tiles all over. */
export function wetLook(key: Key): RoomLook {
  const tiles = (k: Key, colours: readonly string[]) =>
    preset('ceramic-tiles', { seed: k.fork('seed').int(0, 5), color: srgb(k.fork('colour').choice(colours)) })
  return {
    floor: tiles(key.fork('floor'), ['#6f7375', '#8d8578', '#4f5a60', '#a9a59c']),
    walls: tiles(key.fork('walls'), ['#e9ebea', '#dfe8ea', '#e6e0d2', '#c4d6d6', '#d4ddcf']),
    ceiling: paint('#f1f0ec', 0.9, 'ceiling'),
    skirting: null,
  }
}
