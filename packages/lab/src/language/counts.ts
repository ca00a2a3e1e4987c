import {
  bpeTokeniser,
  characterTokeniser,
  encodeDocuments,
  floorsOf,
  learnMerges,
  splitDocuments,
  type Tokeniser,
} from '@dioramic/learn/language'
import { loadCorpus } from '@dioramic/learn/node/language'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'
import { dataText, lacking } from '../node/data-files.ts'

const TEXTS = ['moby-dick', 'novels', 'code', 'manual'] as const
const TINY = 'tinyshakespeare.txt'

/** What is known of TinyShakespeare, in nats a character: 90 % to count, 10 % to predict. */
const KNOWN = { unigram: 3.347, bigram: 2.482, trigram: 2.046 }

const size = (n: number) => `${256 * n}`

function bytesPerToken(tokeniser: Tokeniser, documents: readonly string[]): { readonly bytes: number; readonly exact: boolean } {
  let [tokens, bytes, same] = [0, 0, true]
  for (const d of documents) {
    const t = tokeniser.encode(d).data as BigInt64Array
    tokens += t.length
    bytes += new TextEncoder().encode(d).length
    same &&= tokeniser.decode(t) === d
  }
  return { bytes: bytes / tokens, exact: same }
}

/** Texts by counts. */
export const counts = part({
  name: 'counts',
  about:
    'Each text is cut into training (90 %), validation and test (5 % each). By counts of characters (of one; of one after another; of one after two) in the training part, bits a byte of the validation part; and bytes of the test part that a token of BPE stands for, the merges learnt from the training part.',
  arms: [...TEXTS, TINY],
  code: [
    'lab/src/language/counts.ts',
    ...['bpe', 'characters', 'corpus', 'floors'].map(f => `learn/src/language/${f}.ts`),
    ...['corpus', 'sources'].map(f => `learn/src/node/language/${f}.ts`),
  ],
  config: quick => ({
    seeds: 1,
    sizes: quick ? [2] : [2, 4, 16],
    texts: quick ? ['manual'] : [...TEXTS],
    here: dataText(TINY) !== undefined,
  }),
  seconds: ({ sizes }) => 2 + 2 * sizes.length,
  run: ({ arm, config: { sizes, texts } }) => {
    const tiny = arm === TINY
    if (!tiny && !texts.includes(arm)) return null
    const text = tiny ? dataText(TINY) : ''
    const { documents, bytes, licence } = tiny
      ? { documents: text === undefined ? [] : [text], bytes: text?.length ?? 0, licence: 'public domain' }
      : loadCorpus(arm)
    if (documents.length === 0) return null
    const split = splitDocuments(documents, tiny ? { validation: 0.1, test: 0 } : {})
    const characters = characterTokeniser(documents)
    const floors = floorsOf(encodeDocuments(characters, split.train), encodeDocuments(characters, split.validation), characters.size)
    const held = tiny ? split.validation : split.test
    const perByte = held.reduce((n, d) => n + [...d].length, 0) / held.reduce((n, d) => n + new TextEncoder().encode(d).length, 0)
    return {
      bytes,
      licence,
      documents: documents.length,
      alphabet: characters.size,
      floors: { ...floors },
      perByte,
      pairs: sizes.map(n => bytesPerToken(bpeTokeniser(learnMerges(split.train, 256 * n)), held)),
    }
  },
  conclude: (of, { sizes }) => {
    const rows = [...TEXTS, TINY].map(name => ({ name, r: of(name)[0] })).flatMap(({ name, r }) => (r ? [{ name, r }] : []))
    const tiny = of(TINY)[0]
    const claim = 'largest difference to the known costs of TinyShakespeare, nats a character'
    const lossless = 'texts that do not come back exactly from byte pairs'
    const bits = (nats: number, r: (typeof rows)[number]['r']) => (nats / Math.LN2) * r.perByte
    return {
      claims: [
        exact(lossless, rows.filter(({ r }) => r.pairs.some(p => !p.exact)).length),
        ...(tiny
          ? [exact(claim, Math.max(...Object.entries(KNOWN).map(([k, v]) => Math.abs(tiny.floors[k as keyof typeof KNOWN] - v))))]
          : []),
      ],
      ...(tiny ? {} : { unmeasured: [claim], notes: [lacking('TinyShakespeare was', TINY)] }),
      tables: [
        {
          caption:
            'Bits a byte of held-out text by counts of characters; bytes that a token of BPE stands for, by the size of the vocabulary.',
          head: ['text', 'MB', 'documents', 'characters', 'one', 'after one', 'after two', ...sizes.map(n => `BPE ${size(n)}`), 'licence'],
          rows: rows.map(({ name, r }) => [
            name,
            r.bytes / 1e6,
            r.documents,
            r.alphabet,
            bits(r.floors.unigram, r),
            bits(r.floors.bigram, r),
            bits(r.floors.trigram, r),
            ...r.pairs.map(p => p.bytes),
            r.licence,
          ]),
        },
      ],
    }
  },
})
