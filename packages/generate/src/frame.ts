/** One frame: light, labels, encoded files and the frame's record. Nothing here touches `node:`, so browsers make the same bytes. */
import { decodeJpeg, encodeJpeg } from '@dioramic/codec'
import { encodeLayer, type FrameRecord, type Layer, type LayerSpec, layerFile, viewFolder } from '@dioramic/data'
import { frameContext, LAYER_SPECS, type Label, labelFrame } from '@dioramic/label'
import { type Light, type LoadedScene, type RadianceFrame, sensed, toDisplay } from '@dioramic/render'
import { cameraAt } from '@dioramic/scene'
import type { Clip } from './clip.ts'
import { frameRecord } from './record.ts'
import type { Settings } from './settings.ts'

export interface FrameFile {
  /** Layer name, for the folder. */
  readonly layer: string
  /** Path from the clip's folder. */
  readonly path: string
  /** Without a dot. */
  readonly extension: string
  readonly bytes: Uint8Array
}

export interface FrameResult {
  readonly frame: number
  readonly files: readonly FrameFile[]
  readonly record: FrameRecord
  readonly rays: { readonly closest: number; readonly shadow: number }
}

/** All layers of a data set with these labels, in order. */
export function layerSpecs(labels: readonly Label[]): LayerSpec[] {
  return [LAYER_SPECS.rgb, LAYER_SPECS['rgb-linear'], ...labels.flatMap(l => (l.kind === 'pixels' ? [l.spec] : []))]
}

/** Seed of a frame's light: the clip's key, split by camera and frame. */
export const radianceSeed = (clip: Clip, camera: number, frame: number): readonly [number, number] =>
  clip.key.fork('radiance').fork(camera).fork(frame).words

/** Linear radiance of a frame before denoising, one a camera, in parts where a label asks for them; `spp` as asked. */
export function frameRadiance(
  clip: Clip,
  loaded: LoadedScene,
  frame: number,
  labels: readonly Label[],
  spp = clip.settings.spp,
): RadianceFrame[] {
  const split = labels.some(l => l.kind === 'pixels' && l.light)
  const { maxBounces, filterGlossy = 0 } = clip.settings
  return clip.scene.cameras.map((_, camera) =>
    loaded.radiance({ camera, frame, spp, maxBounces, filterGlossy, split, seed: radianceSeed(clip, camera, frame) }),
  )
}

/** Light of a clip's frames before denoising, one a camera. */
export type LightOf = (frame: number) => readonly RadianceFrame[]

/** Whether frames are denoised with the help of those beside them. One sample a pixel is not denoised at all, and other denoisers than ours see one frame. */
export const readsBeside = ({ denoise, denoiser, spp }: Settings): boolean => denoise && !denoiser && spp > 1

/** The frames just before and after one, where its denoiser reads them. */
export const framesBeside = (frame: number, frames: number, settings: Settings): number[] =>
  readsBeside(settings) ? [frame - 1, frame + 1].filter(f => f >= 0 && f < frames) : []

/** Makes each frame's light when it is first asked for and keeps that of the last three: for frames that are finished in order. */
export function keptLight(clip: Clip, loaded: LoadedScene, labels: readonly Label[]): LightOf {
  const kept = new Map<number, readonly RadianceFrame[]>()
  return frame => {
    const known = kept.get(frame)
    if (known) return known
    for (const f of kept.keys()) if (f < frame - 2) kept.delete(f)
    const made = frameRadiance(clip, loaded, frame, labels)
    kept.set(frame, made)
    return made
  }
}

/** Linear RGB of a frame through a camera from another renderer; the scene's own size. */
export type Beauty = (clip: Clip, camera: number, frame: number) => Float32Array

/** The light of a frame denoised by another denoiser, in one piece. */
export type Denoiser = (frame: RadianceFrame) => Light

/** How `makeFrame` comes by its picture. */
export interface PictureSource {
  /** Makes the picture in the place of our renderer, which then makes labels alone. */
  readonly beauty?: Beauty | undefined
  /** Denoises in the place of our denoiser, where the settings ask for that at all. */
  readonly denoiser?: Denoiser | undefined
  /** Light that is there or is kept (`keptLight`); made for this frame alone without. */
  readonly lightOf?: LightOf
}

/**
 * Makes one frame of a clip with a renderer that holds the clip's scene.
 *
 * @returns encoded files, one a layer and camera, and the record that `assembleSample` joins
 */
