import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type BlobStore, MissingBlob } from '../store/blob-store.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { FolderStore } from './folder-store.ts'

const made: string[] = []
const folder = () => {
  made.push(mkdtempSync(join(tmpdir(), 'diorama-store-')))
  return made.at(-1)!
}
afterEach(() => {
  for (const f of made.splice(0)) rmSync(f, { recursive: true, force: true })
})

const shell = (command: string) => spawnSync('sh', ['-c', command])

const bytes = (...b: number[]) => Uint8Array.from(b)

describe.each([
  ['folder', () => new FolderStore(join(folder(), 'new', 'set'))],
  ['memory', () => new MemoryStore()],
] as const)('%s keeps the contract of stores', (_name, make) => {
  test('put, get, ranges, head, list, delete, rename, append', async () => {
    const store: BlobStore = make()
    expect(await store.list('')).toEqual([])
    await store.put('a/b/c.bin', bytes(1, 2, 3, 4))
    await store.put('a/b.bin', bytes(9))
    await store.put('a/b.bin', bytes(8, 8))
    expect(await store.get('a/b/c.bin')).toEqual(bytes(1, 2, 3, 4))
    expect(await store.get('a/b/c.bin', { offset: 1, length: 2 })).toEqual(bytes(2, 3))
    expect(await store.get('a/b/c.bin', { offset: 3, length: 9 })).toEqual(bytes(4))
    expect(await store.head('a/b.bin')).toEqual({ path: 'a/b.bin', bytes: 2 })
    expect(await store.head('a/b')).toBeUndefined()
    await expect(store.get('a/x')).rejects.toThrow(MissingBlob)
    expect((await store.list('a/b')).map(f => f.path)).toEqual(['a/b.bin', 'a/b/c.bin'])
    expect((await store.list('a/b/')).map(f => f.path)).toEqual(['a/b/c.bin'])
    await store.renameFolder!('a/b', 'a/d')
    await store.put('e/f', bytes(1))
    await expect(store.renameFolder!('e', 'a/d')).rejects.toThrow(/already/)
    expect((await store.list('')).map(f => f.path)).toEqual(['a/b.bin', 'a/d/c.bin', 'e/f'])
    await store.delete('a/d/c.bin')
    await store.delete('a/d/c.bin')
    await store.append!('log', bytes(1))
    await store.append!('log', bytes(2))
    expect(await store.get('log')).toEqual(bytes(1, 2))
    for (const path of ['../x', '/x', 'a//b', '', 'a/./b', 'a\\b']) await expect(store.put(path, bytes(1))).rejects.toThrow(/not a path/)
  })
})

test('leftovers of interrupted puts do not show and are swept; empty folders go', async () => {
  const root = folder()
  const store = new FolderStore(root)
  await store.put('x/y/z', bytes(1))
  writeFileSync(join(root, 'x', 'y', '.~left'), 'half')
  expect((await store.list('')).map(f => f.path)).toEqual(['x/y/z'])
  await store.sweep()
  expect(readdirSync(join(root, 'x', 'y'))).toEqual(['z'])
  await store.delete('x/y/z')
  expect(readdirSync(root)).toEqual([])
})

test('puts side by side', async () => {
  const store = new FolderStore(folder())
  await Promise.all(Array.from({ length: 200 }, (_, i) => store.put(`f${i % 7}/g/${i}`, bytes(i))))
  expect(await store.list('')).toHaveLength(200)
})

test('a file where a folder should be, and a full disk, are said clearly and leave nothing', async context => {
  const root = folder()
  writeFileSync(join(root, 'samples'), 'a file')
  await expect(new FolderStore(root).put('samples/000000/x', bytes(1))).rejects.toThrow(/a file stands where a folder should be/)
  await expect(new FolderStore(join(root, 'samples')).put('x', bytes(1))).rejects.toThrow(/a file stands where a folder should be/)
  if (existsSync('/proc/self'))
    await expect(new FolderStore('/proc/nothing/here').put('x', bytes(1))).rejects.toThrow(/Cannot write \/proc\/nothing/)
  const small = join(root, 'small')
  mkdirSync(small)
  const mount = shell(`mount -t tmpfs -o size=64k tmpfs '${small}'`)
  if (mount.status !== 0) return context.skip('mounting a small disk needs root')
  try {
    const store = new FolderStore(small)
    await store.put('a', new Uint8Array(1000))
    await expect(store.put('b', new Uint8Array(200_000))).rejects.toThrow(
      /the disk is full. Free some space, then run the same command with --resume/,
    )
    expect(readdirSync(small)).toEqual(['a'])
  } finally {
    shell(`umount '${small}'`)
  }
})
