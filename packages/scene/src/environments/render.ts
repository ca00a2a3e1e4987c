/** Environment pictures: linear RGB radiance from every direction. */
import type { Assets } from '../assets.ts'
import type { HdrImage } from '../mesh.ts'
import type { EnvironmentSource } from '../schema/light.ts'
import { suggest } from '../suggest.ts'
import { EnvironmentError } from './error.ts'
import { renderSky } from './sky.ts'
import { renderStudio } from './studio.ts'

/**
 * The lat-long picture of an environment source (orientation: `directionToUv`), linear RGB radiance, finite and ≥ 0 everywhere.
 * Throws `EnvironmentError` when an HDR picture is not among the assets.
 */
export function renderEnvironment(source: EnvironmentSource, assets: Assets): HdrImage {
  switch (source.type) {
    case 'constant':
      return constant(source.color)
    case 'hdri': {
      const picture = assets.hdris.get(source.asset)
      if (!picture)
        throw new EnvironmentError(`there is no HDR environment "${source.asset}"; ${suggest(source.asset, assets.hdris.keys())}`)
      return picture
    }
    case 'sky':
      return renderSky(source)
    case 'studio':
      return renderStudio(source)
  }
}

/** One colour in all directions; a few texels are enough. */
function constant(color: readonly [number, number, number]): HdrImage {
  const width = 8
  const height = 4
  const data = new Float32Array(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = color[i % 3]!
  return { width, height, data }
}
