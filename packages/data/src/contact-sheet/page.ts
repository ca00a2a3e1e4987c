/** Every label of one frame as an HTML page without scripts: pictures with what they mean, then what is said in numbers. */
import { escaped } from '../html.ts'
import type { LayerSpec } from '../layer.ts'
import type { SampleReader } from '../layout/reader.ts'
import type { Recipe } from '../schema/recipe.ts'
import { drawingSize, labelDrawings, pngOf } from './labels.ts'

const STYLE = `body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:1280px;padding:0 1rem;color:#1c1f24;background:#fff}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(280px,1fr));gap:1.2rem}figure{margin:0}img{width:100%;display:block;border-radius:3px;background:#111215;outline:1px solid #8883}
figcaption b{display:block;margin:.45rem 0 .1rem}figcaption,td{color:#5a616b;font-size:.86em}code{font-size:.95em}b,th{color:#1c1f24}th{text-align:left;vertical-align:top;padding:.4rem 1rem .4rem 0;white-space:nowrap}td{padding:.4rem 0}
@media(prefers-color-scheme:dark){body{background:#15171b;color:#dfe2e7}b,th{color:#dfe2e7}figcaption,td{color:#98a0ab}}`

const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, b => String.fromCharCode(b)).join(''))
const stored = (s: LayerSpec) => `${s.dtype} (H, W${s.channels > 1 ? `, ${s.channels}` : ''}), ${s.unit}`

/** HTML of a clip's frame; `title` says of what. Definitions are those that the set itself carries. */
export async function labelPage(clip: SampleReader, frame: number, { layers, instanceLabels }: Recipe, title: string): Promise<string> {
  const said = new Map(instanceLabels.map(l => [l.name, l.definition]))
  const specs = new Map(layers.map(s => [s.name, s]))
  const figures: string[] = []
  const shown = new Set<string>()
  const size = drawingSize(clip, 400)
  for (const { title: name, labels, draw } of labelDrawings(clip, frame)) {
    const png = base64(pngOf(await draw(size)))
    const words = labels.map(label => {
      shown.add(label)
      const spec = specs.get(label)
      const definition = spec?.definition ?? said.get(label) ?? ''
      return `<b>${escaped(label)}</b>${spec ? `<code>${escaped(stored(spec))}</code><br>` : ''}${escaped(definition)}`
    })
    figures.push(
      `<figure><img alt="${escaped(name)}" src="data:image/png;base64,${png}"><figcaption>${words.join('')}</figcaption></figure>`,
    )
  }
  const rest = [...said].filter(([name]) => !shown.has(name))
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style>
<h1>${escaped(title)}</h1><p>Frame ${frame} of 0 to ${clip.sample.frames - 1}, camera “${escaped(clip.sample.cameras[0]!.name)}”.</p>
<main>
${figures.join('\n')}
</main>
${rest.length === 0 ? '' : `<h2>In sample.json and beside it</h2><table>${rest.map(([name, definition]) => `<tr><th>${escaped(name)}</th><td>${escaped(definition)}</td></tr>`).join('\n')}</table>`}
</html>
`
}
