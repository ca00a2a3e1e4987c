import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TensorError } from '../error.ts'
import { createArena, loadKernel } from '../node/kernel.ts'
import { Arena } from './arena.ts'
import { ARENA_START } from './layout.ts'

describe('views', () => {
  test('are aligned to 64 bytes and do not overlap', async () => {
    const arena = await createArena(1 << 20)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('f32', 'f64', 'i32', 'u32', 'i64', 'u8'), fc.nat(300)), { maxLength: 30 }), wanted => {
        const mark = arena.mark()
        let end = mark
        for (const [kind, length] of wanted) {
          const view = arena[kind as 'f32'](length)
          expect(view.length).toBe(length)
          expect(view.byteOffset % 64).toBe(0)
          expect(view.byteOffset).toBeGreaterThanOrEqual(end)
          end = view.byteOffset + view.byteLength
        }
        expect(arena.mark()).toBeGreaterThanOrEqual(end)
        arena.release(mark)
        expect(arena.mark()).toBe(mark)
      }),
    )
  })

  test('are zeros, where released views lay too', async () => {
    const arena = await createArena(1 << 16)
    const mark = arena.mark()
    arena.f32(1000).fill(7)
    arena.release(mark)
    expect(arena.u8(100).every(x => x === 0)).toBe(true)
    expect(arena.f32(5000).every(x => x === 0)).toBe(true)
  })

  test('are freed by mark and the place is used again', async () => {
    const arena = await createArena(4096)
    const first = arena.f32(16)
    const mark = arena.mark()
    const a = arena.i64(3)
    arena.release(mark)
    expect(arena.u8(1).byteOffset).toBe(a.byteOffset)
    expect(first.byteOffset).toBe(ARENA_START)
    expect(arena.used).toBe(128)
    expect(() => arena.release(mark + 1)).toThrow('is not a mark of this arena')
    expect(() => arena.release(arena.mark() + 64)).toThrow(TensorError)
  })

  test('the memory never moves', async () => {
    const arena = await createArena(1 << 20)
    const { buffer } = arena.memory
    const view = arena.f32(100)
    arena.f32(200_000)
    expect(arena.memory.buffer).toBe(buffer)
    expect(view.buffer).toBe(buffer)
    expect(() => arena.memory.grow(1)).toThrow(RangeError)
  })
})

describe('what is not to be had', () => {
  test('a view larger than the room left is refused by name and size, and nothing is lost', async () => {
    const arena = await createArena(65536)
    const a = arena.f32(4)
    const { used, size } = arena
    expect(() => arena.f32(1 << 20, 'the gradients')).toThrow(
      `the gradients needs 4194304 bytes, but ${size - used} of the arena's ${size} are left (the limit of one arena is 4 GiB)`,
    )
    expect(arena.used).toBe(used)
    expect(arena.f32(4).byteOffset).toBe(a.byteOffset + 64)
  })

  test.each([-1, 0.5, Number.NaN, 2 ** 60])('a view of %s elements', async length => {
    const arena = await createArena(0)
    expect(() => arena.u8(length)).toThrow(TensorError)
  })

  test('an arena of more than 4 GiB', async () => {
    await expect(createArena(2 ** 32)).rejects.toThrow(
      'an arena of 4096.0 MiB is more than the 4095.9 MiB that one can have (4 GiB); use several',
    )
  })

  test.each([0, 17, 1.5])('an arena of %s threads', async threads => {
    await expect(createArena(0, threads)).rejects.toThrow(`an arena has 1 to 16 threads, not ${threads}`)
  })

  test('threads without a way to start them', async () => {
    await expect(Arena.create({ kernel: await loadKernel(), bytes: 0, threads: 2 })).rejects.toThrow('needs a way to start them')
  })

  test('threads that do not start are named, and those that did are let go', async () => {
    let ended = 0
    const spawn = ({ thread }: { thread: number }) => ({
      ready: thread === 2 ? Promise.reject(new Error('no such file')) : Promise.resolve(),
      terminate: () => void ended++,
    })
    await expect(Arena.create({ kernel: await loadKernel(), bytes: 0, threads: 3, spawn })).rejects.toThrow(
      "the arena's threads did not start: no such file",
    )
    expect(ended).toBe(2)
  })
})

test('an arena of almost 4 GiB works to its last byte', async () => {
  const bytes = 65535 * 65536 - ARENA_START
  const arena = await createArena(bytes)
  const view = arena.u8(bytes)
  view[bytes - 1] = 7
  const end = new Float32Array(view.buffer, view.byteOffset + bytes - 64, 16).fill(2)
  arena.call.scale(end.byteOffset, 16, 3)
  expect([...end]).toEqual(Array(16).fill(6))
  expect(() => arena.u8(1)).toThrow('but 0 of')
})
