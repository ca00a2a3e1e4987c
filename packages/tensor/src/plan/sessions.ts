/** Open sessions of an engine. Equal models share one. */
import { encodeModel, type ModelProto } from '../onnx/proto/index.ts'
import type { Engine, Session } from './engine.ts'

interface Open {
  readonly bytes: Uint8Array
  readonly session: Promise<Session>
  uses: number
}

/** All sessions of a runtime. */
export class Sessions {
  readonly engine: Engine
  private readonly open = new Map<string, Open[]>()

  constructor(engine: Engine) {
    this.engine = engine
  }

  acquire(model: ModelProto): { readonly session: Promise<Session>; readonly fresh: boolean; release(): Promise<void> } {
    const bytes = encodeModel(model)
    const key = fingerprint(bytes)
    let list = this.open.get(key)
    if (!list) this.open.set(key, (list = []))
    let entry = list.find(o => equal(o.bytes, bytes))
    const fresh = entry === undefined
    if (!entry) {
      entry = { bytes, session: this.engine.open(model, bytes), uses: 0 }
      list.push(entry)
    }
    entry.uses++
    const mine = entry
    return {
      session: mine.session,
      fresh,
      release: async () => {
        if (--mine.uses > 0) return
        const l = this.open.get(key)!
        l.splice(l.indexOf(mine), 1)
        if (l.length === 0) this.open.delete(key)
        await mine.session.then(
          s => s.dispose(),
          () => {},
        )
      },
    }
  }
}

/** The sessions of one executable. */
export class SessionPool {
  opened = 0
  nodes = 0
  private readonly all: Sessions
  private readonly held: { release(): Promise<void> }[] = []

  constructor(all: Sessions) {
    this.all = all
  }

  async open(model: ModelProto, nodes: number): Promise<Session> {
    const held = this.all.acquire(model)
    this.held.push(held)
    if (held.fresh) {
      this.opened++
      this.nodes += nodes
    }
    return held.session
  }

  async release(): Promise<void> {
    await Promise.all(this.held.splice(0).map(h => h.release()))
  }
}

/** FNV-1a over the bytes, and their number. */
function fingerprint(bytes: Uint8Array): string {
  let h = 0x811c9dc5
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193)
  return `${bytes.length}:${h >>> 0}`
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((x, i) => x === b[i])
