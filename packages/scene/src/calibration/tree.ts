/** Calibration files as plain values: OpenCV's FileStorage (YAML and XML) and the YAML of ROS. */
import { DOMParser, type Element } from '@xmldom/xmldom'
import { parseDocument } from 'yaml'

/** A file of a calibration that cannot be used: which, what in it, and what to do. */
export class CalibrationError extends Error {
  override name = 'CalibrationError'
}

/** Numbers in rows. */
export interface Matrix {
  readonly rows: number
  readonly cols: number
  readonly data: readonly number[]
}
export type Value = number | string | Matrix | readonly Value[] | { readonly [key: string]: Value }
export type Tree = { readonly [key: string]: Value }

/** The values of a calibration file. Throws `CalibrationError` naming the file. */
export function readTree(text: string, file: string): Tree {
  const start = text.trimStart()
  const value = start.startsWith('<') ? readXml(start, file) : readYaml(start, file)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CalibrationError(`${file} holds no named values; give OpenCV's FileStorage (YAML or XML) or ROS's camera_info`)
  return value as Tree
}

const matrixTag = {
  tag: 'tag:yaml.org,2002:opencv-matrix',
  collection: 'map' as const,
  resolve: (map: unknown) => map,
}

function readYaml(text: string, file: string): unknown {
  // OpenCV writes the directive with a colon, which YAML does not know.
  const document = parseDocument(text.replace(/^%YAML[: ][^\n]*\n/, ''), { customTags: [matrixTag], logLevel: 'error' })
  const [error] = document.errors
  if (error) throw new CalibrationError(`${file} is not YAML: ${error.message.split('\n')[0]}`)
  return document.toJS()
}

function readXml(text: string, file: string): unknown {
  const problems: string[] = []
  let root: Element | null = null
  try {
    root = new DOMParser({ onError: (_level, message) => problems.push(String(message)) }).parseFromString(text, 'text/xml').documentElement
  } catch (e) {
    problems.push((e as Error).message)
  }
  if (!root || problems.length > 0) throw new CalibrationError(`${file} is not XML: ${problems[0]?.split('\n')[0] ?? 'it is empty'}`)
  if (root.nodeName !== 'opencv_storage')
    throw new CalibrationError(`${file}: the root element is <${root.nodeName}>; OpenCV's FileStorage has <opencv_storage>`)
  return elementValue(root)
}

const childrenOf = (e: Element): Element[] => Array.from(e.childNodes).filter((n): n is Element => n.nodeType === 1)
const numbersOf = (text: string): (number | string)[] =>
  text
    .trim()
    .split(/\s+/)
    .filter(w => w !== '')
    .map(w => (Number.isNaN(Number(w)) ? w : Number(w)))

/** An element's children by name, or its words: one alone, several as a list. */
function elementValue(e: Element): unknown {
  const inner = childrenOf(e)
  if (inner.length === 0) {
    const words = numbersOf(e.textContent ?? '')
    return e.nodeName === 'data' || words.length !== 1 ? words : words[0]
  }
  return Object.fromEntries(inner.map(c => [c.nodeName, elementValue(c)]))
}
