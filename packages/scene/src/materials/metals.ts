/**
 * Reflectance of metals at normal incidence, linear sRGB: Akenine-Möller et al., "Real-Time Rendering", 4th ed., table 9.2 (values of
 * Naty Hoffman from measured n and k); brass from Sébastien Lagarde, "Memo on Fresnel equations" (2013). Gold's red, 1.022, lies outside the
 * gamut and is 1 here.
 */
export const METAL_F0 = {
  aluminium: [0.913, 0.922, 0.924],
  brass: [0.91, 0.778, 0.423],
  chromium: [0.549, 0.556, 0.554],
  copper: [0.955, 0.638, 0.538],
  gold: [1, 0.782, 0.344],
  iron: [0.562, 0.565, 0.578],
  nickel: [0.66, 0.609, 0.526],
  platinum: [0.673, 0.637, 0.585],
  silver: [0.972, 0.96, 0.915],
  titanium: [0.542, 0.497, 0.449],
} as const
