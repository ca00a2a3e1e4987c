/** Means of what a step reports, until they are logged. */
export type MeterState = {
  readonly sums: Readonly<Record<string, number>>
  readonly counts: Readonly<Record<string, number>>
  readonly last: Readonly<Record<string, number>>
}

export class Meter {
  private sums: Record<string, number> = {}
  private counts: Record<string, number> = {}
  private last: Record<string, number> = {}

  /** Numbers whose mean is wanted, and numbers of which the last counts. */
  add(values: Readonly<Record<string, number>>, last: Readonly<Record<string, number>> = {}): void {
    for (const [name, x] of Object.entries(values)) {
      this.sums[name] = (this.sums[name] ?? 0) + x
      this.counts[name] = (this.counts[name] ?? 0) + 1
    }
    Object.assign(this.last, last)
  }

  /** The means, and the last numbers; begins anew. */
  take(): Record<string, number> {
    const means = Object.fromEntries(Object.entries(this.sums).map(([name, s]) => [name, s / this.counts[name]!]))
    const out = { ...means, ...this.last }
    this.sums = {}
    this.counts = {}
    this.last = {}
    return out
  }

  get empty(): boolean {
    return Object.keys(this.counts).length === 0
  }

  state(): MeterState {
    return { sums: { ...this.sums }, counts: { ...this.counts }, last: { ...this.last } }
  }

  restore({ sums, counts, last }: MeterState): void {
    this.sums = { ...sums }
    this.counts = { ...counts }
    this.last = { ...last }
  }
}
