/** A text that is equal for equal attributes of an operator. Functions, graphs and large arrays are equal only to themselves. */
const SMALL = 1024
const names = new WeakMap<object, number>()
let next = 0

function identity(x: object): string {
  let n = names.get(x)
  if (n === undefined) names.set(x, (n = next++))
  return `#${n}`
}

export const attrsKey = (attrs: object): string =>
  JSON.stringify(attrs, (_, v: unknown) => {
    if (typeof v === 'number' && (!Number.isFinite(v) || Object.is(v, -0))) return `n${Object.is(v, -0) ? '-0' : v}`
    if (typeof v === 'function') return identity(v)
    if (typeof v !== 'object' || v === null) return v
    if (ArrayBuffer.isView(v))
      return (v as Uint8Array).length <= SMALL
        ? `${v.constructor.name}:${Array.from(v as Float32Array, x => (Object.is(x, -0) ? '-0' : `${x}`)).join()}`
        : identity(v)
    if ('inputs' in v && 'outputs' in v) return identity(v)
    return v
  })
