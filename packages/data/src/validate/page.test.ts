import { expect, test } from 'vitest'
import { reportPage } from './page.ts'
import { Errors, type Report } from './report.ts'

test('errors are counted by decade, zeros and infinities apart', () => {
  const errors = new Errors()
  for (const e of [0, 0, 0.02, 0.05, 0.5, 3, 3, 3]) errors.add(e)
  expect(errors.statistics()).toMatchObject({ count: 8, zeros: 2, first: -2, decades: [2, 1, 3] })
  errors.add(Infinity)
  expect(errors.statistics()).toMatchObject({ infinite: 1, decades: [2, 1, 3] })
  expect(new Errors().statistics()).toMatchObject({ zeros: 0, decades: [] })
})

test('the page says verdict, checks, findings and notes, and escapes what it is told', () => {
  const errors = new Errors()
  for (let i = 0; i < 100; i++) errors.add(i / 100)
  const report: Report = {
    ok: false,
    samples: 1,
    frames: 2,
    files: 3,
    bytes: 4,
    omitted: 1,
    checks: [
      { name: 'flow', definition: 'a < b', unit: 'px', judged: 2, failed: 1, errors: errors.statistics(), margins: errors.statistics() },
    ],
    findings: [{ check: 'flow', file: 'x', compared: ['x'], sample: 0, frame: 1, message: 'x: <bad> & wrong' }],
    notes: [{ check: 'edges', sample: 0, message: 'too noisy' }],
  }
  const page = reportPage(report, 'out/set')
  for (const part of [
    '<title>out/set: 2 faults',
    '99 %',
    'a &lt; b',
    '&lt;bad&gt; &amp; wrong',
    'too noisy',
    '1 of 2',
    'and 1 more',
    '<svg',
    'class="bad"',
  ])
    expect(page).toContain(part)
  expect(page).not.toContain('<bad>')
})
