/** Turned boxes, balls and two-piece hulls falling on each other: many contacts of every kind. */
import { Key, type ResolvedScene } from '@dioramic/scene'
import { boxPoints, floor, testScene } from './scene.ts'

export function pile(count: number, frames = 18): ResolvedScene {
  const key = Key.fromSeed(11)
  return testScene(
    {
      frames,
      fps: 12,
      objects: [
        floor(),
        ...key.times(count).map((k, i) => ({
          id: i + 2,
          name: `thing-${i}`,
          geometry: ['cube', 'sphere', 'ell', 'cylinder'][i % 4]!,
          scale: [0.1, 0.1, 0.1] as [number, number, number],
          position: [k.fork('x').uniform(-0.1, 0.1), k.fork('y').uniform(-0.1, 0.1), 0.1 + 0.12 * i] as [number, number, number],
          rotation: [...k.fork('r').rotation()] as [number, number, number, number],
          body: { type: 'dynamic' as const, angularVelocity: [1, 2, i] as [number, number, number] },
        })),
      ],
    },
    { ell: { geometry: { type: 'asset', asset: 'ell' }, hulls: [boxPoints(0.5, 0.2, 0.2), boxPoints(0.2, 0.2, 0.5, [0.3, 0, 0.3])] } },
  )
}
