// `diorama language` as a person runs it: train, go on, evaluate, generate, choose, and what is wrong said.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diorama, events, scratch, start } from './diorama.ts'

const s = scratch()
afterAll(s.clean)
const run = (...args: readonly string[]) => diorama(['language', ...args], { cwd: s.folder })
const small = ['--config', 'd=32', '--config', 'layers=1', '--config', 'heads=2', '--time', '24', '--batch', '8', '--lr', '0.01']

beforeAll(() => {
  const names = ['Anna', 'Bert', 'Cora', 'Dora']
  const verbs = ['sees', 'likes', 'finds', 'hears']
  const line = (i: number) =>
    `${names[i % 4]} ${verbs[(i * 7) % 4]} the ${i % 3 === 0 ? 'small ' : ''}red boat of ${names[(i * i + 1) % 4]}. `
  writeFileSync(s.at('boats.txt'), Array.from({ length: 500 }, (_, i) => line(i)).join(''))
})

test('train, evaluate, generate, choose', async () => {
  const train = ['train', '--text', 'boats.txt', '--updates', '400', ...small, '-o', 'boats']
  const first = await run(...train)
  expect(first.err).toBe('')
  expect(first.code).toBe(0)
  const done = events(first.out).at(-1)! as unknown as { validation: { bitsPerByte: number }; floors: { unigram: number } }
  expect(done).toMatchObject({ event: 'trained' })
  expect(done.validation.bitsPerByte).toBeLessThan(done.floors.unigram / Math.LN2 / 2)
  const page = readFileSync(s.at('boats', 'report.html'), 'utf8')
  for (const words of ['counts after the two before', '<svg', 'Samples']) expect(page).toContain(words)

  const measured = events((await run('evaluate', 'boats', '--text', 'boats.txt', '--stride', '6')).out).at(-1)! as unknown as {
    bitsPerByte: number
  }
  // All of the text with a good context is cheaper than its end in windows that know nothing at their start.
  expect(measured.bitsPerByte).toBeLessThan(done.validation.bitsPerByte)

  const written = await run('generate', 'boats', '--prompt', 'Anna ', '--count', '60', '--temperature', '0')
  expect(written.err).toBe('')
  expect(written.out).toMatch(/^Anna \w+ the (small )?red boat of /)
  expect((await run('generate', 'boats', '--prompt', 'Anna ', '--count', '60', '--temperature', '0', '-o', 'text.txt')).code).toBe(0)
  expect(readFileSync(s.at('text.txt'), 'utf8')).toBe(written.out)

  writeFileSync(s.at('quiz.jsonl'), '{"context": "Anna sees the red", "choices": [" boat", " of Do", " tao"], "answer": 0}\n')
  const quiz = await run('choose', 'boats', '--items', 'quiz.jsonl')
  expect(quiz.err).toBe('')
  const asked = events(quiz.out).at(-1)! as unknown as {
    scores: { rule: string; right: number }[]
  }
  expect(asked.scores.find(r => r.rule === 'sum')).toMatchObject({ right: 1, items: 1 })
  const cloze = events((await run('choose', 'boats', '--set', 'cloze', '--text', 'boats.txt', '--count', '40')).out).at(-1)!
  expect(cloze).toMatchObject({ event: 'chosen', set: 'cloze', chance: 0.25 })
})

test('a run that is killed goes on and ends with the same bits, of BPE too, which writes any prompt', async () => {
  const train = (folder: string) => [
    'train',
    '--text',
    'boats.txt',
    '--tokens',
    'bpe',
    '--vocabulary',
    '300',
    '--updates',
    '200',
    ...small,
    '-o',
    folder,
  ]
  expect((await run(...train('whole'))).code).toBe(0)
  const killed = start(['language', ...train('again')], s.folder)
  while (!existsSync(s.at('again', 'run.safetensors')) && killed.child.exitCode === null) await new Promise(r => setTimeout(r, 5))
  killed.child.kill('SIGKILL')
  await killed.done
  expect((await run(...train('again'))).code).toBe(0)
  expect(readFileSync(s.at('again', 'model.safetensors')).equals(readFileSync(s.at('whole', 'model.safetensors')))).toBe(true)
  const any = await run('generate', 'again', '--prompt', 'Zoë 😀', '--count', '5')
  expect(any.out).toMatch(/^Zoë 😀/)
})

test('what is wrong is said, and nothing is left', async () => {
  writeFileSync(s.at('short.txt'), 'too short')
  for (const [args, message] of [
    [['train', '--text', 'no.txt', '-o', 'never'], /there is no text "no\.txt": give a file or a folder by path, or one of alice, bible/],
    [['train', '--text', 'short.txt', '-o', 'never'], /a text of 8 tokens has no window of 128 tokens/],
    [['train', '--text', 'boats.txt', '--model', 'oracle', '-o', 'never'], /there is no kind of model "oracle"; there are: transformer/],
    [
      ['train', '--text', 'boats.txt', '--config', 'depth=3', '-o', 'never'],
      /settings of the model "transformer": Unrecognized key: "depth"; it takes d, layers, heads, dropout, tied/,
    ],
    [
      ['train', '--text', 'boats.txt', '--model', 'block-recurrent', '--time', '100', '-o', 'never'],
      /100 tokens is no multiple of the window of 64/,
    ],
    [['train', '--text', 'boats.txt', '--updates', '70', ...small, '-o', 'boats'], /boats holds a run with another text or other settings/],
    [['evaluate', 'nowhere'], /holds no language model \(no language\.json\): make one with diorama language train/],
    [['generate', 'boats', '--prompt', 'Zoë'], /the character "Z" is not among the \d+ that this tokeniser was made of/],
    [['choose', 'boats', '--set', 'brackets'], /has no items of the set "brackets"/],
  ] as const) {
    const { code, err } = await run(...args)
    expect(err).toMatch(message)
    expect(code, err).toBe(2)
    expect(existsSync(s.at('never'))).toBe(false)
  }
})
