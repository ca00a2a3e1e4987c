/** A queue of keys, the one of highest priority first; of equals the one that came first. */
export class PriorityQueue {
  /** A binary heap of [key, priority, order]. */
  readonly #heap: { readonly key: number; priority: number; readonly order: number }[] = []
  readonly #place = new Map<number, number>()
  #order = 0

  get size(): number {
    return this.#heap.length
  }

  /** Adds a key, or raises its priority. */
  push(key: number, priority: number): void {
    const at = this.#place.get(key)
    if (at === undefined) {
      this.#heap.push({ key, priority, order: this.#order++ })
      this.#place.set(key, this.#heap.length - 1)
      this.#up(this.#heap.length - 1)
    } else if (priority > this.#heap[at]!.priority) {
      this.#heap[at]!.priority = priority
      this.#up(at)
    }
  }

  pop(): number | undefined {
    const top = this.#heap[0]
    if (!top) return undefined
    const last = this.#heap.pop()!
    this.#place.delete(top.key)
    if (this.#heap.length > 0) {
      this.#heap[0] = last
      this.#place.set(last.key, 0)
      this.#down(0)
    }
    return top.key
  }

  #before(i: number, j: number): boolean {
    const [a, b] = [this.#heap[i]!, this.#heap[j]!]
    return a.priority > b.priority || (a.priority === b.priority && a.order < b.order)
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#heap[i]!, this.#heap[j]!]
    this.#heap[i] = b
    this.#heap[j] = a
    this.#place.set(b.key, i)
    this.#place.set(a.key, j)
  }

  #up(i: number): void {
    for (let k = i; k > 0; ) {
      const parent = (k - 1) >> 1
      if (!this.#before(k, parent)) return
      this.#swap(k, parent)
      k = parent
    }
  }

  #down(i: number): void {
    for (let k = i; ; ) {
      let best = k
      for (const child of [2 * k + 1, 2 * k + 2]) if (child < this.#heap.length && this.#before(child, best)) best = child
      if (best === k) return
      this.#swap(k, best)
      k = best
    }
  }
}