export function makeFrame(
  clip: Clip,
  loaded: LoadedScene,
  frame: number,
  labels: readonly Label[],
  source: PictureSource = {},
): FrameResult {
  const { beauty, denoiser, lightOf = f => frameRadiance(clip, loaded, f, labels) } = source
  if (!beauty) return finishFrame(clip, loaded, frame, labels, lightOf, denoiser)
  const light = clip.scene.cameras.map((_, camera) => ({ color: beauty(clip, camera, frame) }))
  return withLight(clip, loaded, frame, labels, light, { closest: 0, shadow: 0 })
}

/** All of a frame after its light and that of the frames beside it: denoising, sensor, view transform, labels, encoding. */
export function finishFrame(
  clip: Clip,
  loaded: LoadedScene,
  frame: number,
  labels: readonly Label[],
  lightOf: LightOf,
  denoiser?: Denoiser,
): FrameResult {
  const radiance = lightOf(frame)
  const beside = framesBeside(frame, clip.scene.frames, clip.settings).map(lightOf)
  const denoised: (r: RadianceFrame, camera: number) => Light =
    denoiser ??
    ((r, camera) =>
      loaded.denoise(
        r,
        beside.map(b => b[camera]!),
      ))
  const light = clip.settings.denoise ? radiance.map(denoised) : radiance
  return withLight(clip, loaded, frame, labels, light, {
    closest: radiance.reduce((n, r) => n + r.rays.closest, 0),
    shadow: radiance.reduce((n, r) => n + r.rays.shadow, 0),
  })
}

function withLight(
  clip: Clip,
  loaded: LoadedScene,
  frame: number,
  labels: readonly Label[],
  light: readonly Light[],
  rays: FrameResult['rays'],
): FrameResult {
  const views = light.map((l, camera) => finishView(clip, loaded, frame, camera, labels, l))
  const record = frameRecord(
    clip,
    frame,
    views.map(v => v.told),
  )
  return { frame, files: views.flatMap(v => v.files), record, rays }
}

/** A frame through one camera. */
function finishView(
  clip: Clip,
  loaded: LoadedScene,
  frame: number,
  camera: number,
  labels: readonly Label[],
  { color: linear, split: light }: Light,
) {
  const [width, height] = clip.scene.cameras[camera]!.resolution
  const context = frameContext({
    resolved: clip.resolved,
    motion: clip.motion,
    rays: t => loaded.rays(t),
    camera,
    frame,
    light,
    key: clip.key.fork('labels'),
  })
  const told = labelFrame(context, labels)
  const display = displayPicture(clip, camera, frame, linear)
  const rgb: Layer = { name: 'rgb', dtype: 'u8', width, height, channels: 3, data: display }
  const rgbLinear: Layer = { name: 'rgb-linear', dtype: 'f32', width, height, channels: 3, data: linear }
  const byName = new Map([rgb, rgbLinear, ...told.layers].map(l => [l.name, l]))
  const folder = camera === 0 ? '' : viewFolder(clip.scene.cameras[camera]!.name)
  const files = layerSpecs(labels).map((spec): FrameFile => {
    const encoded = encodeLayer(spec, byName.get(spec.name)!)
    return { layer: spec.name, path: `${folder}${layerFile(spec.name, frame, encoded.extension)}`, ...encoded }
  })
  return { files, told }
}

/** Linear light as the camera's sensor delivers it, through the view: 8-bit RGB. */
function displayPicture({ scene, settings, key }: Clip, camera: number, frame: number, linear: Float32Array): Uint8Array {
  const { sensor } = scene.cameras[camera]!
  const state = cameraAt(scene.cameras[camera]!, frame / scene.fps)
  const { width, height } = state
  const light = sensor ? sensed(linear, state, sensor, key.fork('sensor').fork(camera).fork(frame)) : linear
  const display = toDisplay(light, width, height, settings.view, settings.exposure)
  return sensor?.jpeg === undefined ? display : throughJpeg({ width, height, data: display }, sensor.jpeg)
}

/** What is left of a picture that was kept as a JPEG. */
function throughJpeg(picture: { readonly width: number; readonly height: number; readonly data: Uint8Array }, quality: number): Uint8Array {
  const { data } = decodeJpeg(encodeJpeg(picture, quality))
  return Uint8Array.from(picture.data, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]!)
}

export type { ClipHead } from './record.ts'
