import { CheckpointError } from './error.ts'

/** What a pickle of plain data becomes: dict → Map, list and tuple → array, set → Set, int → number (bigint beyond 2⁵³), bytes → Uint8Array. */
export type PickleValue = unknown

/** The only classes and functions that a pickle may name, and what calling them gives. */
export interface PickleWorld {
  /** The callable of a name such as "collections OrderedDict"; undefined refuses it. */
  global(module: string, name: string): ((args: readonly PickleValue[]) => PickleValue) | object | undefined
  /** The object of a persistent id. */
  persistent(id: PickleValue): PickleValue
}

/** Marks the stack where a group begins. */
const MARK = Symbol('mark')
const LIMIT = 10_000_000

/**
 * Runs a pickle (protocols 2 to 5; the opcodes of CPython's `pickletools`) without ever running code: names are looked up in `world` alone.
 * Throws CheckpointError for names that it does not allow, opcodes that state dicts do not have, and bytes that are cut short or corrupt.
 */
export function unpickle(bytes: Uint8Array<ArrayBuffer>, world: PickleWorld, what: string): PickleValue {
  return new Machine(bytes, world, what).run()
}

class Machine {
  private readonly bytes: Uint8Array<ArrayBuffer>
  private readonly view: DataView
  private readonly world: PickleWorld
  private readonly what: string
  private readonly stack: PickleValue[] = []
  private readonly memo = new Map<number, PickleValue>()
  private at = 0

  constructor(bytes: Uint8Array<ArrayBuffer>, world: PickleWorld, what: string) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.world = world
    this.what = what
  }

  run(): PickleValue {
    for (;;) {
      const op = this.bytes[this.take(1)]!
      if (op === 0x2e) return this.pop()
      const run = OPS.get(op)
      if (!run) return this.fail(`it has the opcode 0x${op.toString(16)}, which state dicts do not have`)
      run(this)
      if (this.stack.length > LIMIT) this.fail('it fills the stack')
    }
  }

  fail(problem: string): never {
    throw new CheckpointError(
      `${this.what}: the pickle cannot be read near byte ${this.at}: ${problem}. Save a plain state_dict with torch.save.`,
    )
  }

  take(n: number): number {
    if (!(n >= 0 && n <= this.bytes.length - this.at)) this.fail('it is cut short')
    const from = this.at
    this.at += n
    return from
  }
  u8(): number {
    return this.bytes[this.take(1)]!
  }
  u16(): number {
    return this.view.getUint16(this.take(2), true)
  }
  u32(): number {
    return this.view.getUint32(this.take(4), true)
  }
  i32(): number {
    return this.view.getInt32(this.take(4), true)
  }
  u64(): number {
    return Number(this.view.getBigUint64(this.take(8), true))
  }
  f64(): number {
    return this.view.getFloat64(this.take(8), false)
  }
  text(n: number): string {
    const from = this.take(n)
    return new TextDecoder().decode(this.bytes.subarray(from, from + n))
  }
  raw(n: number): Uint8Array {
    const from = this.take(n)
    return this.bytes.slice(from, from + n)
  }
  line(): string {
    const end = this.bytes.indexOf(10, this.at)
    if (end < 0) this.fail('it is cut short')
    const s = this.text(end - this.at)
    this.at++
    return s
  }
  /** A little-endian two's complement integer of n bytes. */
  long(n: number): number | bigint {
    const from = this.take(n)
    if (n > 64) this.fail(`it has an integer of ${n} bytes`)
    let v = 0n
    for (let i = 0; i < n; i++) v |= BigInt(this.bytes[from + i]!) << BigInt(8 * i)
    v = BigInt.asIntN(8 * n, v)
    return Number.isSafeInteger(Number(v)) ? Number(v) : v
  }

  push(v: PickleValue): void {
    this.stack.push(v)
  }
  pop(): PickleValue {
    const v = this.stack.pop()
    if (v === undefined || v === MARK) this.fail('its stack runs empty')
    return v === NONE ? null : v
  }
  peek(): PickleValue {
    const v = this.stack.at(-1)
    if (v === undefined || v === MARK) this.fail('its stack runs empty')
    return v === NONE ? null : v
  }
  /** The values since the last mark. */
  group(): PickleValue[] {
    const from = this.stack.lastIndexOf(MARK)
    if (from < 0) this.fail('a group has no beginning')
    const values = this.stack.splice(from).slice(1)
    return values.map(v => (v === NONE ? null : v))
  }
  get(i: number): void {
    if (!this.memo.has(i)) this.fail(`it uses the value ${i} before it is there`)
    this.push(this.memo.get(i))
  }
  put(i: number): void {
    this.memo.set(i, this.stack.at(-1) === NONE ? NONE : this.peek())
  }
  memoize(): void {
    this.put(this.memo.size)
  }

  global(module: string, name: string): void {
    const found = this.world.global(module, name)
    if (!found)
      throw new CheckpointError(
        `${this.what}: it names ${module}.${name}, which is not among the classes of state dicts and is never run. Save \`model.state_dict()\`, not the model or other objects.`,
      )
    this.push(found)
  }
  reduce(): void {
    const args = this.pop()
    const f = this.pop()
    if (typeof f !== 'function' || !Array.isArray(args)) this.fail('it calls what is not a function')
    this.push(f(args) ?? NONE)
  }
  persistent(): void {
    this.push(this.world.persistent(this.pop()))
  }
  append(values: readonly PickleValue[]): void {
    const list = this.peek()
    if (!Array.isArray(list)) this.fail('it appends to what is not a list')
    for (const v of values) list.push(v)
  }
  setItems(values: readonly PickleValue[]): void {
    const map = this.peek()
    if (!(map instanceof Map) || values.length % 2 !== 0) this.fail('it sets items of what is not a dict')
    for (let i = 0; i < values.length; i += 2) map.set(values[i], values[i + 1])
  }
  addItems(values: readonly PickleValue[]): void {
    const set = this.peek()
    if (!(set instanceof Set)) this.fail('it adds to what is not a set')
    for (const v of values) set.add(v)
  }
  /** State dicts carry `_metadata` (versions of modules) as an attribute; it holds no values and is dropped. */
  build(): void {
    const state = this.pop()
    if (!(this.peek() instanceof Map && state instanceof Map)) this.fail('it gives attributes to what is not a dict')
  }
}

