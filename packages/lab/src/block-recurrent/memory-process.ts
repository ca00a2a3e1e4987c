/** A process that reads one text and does nothing else, and tells what it holds after each part of the text. */
import { Key, numbersOf } from '@dioramic/tensor'
import { memoryNow } from '../node/memory.ts'
import { answer, question } from '../node/own-process.ts'
import type { Held, MemoryQuestion } from './memory.ts'
import { readerModel, readerOf, token } from './reader.ts'

const { tokens, parts, words } = question<MemoryQuestion>()
const reader = readerOf(readerModel(), new Key([words[0]!, words[1]!]))
const held: Held[] = []
for (let t = 0; t < tokens; t++) {
  numbersOf(await reader.step([token(t)]))
  if (((t + 1) * parts) % tokens === 0) held.push({ ...(await memoryNow()) })
}
await reader.dispose()
answer(held)
