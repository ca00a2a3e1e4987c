/** Every texture generator by its name. */
import type { Generator } from './generator.ts'
import { asphalt } from './generators/asphalt.ts'
import { brick } from './generators/brick.ts'
import { brushedMetal } from './generators/brushed-metal.ts'
import { canvas } from './generators/canvas.ts'
import { carbonFibre } from './generators/carbon-fibre.ts'
import { checker } from './generators/checker.ts'
import { cobblestone } from './generators/cobblestone.ts'
import { concrete } from './generators/concrete.ts'
import { cork } from './generators/cork.ts'
import { dots } from './generators/dots.ts'
import { fabric } from './generators/fabric.ts'
import { felt } from './generators/felt.ts'
import { gradient } from './generators/gradient.ts'
import { granite } from './generators/granite.ts'
import { grass } from './generators/grass.ts'
import { leather } from './generators/leather.ts'
import { marble } from './generators/marble.ts'
import { noise } from './generators/noise.ts'
import { paper } from './generators/paper.ts'
import { parquet } from './generators/parquet.ts'
import { planks } from './generators/planks.ts'
import { plaster } from './generators/plaster.ts'
import { ramp } from './generators/ramp.ts'
import { rust } from './generators/rust.ts'
import { sand } from './generators/sand.ts'
import { stripes } from './generators/stripes.ts'
import { terrazzo } from './generators/terrazzo.ts'
import { tiles } from './generators/tiles.ts'
import { voronoi } from './generators/voronoi.ts'
import { wood } from './generators/wood.ts'

const all: readonly Generator[] = [
  asphalt,
  brick,
  brushedMetal,
  canvas,
  carbonFibre,
  checker,
  cobblestone,
  concrete,
  cork,
  dots,
  fabric,
  felt,
  gradient,
  granite,
  grass,
  leather,
  marble,
  noise,
  paper,
  parquet,
  planks,
  plaster,
  ramp,
  rust,
  sand,
  stripes,
  terrazzo,
  tiles,
  voronoi,
  wood,
]

export const GENERATORS: ReadonlyMap<string, Generator> = new Map(all.map(g => [g.name, g]))
