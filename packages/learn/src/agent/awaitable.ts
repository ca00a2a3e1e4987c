import type { Awaitable } from './contracts.ts'

/** `f(x)`, at once where x is there already: parts that answer at once are not slowed down by those that do not. */
export const after = <T, U>(x: Awaitable<T>, f: (x: T) => Awaitable<U>): Awaitable<U> => (x instanceof Promise ? x.then(f) : f(x))
