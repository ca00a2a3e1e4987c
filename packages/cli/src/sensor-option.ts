/** What `--sensor` says. */
import { type Sensor, sensorSchema, suggest } from '@dioramic/scene'
import { UsageError } from './fail.ts'

/** Names of `--sensor`. */
const SENSOR = ['exposure', 'vignetting', 'red', 'blue', 'electrons', 'read', 'full', 'jpeg']

/** `electrons=2000,read=5,vignetting=1,jpeg=85`, or `none`. */
export function parseSensor(text: string): Sensor | null {
  if (text === 'none') return null
  const values: { [name: string]: number } = {}
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=').map(s => s.trim())
    if (!SENSOR.includes(name)) throw new UsageError(`--sensor ${text}: there is no "${name}"; ${suggest(name, SENSOR)}`)
    if (value === '' || !Number.isFinite(Number(value))) throw new UsageError(`--sensor ${text}: write a number, as in ${name}=1`)
    values[name] = Number(value)
  }
  const { red = 0, blue = 0, electrons, read, full, ...rest } = values
  if (electrons === undefined && (read !== undefined || full !== undefined))
    throw new UsageError(
      `--sensor ${text}: read and full are in electrons; say how many electrons light of 1 frees, such as electrons=2000`,
    )
  const noise = { electrons, ...(read === undefined ? {} : { read }), ...(full === undefined ? {} : { fullWell: full }) }
  const parsed = sensorSchema.safeParse({ ...rest, chromaticAberration: [red, blue], ...(electrons === undefined ? {} : { noise }) })
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new UsageError(`--sensor ${text}: ${path.join('.')}: ${message}`)
}
