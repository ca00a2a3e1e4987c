/** The renderer's contract with labels and generation. The kernel behind it is WebAssembly; nothing here touches `node:`. */

import type { Motion } from '@dioramic/physics'
import type { ResolvedScene } from '@dioramic/scene'

/** Rays by the thousand, structure of arrays, world frame. */
export interface Rays {
  readonly count: number
  /** x, y, z of every origin. */
  readonly origins: Float64Array
  /** x, y, z of every direction; need not be unit. */
  readonly directions: Float64Array
  /** Hits are reported for parameters in (tMin, tMax), in units of the direction's length. */
  readonly tMin: Float64Array | number
  readonly tMax: Float64Array | number
}

/**
 * First label surface on each ray (opacity ≥ 0.5; DESIGN 3), re-intersected in f64 by the host so that `t`, `u`, `v` are exact for the
 * triangle and pose named. The hit point is (1 − u − v)·p0 + u·p1 + v·p2 of the triangle.
 */
export interface Hits {
  /** Index into `scene.objects`; −1 is a miss. */
  readonly instance: Int32Array
  /** Triangle of that object's mesh. */
  readonly primitive: Uint32Array
  readonly t: Float64Array
  readonly u: Float64Array
  readonly v: Float64Array
}

/** Exact ray casts against the scene frozen at one time. */
export interface RayQuery {
  readonly time: number
  closest(rays: Rays): Hits
  /** 1 where something with opacity ≥ 0.5 is hit within (tMin, tMax). */
  occluded(rays: Rays): Uint8Array
}

export interface RadianceRequest {
  /** Index into `scene.cameras`. */
  readonly camera: number
  readonly frame: number
  /** Samples a pixel. */
  readonly spp: number
  /** Two u32 words that seed the sample sequence: fork a clip's key by camera and frame. */
  readonly seed: readonly [number, number]
  /** Longest path, in bounces; 12 by default. */
  readonly maxBounces?: number
  /**
   * Density of scattering (1/sr), as Cycles' "filter glossy": once a path has scattered with a density p below it, all that it meets is at least as rough as α = ½ √(1 − p / filterGlossy). Light that mirrors and glass throw
   * on other things, which few paths find, is blurred instead of noisy; what the camera sees in mirrors stays sharp. 0 by default: nothing is changed.
   */
  readonly filterGlossy?: number
  /** Rows [from, to) only; all by default. The pixels do not depend on where rows are cut. */
  readonly rows?: readonly [number, number]
  /** Whether the frame has `split`; `color` and the rest stay the same bytes. */
  readonly split?: boolean
}

/**
 * The light of a frame in parts, fog counting as a surface whose scattered light is diffuse, linear RGB, 3 floats a pixel, row-major. emission + diffuse + specular = color, and emission + direct + indirect = color,
 * to the rounding of f32 sums. Every part counts light once it is limited as `color` limits it.
 */
export interface LightSplit {
  /** What no surface scattered: the glow of the first surface, visible lamps and the background. */
  readonly emission: Float32Array
  /** What the Lambertian base of the first surface sent to the camera. */
  readonly diffuse: Float32Array
  /** What its coat, metal and glass sent: mirrored and refracted light. */
  readonly specular: Float32Array
  /** What exactly one surface scattered between its source and the camera. Glowing surfaces are sources as lamps are. */
  readonly direct: Float32Array
  /** What two or more surfaces scattered. A pane of glass is a surface. */
  readonly indirect: Float32Array
  /**
   * 1 float a pixel, 0–1: share of the irradiance (luminance) that lamps, suns and the environment would bring to the first surface by themselves, on the
   * side that is seen, that something hides (glass, too; not fog). The material does not matter, and glowing surfaces do not count. 0 where no light could come, and where no surface is.
   */
  readonly shadow: Float32Array
}

/** One frame of linear light and the guides the denoiser reads; all row-major, row 0 at the top. */
export interface RadianceFrame {
  readonly width: number
  readonly height: number
  readonly spp: number
  /** Linear RGB, 3 floats a pixel. */
  readonly color: Float32Array
  /** The mean of the odd samples alone: two half buffers estimate the noise. */
  readonly half: Float32Array
  /** Mean over the samples of (red + green + blue)²: whether a bright pixel is made of many samples or of few. */
  readonly square: Float32Array
  /** Anti-aliased feature means: albedo (3), world normal (3), depth (1). Guides, never labels. */
  readonly albedo: Float32Array
  readonly normal: Float32Array
  readonly depth: Float32Array
  /** Share of camera rays that hit anything. */
  readonly coverage: Float32Array
  /** When it was asked for. */
  readonly split?: LightSplit
  /** Rays traced, for statistics: closest-hit and shadow. */
  readonly rays: { readonly closest: number; readonly shadow: number }
}

/** A frame's light, denoised or not. */
export type Light = Pick<RadianceFrame, 'color' | 'split'>

/** A scene in the kernel's memory. */
export interface LoadedScene {
  readonly resolved: ResolvedScene
  radiance(request: RadianceRequest): RadianceFrame
  /**
   * Deterministic feature-guided denoising of one finished frame, with the help of those `beside` it (just before and after, through the same camera, of the same settings). The split, where the frame has one, goes through the filter that the colour's own weights
   * make, which is linear: what summed up before does so after. `shadow` stays as it is.
   */
  denoise(frame: RadianceFrame, beside?: readonly RadianceFrame[]): Light
  /** Builds (or reuses) the top-level BVH at `t` seconds. A query is valid until the scene is unloaded. */
  rays(t: number): RayQuery
}

/** One kernel with its own memory; one a thread. */
export interface Renderer {
  /** Replaces whatever was loaded. Throws `RenderError` (too large for 32-bit memory, degenerate geometry) with what, where and what to do. */
  load(scene: ResolvedScene, motion: Motion): LoadedScene
  /** Bytes the kernel's memory holds now. */
  memoryBytes(): number
  dispose(): void
}

/** Compile once (`WebAssembly.Module` can be posted to workers), instantiate a thread. */
export type CreateRenderer = (kernel: WebAssembly.Module) => Promise<Renderer>
