/** Embeddings by the names of Gorishniy et al. (2022, "On Embeddings for Numerical Features in Tabular Deep Learning"), letters read from left to right. */
import { constant, expandDims, gather, i64, nn, reshape, type Tensor, transpose } from '@dioramic/tensor'
import type { Edges } from './bins.ts'
import { binTables } from './encoding.ts'
import { EmbeddingError } from './error.ts'
import { autoDis, linearOf, perFeature, periodic, piecewise, rectify, shared, sumOf } from './stages.ts'

/** What an embedding is made with; what its name does not ask for is not looked at. */
export interface EmbeddingOptions {
  /** Of each feature; for Q and T. */
  readonly bins?: readonly Edges[]
  /** Size of a feature's vector, where a linear layer makes it. Default 24. */
  readonly d?: number
  /** Of Q-L, Q-LR, T-L and T-LR: `A` is the paper's linear layer on the encoding, `B` adds it, without bias and from zero, to a linear embedding (rtdl_num_embeddings, from TabM). Default A. */
  readonly version?: 'A' | 'B'
  /** Of P: frequencies of a feature. Default 48. */
  readonly frequencies?: number
  /** Of P: the deviation of the first frequencies, which decides much; too small does little harm. Default 0.01. */
  readonly sigma?: number
  /** Of AutoDis: its learnt vectors, default 16, and its softmax's temperature, default 1. */
  readonly meta?: number
  readonly temperature?: number
}

export interface Embedding {
  readonly name: string
  readonly features: number
  /** Numbers [batch, features] → vectors [batch, features, d]; without `d` the components side by side, [batch, width]. */
  readonly layer: nn.Layer
  readonly width: number
  readonly d?: number
}

/** What a name says: where it starts, and the layers after that. */
interface Recipe {
  readonly start: 'numbers' | 'Q' | 'T' | 'P' | 'AutoDis'
  readonly layers: string
  readonly lite: boolean
}

const NAMES = 'none, L, LR, LRLR, Q, Q-L, Q-LR, Q-LRLR, T, T-L, T-LR, T-LRLR, P, PL, PLR, PLR(lite), PLRLR, AutoDis'

/** Reads a name. LReLU is LR, by its name in rtdl_num_embeddings. @throws EmbeddingError naming those there are */
export function recipeOf(name: string): Recipe {
  if (name === 'AutoDis') return { start: 'AutoDis', layers: '', lite: false }
  if (name === 'LReLU') return recipeOf('LR')
  if (name === 'none' || name === '') return { start: 'numbers', layers: '', lite: false }
  const m = /^(?:([QT])(?:-(?=L)|$)|(P))?((?:LR)*L?)(\(lite\))?$/.exec(name)
  const start = (m?.[1] ?? m?.[2] ?? 'numbers') as Recipe['start']
  if (!m || (m[4] && !(start === 'P' && m[3] === 'LR'))) throw new EmbeddingError(`there is no embedding "${name}"; there are: ${NAMES}`)
  return { start, layers: m[3]!, lite: m[4] !== undefined }
}

/** Whether an embedding needs bins, and which. */
export const binsOf = (name: string): 'Q' | 'T' | undefined => {
  const { start } = recipeOf(name)
  return start === 'Q' || start === 'T' ? start : undefined
}

/** Makes an embedding of so many features by its name. @throws EmbeddingError for a name that is none, or bins that are missing or do not fit */
export function embedding(name: string, features: number, o: EmbeddingOptions = {}): Embedding {
  const { start, layers, lite } = recipeOf(name)
  const { d = 24, frequencies = 48, sigma = 0.01, meta = 16, temperature = 1, version = 'A' } = o
  if (start === 'numbers' && layers === '') return { name, features, layer: nn.fn(x => x), width: features }
  if (start === 'AutoDis') return vectors(name, features, [autoDis(features, meta, d, temperature)], d)
  const steps: nn.Layer[] = []
  let size = 1
  if (start === 'P') {
    steps.push(periodic(features, frequencies, sigma))
    size = 2 * frequencies
  } else if (start !== 'numbers') {
    const bins = fitting(name, features, o.bins)
    if (layers === '') return encoded(name, bins)
    steps.push(piecewise(bins))
    size = Math.max(...bins.map(e => e.length - 1))
  }
  if (version === 'B' && (start === 'Q' || start === 'T') && layers.length <= 2) {
    const steep = nn.sequence(...steps, perFeature(features, size, d, { bias: false, bound: 0 }), ...(layers === 'LR' ? [rectify] : []))
    return vectors(name, features, [sumOf(linearOf(features, d), steep)], d)
  }
  for (const letter of layers) {
    if (letter === 'R') steps.push(rectify)
    else {
      steps.push(size === 1 ? linearOf(features, d) : lite ? shared(size, d) : perFeature(features, size, d))
      size = d
    }
  }
  return vectors(name, features, steps, size)
}

function fitting(name: string, features: number, bins: readonly Edges[] | undefined): readonly Edges[] {
  if (!bins) throw new EmbeddingError(`the embedding ${name} needs bins: quantileBins(columns) or treeBins(columns, target)`)
  if (bins.length !== features) throw new EmbeddingError(`bins of ${bins.length} features for ${features}`)
  return bins
}

/** Steps over [features, batch, size] as a layer from [batch, features] to [batch, features, d]. */
function vectors(name: string, features: number, steps: readonly nn.Layer[], d: number): Embedding {
  const first = nn.fn(x => expandDims(transpose(needs(x, features), [1, 0]), 2))
  const last = nn.fn(x => transpose(x, [1, 0, 2]))
  return { name, features, layer: nn.sequence(first, ...steps, last), width: features * d, d }
}

/** The encoding alone, without the places that hold nothing. */
function encoded(name: string, bins: readonly Edges[]): Embedding {
  const { features, most, used } = binTables(bins)
  const all = piecewise(bins)
  const layer = nn.fn(x => {
    const [batch] = x.shape as [number, number]
    const rows = all.apply({}, {}, expandDims(transpose(needs(x, features), [1, 0]), 2))[0]
    const flat = reshape(transpose(rows, [1, 0, 2]), [batch, features * most])
    return used.length === features * most ? flat : gather(flat, constant(i64([...used])), 1)
  })
  return { name, features, layer, width: used.length }
}

function needs(x: Tensor, features: number): Tensor {
  if (x.rank !== 2 || x.shape[1] !== features)
    throw new EmbeddingError(`an embedding of ${features} features takes [batch, ${features}], not [${x.shape.join(', ')}]`)
  return x
}
