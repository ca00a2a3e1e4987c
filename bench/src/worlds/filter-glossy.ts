/** Blender's default, which Kubric leaves as it is. */
export const FILTER_GLOSSY = 1
