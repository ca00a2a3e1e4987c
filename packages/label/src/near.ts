/**
 * Metres from the camera's plane. Nearer than this, or behind, a point has no usable image: projection divides by the depth. Flow to such a
 * point is invalid, and amodal boxes are of the part beyond it.
 */
export const NEAR = 1e-3
