/** Portable float maps, three channels: what oidnDenoise reads and writes. Rows go from the bottom to the top. */
const HEAD = /^PF\s+(\d+)\s+(\d+)\s+(-?[\d.]+)\s/

/** @param data row-major, row 0 at the top */
export function encodePfm(width: number, height: number, data: Float32Array): Uint8Array {
  const head = new TextEncoder().encode(`PF\n${width} ${height}\n-1.0\n`)
  const out = new Uint8Array(head.length + 4 * data.length)
  out.set(head)
  const view = new DataView(out.buffer, head.length)
  for (let y = 0, at = 0; y < height; y++)
    for (let i = 3 * width * (height - 1 - y); i < 3 * width * (height - y); i++, at += 4) view.setFloat32(at, data[i]!, true)
  return out
}

/** Throws where the bytes are no such map. */
export function decodePfm(bytes: Uint8Array): { readonly width: number; readonly height: number; readonly data: Float32Array } {
  const head = HEAD.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 64)))
  if (!head) throw new Error('no portable float map of three channels')
  const [width, height] = [Number(head[1]), Number(head[2])]
  if (bytes.length !== head[0].length + 12 * width * height)
    throw new Error(`a portable float map of ${width} × ${height} of another length`)
  const view = new DataView(bytes.buffer, bytes.byteOffset + head[0].length)
  const data = new Float32Array(3 * width * height)
  for (let y = 0, at = 0; y < height; y++)
    for (let i = 3 * width * (height - 1 - y); i < 3 * width * (height - y); i++, at += 4)
      data[i] = view.getFloat32(at, Number(head[3]) < 0)
  return { width, height, data }
}
