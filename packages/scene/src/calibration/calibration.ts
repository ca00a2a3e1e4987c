/**
 * Cameras from calibrations: OpenCV's FileStorage as its calibration samples write it (camera_matrix, distortion_coefficients; M1, D1, M2, D2, R, T of a
 * stereo pair, in one file or two) and ROS's camera_info (one file a camera; a pair by its rectification and projection matrices). Their first
 * pixel's centre is (0, 0), so half a pixel is added; their axes are +X right, +Y down, +Z forward.
 */
import { fromAxisAngle, fromBasis, normalize, type Quat, rotate, toMatrix3 } from '../maths/quat.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { cameraSchema } from '../schema/camera.ts'
import { type Fields, hasField, matrixField, optionalMatrix, sizeField, textField } from './fields.ts'
import { CalibrationError, readTree } from './tree.ts'

/** Intrinsics of a calibrated camera, as fields of the scene's camera. */
export interface CalibratedLens {
  readonly type: 'pinhole' | 'fisheye'
  readonly resolution: readonly [number, number]
  readonly focalLength: number
  readonly sensorWidth: number
  readonly pixelAspect: number
  readonly principalOffset: readonly [number, number]
  readonly distortion?: { readonly k: readonly number[]; readonly p: readonly number[]; readonly s: readonly number[] } | readonly number[]
}

/** One camera, or two with the pose of the second in the frame of the first (our axes). */
export interface Calibration {
  readonly lenses: readonly [CalibratedLens] | readonly [CalibratedLens, CalibratedLens]
  readonly secondFromFirst?: { readonly position: Vec3; readonly rotation: Quat }
}

/** Millimetres; a calibration knows pixels only, so this is a choice. */
const SENSOR_WIDTH = 32

const WIDTH = ['image_width', 'imageWidth', 'width']
const HEIGHT = ['image_height', 'imageHeight', 'height']
/** Names of matrix and coefficients of a single, first and second camera. */
const NAMES = {
  single: { k: ['camera_matrix', 'cameraMatrix', 'K', 'M'], d: ['distortion_coefficients', 'distCoeffs', 'dist_coeffs', 'D'] },
  first: { k: ['M1', 'K1', 'cameraMatrix1', 'camera_matrix_1'], d: ['D1', 'distCoeffs1', 'distortion_coefficients_1'] },
  second: { k: ['M2', 'K2', 'cameraMatrix2', 'camera_matrix_2'], d: ['D2', 'distCoeffs2', 'distortion_coefficients_2'] },
} as const

/**
 * Reads one calibration, or a pair from two files: OpenCV's intrinsics and extrinsics, or ROS's left and right. `size` is the picture's where
 * the file does not say. Throws `CalibrationError` naming file and field.
 */
export function readCalibration(
  files: readonly { readonly name: string; readonly text: string }[],
  size?: readonly [number, number],
): Calibration {
  const parsed = files.map(({ name, text }): Fields => ({ file: name, tree: readTree(text, name) }))
  const [first, second] = parsed
  if (!first || parsed.length > 2) throw new CalibrationError(`a calibration is one file or two, not ${parsed.length}`)
  const both = parsed.find(f => hasField(f, NAMES.first.k))
  if (both) {
    const poses = parsed.find(f => hasField(f, ['T']))
    if (!poses) throw new CalibrationError(`${both.file} has two cameras, but no R and T; give the file with the extrinsics too`)
    return {
      lenses: [lensOf(both, NAMES.first, size), lensOf(both, NAMES.second, size)],
      secondFromFirst: relative(matrixField(poses, ['R'], [9, 3]), matrixField(poses, ['T'], 3)),
    }
  }
  if (!second) return { lenses: [lensOf(first, NAMES.single, size)] }
  return { lenses: [lensOf(first, NAMES.single, size), lensOf(second, NAMES.single, size)], secondFromFirst: rectified(first, second) }
}

function lensOf(
  fields: Fields,
  names: { readonly k: readonly string[]; readonly d: readonly string[] },
  size?: readonly [number, number],
): CalibratedLens {
  const { file } = fields
  const k = matrixField(fields, names.k, 9)
  const [fx, skew, cx, , fy, cy] = k as [number, number, number, number, number, number]
  if (!(fx > 0 && fy > 0)) throw new CalibrationError(`${file}: ${names.k[0]} has the focal lengths ${fx}, ${fy}; both must be positive`)
  if (Math.abs(skew) > 1e-9 * fx) throw new CalibrationError(`${file}: ${names.k[0]} has a skew of ${skew}; only 0 is supported`)
  const width = sizeField(fields, WIDTH) ?? sizeOf(fields, 0) ?? size?.[0]
  const height = sizeField(fields, HEIGHT) ?? sizeOf(fields, 1) ?? size?.[1]
  if (width === undefined || height === undefined)
    throw new CalibrationError(
      `${file} has no ${width === undefined ? WIDTH[0] : HEIGHT[0]}; give the picture's size, as with --size 640x480`,
    )
  const { data, name } = optionalMatrix(fields, names.d) ?? { data: [], name: names.d[0]! }
  const lens: CalibratedLens = {
    resolution: [width, height],
    focalLength: (fx * SENSOR_WIDTH) / width,
    sensorWidth: SENSOR_WIDTH,
    pixelAspect: fx / fy,
    principalOffset: [(cx + 0.5) / width - 0.5, (cy + 0.5) / height - 0.5],
    ...distortionOf(fields, name, data),
  }
  const { error } = cameraSchema.safeParse({ position: [0, 0, 0], rotation: [0, 0, 0, 1], ...lens })
  if (error) throw new CalibrationError(`${file}: ${name}: ${error.issues[0]!.message}`)
  return lens
}

