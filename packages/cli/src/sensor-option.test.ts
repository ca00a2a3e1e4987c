import { expect, test } from 'vitest'
import { parseSensor } from './sensor-option.ts'

test('--sensor writes a sensor in one line, and says what it does not know', () => {
  expect(parseSensor('none')).toBeNull()
  expect(parseSensor('electrons=2000,read=5,full=9000,vignetting=1,red=0.001,jpeg=85')).toEqual({
    exposure: 0,
    vignetting: 1,
    chromaticAberration: [0.001, 0],
    noise: { electrons: 2000, read: 5, fullWell: 9000 },
    jpeg: 85,
  })
  expect(() => parseSensor('vigneting=1')).toThrow('there is no "vigneting"; did you mean')
  expect(() => parseSensor('read=5')).toThrow('say how many electrons light of 1 frees')
  expect(() => parseSensor('jpeg=200')).toThrow('--sensor jpeg=200: jpeg:')
  expect(() => parseSensor('jpeg=')).toThrow('write a number, as in jpeg=1')
})
