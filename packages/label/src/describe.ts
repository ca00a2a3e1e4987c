/** The page `docs/labels.md`, made from the labels themselves so that it cannot fall behind them. */
import type { LayerSpec } from '@dioramic/data'
import { labelDefinition, labelName } from './label.ts'
import { DEFAULT_LABELS, FAMILIES, LABELS, PRESETS } from './registry.ts'
import { LAYER_SPECS, type LayerName } from './specs.ts'

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')

/** Pictures of labels that are no layers, by the name of the drawing that shows them. */
const DRAWN: Readonly<Record<string, string>> = {
  'box-2d': 'boxes',
  'box-amodal': 'boxes',
  'box-3d': 'boxes',
  'mask-amodal': 'mask-amodal',
  keypoints: 'keypoints',
  tracks: 'tracks',
  events: 'events',
}
const picture = (name: string | undefined) => (name === undefined ? '' : `<img src="pictures/labels/${name}.png" alt="" width="150">`)

/** Markdown: every label with its unit, shape, encoding and definition, and the presets. */
export function describeLabels(): string {
  const labels = [...LABELS.values()]
  const pixels = labels.flatMap(l => (l.kind === 'pixels' ? [l.spec] : []))
  const stored = (s: LayerSpec) => `${s.dtype} (H, W${s.channels > 1 ? `, ${s.channels}` : ''}), ${s.encoding}`
  const told = (...kinds: string[]) =>
    labels.filter(l => kinds.includes(l.kind)).map(l => [`\`${labelName(l)}\``, picture(DRAWN[labelName(l)]), labelDefinition(l)])
  return `# Labels

\`--labels\` takes names and presets with commas between: \`--labels depth,flow,box-2d\`. The default is \`${DEFAULT_LABELS}\`. What is not chosen costs nothing; the camera is always written. Beside a frame of 256² with 12 objects at 64 samples, \`kubric\` takes 5 % of the time and everything together a quarter (\`npm run bench -- labels\`). Some names stand for [families](#families).

All labels are taken at mid-exposure, through the centre of the lens and of the pixel, and never anti-aliased. The surface is the first one with opacity ≥ 0.5. Raster (0, 0) is the outer corner of the top-left pixel.

![Every label of one frame](pictures/labels.png)

\`diorama inspect out/set/samples/000000 --picture labels.png\` draws every label of one frame, as above; \`--picture labels.html\` writes a page with what each means. The pictures are of \`examples/every-label.ts\`.

**Crops and other sizes.** Labels belong to points, not to areas, so they are never averaged. To crop, cut the layers, move boxes, points and tracks by the corner, and take it off cx and cy: what a camera of that part of the picture would have given. To make a picture smaller by an odd factor n, take the middle pixel of every n × n and divide flow, disparity, boxes, fx, fy, cx and cy by n. For any other size make the set again with \`--size\`: a label read between pixel centres is off by up to half a pixel, which \`validate\` reports.

## Presets

${table(
  ['preset', 'labels'],
  Object.entries(PRESETS).map(([name, names]) => [
    `\`${name}\``,
    names.length === labels.length ? 'every label' : names.map(n => `\`${n}\``).join(', ') || 'none',
  ]),
)}

## Pixels

Physical value = stored · scale + offset. Scale and offset stand in dataset.json.

${table(
  ['label', '', 'stored', 'unit', 'definition'],
  pixels.map(s => [`\`${s.name}\``, picture(s.name), stored(s), s.unit, s.definition]),
)}

## Families

Labels that depend on a frame, a camera or a number of points, those of a depth sensor and of rectified pairs. They are in no preset, so \`--labels all,disparity\` names them besides.

${table(
  ['label', '', 'for example', 'stored', 'definition'],
  [...FAMILIES].map(([name, l]) => [
    `\`${name}\``,
    picture(LAYER_SPECS[name as LayerName] ? name : undefined),
    `\`${labelName(l)}\``,
    l.kind === 'pixels' ? `${stored(l.spec)}, ${l.spec.unit}` : 'npz',
    labelDefinition(l),
  ]),
)}

## Instances, every frame

One record an object, visible or not. In sample.json each field is a column with one entry a frame, named in the plural where it has one (\`position\` → \`positions\`, \`linearVelocity\` → \`velocities\`, \`box2d\` → \`boxes2d\`).

${table(['label', '', 'fields'], told('instances'))}

## Instances, the whole clip

${table(['label', '', 'fields'], told('constants'))}

## Arrays of the whole clip

${table(['label', '', 'file'], told('arrays'))}

## Frames and clips

${table(['label', '', 'fields'], told('frame', 'clip'))}
`
}
