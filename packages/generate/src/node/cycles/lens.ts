/**
 * Lenses that Blender has no projection for, as a camera shader in Open Shading Language (Blender 5.0: "Custom Camera"): fisheyes and distorted pinholes. The shader solves what our own
 * projections solve (scene/src/lenses), in single precision. Its frame: +X right, +Y up, +Z ahead.
 */
import { type Camera, cameraAt } from '@dioramic/scene'

/** Of literals of OSL. Both take the place in the picture, in focal lengths from the principal point (right, down), and give a direction. */
const FISHEYE = (k: readonly string[]): string => `
float radius(float a) { float s = a * a; return a * (1 + s * (${k[0]} + s * (${k[1]} + s * (${k[2]} + s * ${k[3]})))); }
float slope(float a) { float s = a * a; return 1 + s * (3 * ${k[0]} + s * (5 * ${k[1]} + s * (7 * ${k[2]} + s * 9 * ${k[3]}))); }
vector ahead(float x, float y) {
  float r = hypot(x, y);
  float a = min(r, M_PI);
  for (int i = 0; i < 20; i++) a = clamp(a - (radius(a) - r) / slope(a), 0, M_PI);
  float s = r > 0 ? sin(a) / r : 0;
  return vector(x * s, -y * s, cos(a));
}`

/** Newton's method from the undistorted place: within the picture the schema has made sure that the model is one-to-one. */
const BROWN_CONRADY = (k: readonly string[], p: readonly string[], s: readonly string[]): string => `
vector ahead(float u, float v) {
  float x = u;
  float y = v;
  for (int i = 0; i < 20; i++) {
    float q = x * x + y * y;
    float over = 1 + q * (${k[0]} + q * (${k[1]} + q * ${k[2]}));
    float under = 1 + q * (${k[3]} + q * (${k[4]} + q * ${k[5]}));
    float f = over / under;
    float g = 2 * ((${k[0]} + q * (2 * ${k[1]} + q * 3 * ${k[2]})) * under - over * (${k[3]} + q * (2 * ${k[4]} + q * 3 * ${k[5]}))) / (under * under);
    float eu = x * f + 2 * ${p[0]} * x * y + ${p[1]} * (q + 2 * x * x) + q * (${s[0]} + q * ${s[1]}) - u;
    float ev = y * f + ${p[0]} * (q + 2 * y * y) + 2 * ${p[1]} * x * y + q * (${s[2]} + q * ${s[3]}) - v;
    float xx = f + g * x * x + 2 * ${p[0]} * y + 6 * ${p[1]} * x + 2 * x * (${s[0]} + 2 * ${s[1]} * q);
    float xy = g * x * y + 2 * ${p[0]} * x + 2 * ${p[1]} * y + 2 * y * (${s[0]} + 2 * ${s[1]} * q);
    float yx = g * x * y + 2 * ${p[0]} * x + 2 * ${p[1]} * y + 2 * x * (${s[2]} + 2 * ${s[3]} * q);
    float yy = f + g * y * y + 6 * ${p[0]} * y + 2 * ${p[1]} * x + 2 * y * (${s[2]} + 2 * ${s[3]} * q);
    float det = xx * yy - xy * yx;
    x -= (yy * eu - xy * ev) / det;
    y -= (xx * ev - yx * eu) / det;
  }
  return vector(x, -y, 1);
}`

/** A float of OSL: in parentheses, so that its sign is not an operator, and never an integer, whose division would cut. */
const literal = (x: number): string => `(${Number.isInteger(x) ? x.toFixed(1) : String(x)})`

/** The shader of a camera's lens at `t` seconds; undefined where Blender has the projection itself. */
export function lensShader(camera: Camera, t: number): string | undefined {
  if (camera.type !== 'fisheye' && !(camera.type === 'pinhole' && camera.distortion)) return undefined
  const { width, height, fx, fy, cx, cy, lens, aperture, focusDistance } = cameraAt(camera, t)
  const model =
    lens?.model === 'fisheye'
      ? FISHEYE(lens.k.map(literal))
      : lens?.model === 'brown-conrady'
        ? BROWN_CONRADY(lens.k.map(literal), lens.p.map(literal), lens.s.map(literal))
        : ''
  const n = literal
  return `${model}
shader lens(output point position = 0, output vector direction = 0, output color throughput = 1) {
  point at = camera_shader_raster_position();
  vector way = ahead((at[0] * ${n(width)} - ${n(cx)}) / ${n(fx)}, ((1 - at[1]) * ${n(height)} - ${n(cy)}) / ${n(fy)});
  ${aperture > 0 ? `point random = camera_shader_random_sample();\n  float turn = M_2PI * random[0];\n  position = ${n(aperture / 2)} * sqrt(random[1]) * point(cos(turn), sin(turn), 0);` : ''}
  direction = normalize(way${aperture > 0 ? ` * ${n(focusDistance)} - position` : ''});
}
`
}
