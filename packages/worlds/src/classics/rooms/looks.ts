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

const boards = (key: Key): MaterialDraft =>
  preset('wood-planks', { seed: key.fork('boards').int(0, 5), mapping: { type: 'box', size: 1.2 } })

/** A dry room: boards, parquet or (in an office) carpet, painted walls. */
export function dryLook(key: Key, floors: readonly string[] = ['parquet', 'wood-planks', 'oak']): RoomLook {
  const name = key.fork('floor').choice(floors)
  const floor =
    name === 'felt'
      ? preset('felt', { size: 256, color: srgb(key.fork('carpet').choice(['#6f7479', '#5a6470', '#8a8174'] as const)) })
      : name === 'parquet'
        ? preset('parquet', { seed: key.fork('boards').int(0, 5) })
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
