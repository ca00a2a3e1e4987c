/** A pixel layer of one frame: what a label computes and a format stores. */
export type LayerDtype = 'u8' | 'u16' | 'f32'

export interface Layer {
  /** Name of the layer and of its folder: `depth`, `flow-forward`, … */
  readonly name: string
  readonly dtype: LayerDtype
  readonly width: number
  readonly height: number
  readonly channels: number
  /** Row-major, row 0 at the top, channels interleaved. */
  readonly data: Uint8Array | Uint16Array | Float32Array
}

/** How a layer is stored on disk; every reader finds this in dataset.json. */
export interface LayerSpec {
  readonly name: string
  readonly dtype: LayerDtype
  readonly channels: number
  /** `png`: u8 or u16, 1, 3 or 4 channels. `npz`: any dtype, one array named `data`. `exr`: half-float RGB. */
  readonly encoding: 'png' | 'npz' | 'exr'
  /** Physical value = stored · scale + offset. */
  readonly scale: number
  readonly offset: number
  readonly unit: string
  readonly definition: string
}