/** None stands on the stack as this, since an empty stack is undefined and JavaScript's null is a value too. */
const NONE = Symbol('none')

const OPS = new Map<number, (m: Machine) => void>([
  [0x80, m => void (m.u8() > 5 && m.fail('its protocol is newer than 5'))],
  [0x95, m => void m.u64()],
  [0x28, m => m.push(MARK)],
  [0x30, m => void m.pop()],
  [0x31, m => void m.group()],
  [0x4e, m => m.push(NONE)],
  [0x88, m => m.push(true)],
  [0x89, m => m.push(false)],
  [0x4a, m => m.push(m.i32())],
  [0x4b, m => m.push(m.u8())],
  [0x4d, m => m.push(m.u16())],
  [0x8a, m => m.push(m.long(m.u8()))],
  [0x8b, m => m.push(m.long(m.i32()))],
  [0x47, m => m.push(m.f64())],
  [0x58, m => m.push(m.text(m.u32()))],
  [0x8c, m => m.push(m.text(m.u8()))],
  [0x8d, m => m.push(m.text(m.u64()))],
  [0x54, m => m.push(m.text(m.u32()))],
  [0x55, m => m.push(m.text(m.u8()))],
  [0x42, m => m.push(m.raw(m.u32()))],
  [0x43, m => m.push(m.raw(m.u8()))],
  [0x8e, m => m.push(m.raw(m.u64()))],
  [0x5d, m => m.push([])],
  [0x29, m => m.push([])],
  [0x7d, m => m.push(new Map())],
  [0x8f, m => m.push(new Set())],
  [0x91, m => m.push(new Set(m.group()))],
  [0x6c, m => m.push(m.group())],
  [0x74, m => m.push(m.group())],
  [0x64, m => dict(m)],
  [0x85, m => tuple(m, 1)],
  [0x86, m => tuple(m, 2)],
  [0x87, m => tuple(m, 3)],
  [0x61, m => one(m)],
  [0x65, m => many(m, g => m.append(g))],
  [0x73, m => pair(m)],
  [0x75, m => many(m, g => m.setItems(g))],
  [0x90, m => many(m, g => m.addItems(g))],
  [0x71, m => m.put(m.u8())],
  [0x72, m => m.put(m.u32())],
  [0x94, m => m.memoize()],
  [0x68, m => m.get(m.u8())],
  [0x6a, m => m.get(m.u32())],
  [0x63, m => m.global(m.line(), m.line())],
  [0x93, m => stackGlobal(m)],
  [0x52, m => m.reduce()],
  [0x51, m => m.persistent()],
  [0x62, m => m.build()],
])

function tuple(m: Machine, n: number): void {
  const values: PickleValue[] = []
  for (let i = 0; i < n; i++) values.unshift(m.pop())
  m.push(values)
}
function dict(m: Machine): void {
  const values = m.group()
  m.push(new Map())
  m.setItems(values)
}
function one(m: Machine): void {
  const v = m.pop()
  m.append([v])
}
function pair(m: Machine): void {
  const v = m.pop()
  const k = m.pop()
  m.setItems([k, v])
}
function many(m: Machine, use: (values: PickleValue[]) => void): void {
  use(m.group())
}
function stackGlobal(m: Machine): void {
  const name = m.pop()
  const module = m.pop()
  if (typeof name === 'string' && typeof module === 'string') m.global(module, name)
  else m.fail('it names a class by what is not text')
}
