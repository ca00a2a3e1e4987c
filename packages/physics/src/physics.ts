/** The package's door: the engine, loaded once. */
import type { ResolvedScene } from '@dioramic/scene'
import { type LiveMotion, live } from './live.ts'
import { PlacementSpace } from './placement.ts'
import { loadRapier } from './rapier.ts'
import { type Settled, type SettleOptions, settle } from './settle.ts'
import { type SimulatedMotion, type SimulateOptions, simulate } from './simulate.ts'

export interface Physics {
  /**
   * Runs the scene from −1/fps to frames/fps in steps of 1/stepRate seconds and records every step's pose; between steps poses are
   * interpolated. A pure function of its arguments, the same bytes on every machine.
   *
   * Away from contacts the path is exact: a parabola, and constant angular momentum. A bounce begins within the step it happens in.
   *
   * @throws PhysicsError for a scene that cannot be simulated: what, which object, what to do.
   */
  simulate(resolved: ResolvedScene, options?: SimulateOptions): SimulatedMotion
  /** Drops the dynamic objects from where they are, without velocity, until all is at rest. Write the poses into the scene. */
  settle(resolved: ResolvedScene, options?: SettleOptions): Settled
  /** The scene at time 0 as a simulation that is moved on by hand, for what acts in it: kinematic bodies go where they are told. `free()` it. */
  live(resolved: ResolvedScene): LiveMotion
  /** An empty space for overlap queries while a world is built; `free()` it. */
  placement(): PlacementSpace
}

/** Loads the engine (WASM, inlined; some 30 ms, once a process) and returns its functions. Node and browsers. */
export async function initPhysics(): Promise<Physics> {
  const R = await loadRapier()
  return {
    simulate: (resolved, options) => simulate(R, resolved, options),
    settle: (resolved, options) => settle(R, resolved, options),
    live: resolved => live(R, resolved),
    placement: () => new PlacementSpace(R),
  }
}
