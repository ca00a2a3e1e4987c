/** Stated once, repeated in every data set (DESIGN 3). */
export const CONVENTIONS = {
  world:
    'Right-handed, +Z up, metres, seconds, kilograms, radians. Quaternions are x, y, z, w. Poses are world-from-object and world-from-camera.',
  camera:
    'The camera has +X right, +Y up and looks along -Z. Raster (0, 0) is the outer corner of the top-left pixel, whose centre is (0.5, 0.5): u = cx + fx*x/(-z), v = cy - fy*y/(-z). Subtract 0.5 from cx and cy for tools whose first pixel centre is (0, 0).',
  time: 'Frame f is at f / fps seconds, mid-exposure. Labels are taken at that time through the centre of the lens and of the pixel, never anti-aliased. "before" and "after" hold the state at -1/fps and frames/fps.',
  depth: 'depth is along the optical axis, distance along the ray, float32 metres. A pixel without a surface has +Infinity.',
  flow: 'Pixels, (right, down). flow-forward of frame t is position(t+1) - position(t); flow-backward of frame t is position(t-1) - position(t). Mask bits: 1 occluded at the destination, 2 destination out of the frame, 4 no valid flow (behind the camera). Without a surface: the direction of the pixel, re-projected.',
  ids: 'Every object, background included, has an id > 0 that never changes in a clip; 0 is "no surface".',
  normals: 'Unit vectors on the side that faces the camera, world frame (normal-camera: camera frame); zero where there is no surface.',
  objectCoordinates:
    'Position in the unscaled bounds of the object, 0 to 1 on each axis: object-frame metres are (bounds.min + c * (bounds.max - bounds.min)) * scale, world metres are position + rotation * that.',
  boxes:
    'boxes2d are [x0, y0, x1, y1] in pixels, x1 and y1 exclusive, of the visible pixels; boxes2dAmodal ignore occlusion. boxes3d hold eight world corners; corner i has x max where i & 4, y max where i & 2, z max where i & 1.',
  labelSurface: 'The first surface on the primary ray whose opacity is at least 0.5. Glass and mirrors are surfaces.',
  colour: 'rgb is display-referred (view transform named in the recipe); rgb-linear is scene-linear Rec. 709.',
} as const
