/** World from what stands at a place with a rotation (unit quaternion x, y, z, w): 4 × 4 by rows. Metres. */
export function poseMatrix(
  [px, py, pz]: readonly [number, number, number],
  [x, y, z, w]: readonly [number, number, number, number],
): number[][] {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w), px],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w), py],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y), pz],
    [0, 0, 0, 1],
  ]
}
