const TABLES = crcTables()

/** Slicing-by-4 tables of the reflected polynomial 0xEDB88320 (ISO 3309, PNG annex D, ZIP). */
function crcTables(): Uint32Array[] {
  const tables = Array.from({ length: 4 }, () => new Uint32Array(256))
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    tables[0]![n] = c >>> 0
  }
  for (let n = 0; n < 256; n++)
    for (let t = 1; t < 4; t++) {
      const before = tables[t - 1]![n]!
      tables[t]![n] = (tables[0]![before & 255]! ^ (before >>> 8)) >>> 0
    }
  return tables
}

/** CRC-32 of PNG, ZIP and gzip. `previous` continues an earlier result: crc32(b, crc32(a)) is crc32(a ++ b). */
export function crc32(bytes: Uint8Array, previous = 0): number {
  const [t0, t1, t2, t3] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
  const n = bytes.length
  let c = ~previous
  let i = 0
  for (; i + 4 <= n; i += 4) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    c = t3[c & 255]! ^ t2[(c >>> 8) & 255]! ^ t1[(c >>> 16) & 255]! ^ t0[c >>> 24]!
  }
  for (; i < n; i++) c = t0[(c ^ bytes[i]!) & 255]! ^ (c >>> 8)
  return ~c >>> 0
}

/** Adler-32 of the zlib container (RFC 1950). */
export function adler32(bytes: Uint8Array): number {
  let a = 1
  let b = 0
  for (let i = 0; i < bytes.length; ) {
    const end = Math.min(i + 3800, bytes.length)
    for (; i < end; i++) {
      a += bytes[i]!
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return ((b << 16) | a) >>> 0
}
