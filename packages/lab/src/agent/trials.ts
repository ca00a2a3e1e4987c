/** Held-out episodes in physical worlds. */
import type { Awaitable, World } from '@dioramic/learn/agent'
import type { Key } from '@dioramic/tensor'

/** A world whose episodes succeed or fail. */
interface Judging<O, A> extends World<O, A> {
  readonly succeeded: boolean
}

/** Episodes in which nothing is learned: how many succeeded, and the steps they took. */
export async function trials<O, A>(
  world: Judging<O, A>,
  act: (observation: O) => Awaitable<A>,
  episodes: number,
  key: Key,
): Promise<{ readonly good: number; readonly steps: number }> {
  let [good, steps] = [0, 0]
  for (let e = 0; e < episodes; e++) {
    let observation: O = await world.reset(key.fork(e))
    for (let over = false; !over; ) {
      const o = await world.step(await act(observation))
      observation = o.observation
      steps++
      over = o.terminal || o.truncated
    }
    if (world.succeeded) good++
  }
  return { good, steps }
}
