import { sha256 as hash } from '@noble/hashes/sha2.js'

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

const hex = (digest: Uint8Array) => {
  let text = ''
  for (const byte of digest) text += HEX[byte]
  return text
}

/** SHA-256 (FIPS 180-4), 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return hex(hash(bytes))
}

export interface Sha256 {
  update(bytes: Uint8Array): Sha256
  /** The hexadecimal digest; the hash is finished then. */
  digest(): string
}

/** An incremental SHA-256, for what is too large to hold. */
export function createSha256(): Sha256 {
  const state = hash.create()
  const self: Sha256 = {
    update(bytes) {
      state.update(bytes)
      return self
    },
    digest: () => hex(state.digest()),
  }
  return self
}
