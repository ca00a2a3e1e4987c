// The classics and the robots' worlds make three valid samples.
import { validateDataset } from '@dioramic/data'
import { labelName, selectLabels } from '@dioramic/label'
import { WORLDS } from '@dioramic/worlds'
import { describe, expect, test } from 'vitest'
import { type Case, threeClips } from './three-clips.ts'

const labels = (list: string) => selectLabels(list).map(labelName)
const CASES: Readonly<Record<string, Case>> = {
  rooms: { labels: labels('kubric,part,parts'), frames: 2 },
  nyu: { labels: labels('segmentation,semantic,normal,depth,depth-raw,depth-filled'), frames: 1 },
  'virtual-kitti': { labels: labels('kubric,disparity'), frames: 2, size: [192, 58] },
  synthia: { labels: labels('kubric'), frames: 2, size: [128, 76] },
  clevr: { labels: labels('kubric,language') },
  'flying-things': { config: { minCount: 4, maxCount: 8 }, labels: labels('flow,scene-flow,disparity,segmentation,depth'), frames: 2 },
  'bin-picking': { config: { minCount: 4, maxCount: 6 }, labels: labels('kubric,pose-camera,occlusion,mask-amodal,disparity') },
  conveyor: { config: { count: 5 }, labels: labels('kubric,velocity,tracks'), frames: 2, size: [96, 96] },
}

test('the commands of all worlds ask for labels that there are', () => {
  for (const [name, { command }] of WORLDS) {
    const asked = /--labels (\S+)/.exec(command)?.[1]
    if (asked !== undefined) expect(() => labels(asked), name).not.toThrow()
  }
})

describe.each(Object.keys(CASES))('%s', name => {
  test('three samples are valid', { timeout: 300_000 }, async () => {
    const report = await validateDataset(await threeClips(name, CASES[name]!))
    expect(report.findings.map(f => JSON.stringify(f))).toEqual([])
  })
})