/** `image_size: [w, h]`, as some write it. */
const sizeOf = (fields: Fields, axis: 0 | 1): number | undefined =>
  optionalMatrix(fields, ['image_size', 'imageSize', 'resolution'])?.data[axis]

function distortionOf(fields: Fields, name: string, d: readonly number[]): Pick<CalibratedLens, 'type' | 'distortion'> {
  const { file } = fields
  const model = textField(fields, ['distortion_model', 'model'])?.toLowerCase()
  const fisheye = model === 'equidistant' || model === 'fisheye' || textField(fields, ['fisheye_model']) === '1'
  if (fisheye) {
    if (d.length !== 4) throw new CalibrationError(`${file}: ${name} has ${d.length} numbers; a fisheye has 4`)
    return { type: 'fisheye', distortion: d }
  }
  if (model !== undefined && !['plumb_bob', 'rational_polynomial', 'brown_conrady', 'radtan', 'none', ''].includes(model))
    throw new CalibrationError(`${file}: distortion_model ${model} is not known; known are plumb_bob, rational_polynomial and equidistant`)
  if (![0, 4, 5, 8, 12, 14].includes(d.length))
    throw new CalibrationError(`${file}: ${name} has ${d.length} numbers; OpenCV has 4, 5, 8, 12 or 14`)
  if (d.slice(12).some(x => x !== 0))
    throw new CalibrationError(`${file}: ${name} tilts the sensor (numbers 13 and 14), which is not supported`)
  if (d.every(x => x === 0)) return { type: 'pinhole' }
  const at = (i: number) => d[i] ?? 0
  return {
    type: 'pinhole',
    distortion: { k: [at(0), at(1), at(4), at(5), at(6), at(7)], p: [at(2), at(3)], s: [at(8), at(9), at(10), at(11)] },
  }
}

/** OpenCV's X₂ = R·X₁ + T as the pose of camera 2 in camera 1, our axes. */
function relative(r: readonly number[], t: readonly number[]): NonNullable<Calibration['secondFromFirst']> {
  const m = r.length === 9 ? r : rodrigues(r)
  // Second's axes in the first's frame are the rows of R; +Y and +Z are turned around on both sides.
  const row = (i: number, s: number): Vec3 => [s * m[3 * i]!, -s * m[3 * i + 1]!, -s * m[3 * i + 2]!]
  const rotation = normalize(fromBasis(row(0, 1), row(1, -1), row(2, -1)))
  const moved = rotate(rotation, [t[0]!, -t[1]!, -t[2]!])
  return { rotation, position: [-moved[0], -moved[1], -moved[2]] }
}

/** A rotation vector as a matrix. */
function rodrigues(v: readonly number[]): number[] {
  const angle = Math.sqrt(v[0]! * v[0]! + v[1]! * v[1]! + v[2]! * v[2]!)
  if (angle === 0) return [1, 0, 0, 0, 1, 0, 0, 0, 1]
  const q = fromAxisAngle(v as unknown as Vec3, angle)
  return [...toMatrix3(q)]
}

/** ROS: both cameras are turned to one rectified frame, and the second's projection holds −fx times the baseline. */
function rectified(first: Fields, second: Fields): NonNullable<Calibration['secondFromFirst']> {
  const turn = (f: Fields) => optionalMatrix(f, ['rectification_matrix', 'R'])?.data ?? [1, 0, 0, 0, 1, 0, 0, 0, 1]
  const p = matrixField(second, ['projection_matrix', 'P'], 12)
  const [r1, r2] = [turn(first), turn(second)]
  const baseline = [p[3]! / p[0]!, p[7]! / p[5]!, 0]
  if (baseline[0] === 0 && baseline[1] === 0)
    throw new CalibrationError(
      `${second.file}: projection_matrix has no baseline (its fourth number is 0), so it is no second camera of a pair; give the left file first`,
    )
  // X₂ = R₂ᵀ (R₁ X₁ + baseline).
  const product = Array.from({ length: 9 }, (_, i) =>
    [0, 1, 2].reduce((s, k) => s + r2[3 * k + Math.floor(i / 3)]! * r1[3 * k + (i % 3)]!, 0),
  )
  const shift = [0, 1, 2].map(i => [0, 1, 2].reduce((s, k) => s + r2[3 * k + i]! * baseline[k]!, 0))
  return relative(product, shift)
}
