// The real readers of our files and the real writers of what we read: NumPy, Pillow, OpenCV, OpenEXR, tarfile.
// DIORAMA_PYTHON names the interpreter (python3 otherwise); a module that is missing skips its tests, with its name.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decodeExr,
  decodeHdr,
  decodeJpeg,
  decodeNpy,
  decodeNpz,
  decodePng,
  decodeTar,
  encodeExr,
  encodeHdr,
  encodeJpeg,
  encodeNpz,
  encodePng,
  encodeTar,
  floatToHalf,
  type NpyArray,
  type PngImage,
} from '@dioramic/codec'
import { afterAll, expect, test } from 'vitest'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const has = (...modules: string[]) =>
  spawnSync(python, ['-c', modules.map(m => `import ${m}`).join('\n')], { env: { ...process.env, OPENCV_IO_ENABLE_OPENEXR: '1' } })
    .status === 0
const folder = mkdtempSync(join(tmpdir(), 'dioramic-codec-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)
const run = (script: string) =>
  execFileSync(python, ['-c', script], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

/** A test that needs Python modules. */
function needs(modules: string[], title: string, body: () => void): void {
  const there = has(...modules)
  test.skipIf(!there)(there ? title : `${title} (skipped: ${python} has not all of ${modules.join(', ')}; set DIORAMA_PYTHON)`, body)
}

needs(['numpy'], 'numpy reads our npz and we read its', () => {
  const record: Record<string, NpyArray> = {
    depth: { dtype: 'f4', shape: [2, 3], data: Float32Array.of(0, 1.5, Number.POSITIVE_INFINITY, -2, 1e-30, 7) },
    ids: { dtype: 'u4', shape: [3], data: Uint32Array.of(1, 2, 4294967295) },
    wide: { dtype: 'i8', shape: [1, 2], data: BigInt64Array.of(-1n, 9007199254740993n) },
    flags: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
    scalar: { dtype: 'f8', shape: [], data: Float64Array.of(0.1) },
  }
  writeFileSync(at('ours.npz'), encodeNpz(record))
  const out = run(`
import numpy as np
d = dict(np.load('ours.npz'))
assert d['depth'].dtype == np.float32 and d['depth'].shape == (2, 3) and np.isinf(d['depth'][0, 2]) and d['depth'][1, 0] == -2
assert d['wide'].tolist() == [[-1, 9007199254740993]] and d['flags'].dtype == bool and d['flags'].tolist() == [True, False]
assert d['scalar'].shape == () and float(d['scalar']) == 0.1 and d['ids'].tolist() == [1, 2, 4294967295]
np.savez_compressed('theirs.npz', **d)
np.savez('stored.npz', **d)
np.save('fortran.npy', np.asfortranarray(np.arange(24, dtype='>i4').reshape(2, 3, 4)))
print('good')`)
  expect(out.trim()).toBe('good')
  expect(decodeNpz(readFileSync(at('theirs.npz')))).toEqual(record)
  expect(decodeNpz(readFileSync(at('stored.npz')))).toEqual(record)
  expect(decodeNpy(readFileSync(at('fortran.npy')))).toEqual({
    dtype: 'i4',
    shape: [2, 3, 4],
    data: Int32Array.from({ length: 24 }, (_, i) => i),
  })
})

const [width, height] = [61, 37]
const pictures = ([8, 16] as const).flatMap(bitDepth =>
  ([1, 2, 3, 4] as const).map((channels): PngImage => {
    const Type = bitDepth === 8 ? Uint8Array : Uint16Array
    const data = new Type(width * height * channels)
    for (let i = 0; i < data.length; i++) data[i] = Math.imul(i, i % 7 === 0 ? 2654435 : 37)
    return { width, height, channels, bitDepth, data }
  }),
)

needs(['numpy', 'cv2'], 'OpenCV reads our 8- and 16-bit PNGs exactly and we read its', () => {
  for (const picture of pictures) {
    if (picture.channels === 2) continue
    writeFileSync(at('ours.png'), encodePng(picture))
    run(`
import cv2, numpy as np
x = cv2.imread('ours.png', cv2.IMREAD_UNCHANGED)
order = {1: None, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGBA}[${picture.channels}]
np.save('x.npy', x if order is None else cv2.cvtColor(x, order))
cv2.imwrite('theirs.png', x)`)
    const { data, shape } = decodeNpy(readFileSync(at('x.npy')))
    expect(data).toEqual(picture.data)
    expect(shape.slice(0, 2)).toEqual([height, width])
    expect(decodePng(readFileSync(at('theirs.png')))).toEqual(picture)
  }
})

needs(['numpy', 'PIL'], 'Pillow reads our PNGs, palettes too, and we read its, with JPEG', () => {
  for (const picture of pictures.filter(p => p.bitDepth === 8 || p.channels === 1)) {
    writeFileSync(at('ours.png'), encodePng(picture))
    run(`
from PIL import Image
import numpy as np
x = Image.open('ours.png')
np.save('x.npy', np.asarray(x).astype(np.uint${picture.bitDepth}))
x.save('theirs.png')`)
    expect(decodeNpy(readFileSync(at('x.npy'))).data).toEqual(picture.data)
    expect(decodePng(readFileSync(at('theirs.png')))).toEqual(picture)
  }
  const ids = Uint8Array.of(0, 1, 2, 1)
  writeFileSync(
    at('ids.png'),
    encodePng({ width: 2, height: 2, channels: 1, bitDepth: 8, data: ids }, { palette: Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 255, 0) }),
  )
  run(`
from PIL import Image
import numpy as np
x = Image.open('ids.png')
assert x.mode == 'P' and np.asarray(x).tolist() == [[0, 1], [2, 1]] and np.asarray(x.convert('RGB'))[1, 0].tolist() == [0, 255, 0]
g = np.linspace(0, 255, 64, dtype=np.uint8)
rgb = np.stack([np.tile(g, (48, 1)), np.tile(g[:48, None], (1, 64)), np.full((48, 64), 77, np.uint8)], -1)
for name, options in {'base': {}, 'progressive': {'progressive': True}, 'chroma': {'subsampling': 0}}.items():
    Image.fromarray(rgb).save(name + '.jpg', quality=95, **options)
    np.save(name + '.npy', np.asarray(Image.open(name + '.jpg')))
Image.fromarray(rgb).quantize(5).save('palette.png', bits=4)
np.save('palette.npy', np.asarray(Image.open('palette.png').convert('RGB')))
Image.fromarray(rgb[:, :, 0] > 99).save('bits.png')`)
  for (const name of ['base', 'progressive', 'chroma']) {
    const [ours, theirs] = [decodeJpeg(readFileSync(at(`${name}.jpg`))), decodeNpy(readFileSync(at(`${name}.npy`))).data as Uint8Array]
    let sum = 0
    for (let i = 0; i < 64 * 48; i++) for (let k = 0; k < 3; k++) sum += Math.abs(ours.data[4 * i + k]! - theirs[3 * i + k]!)
    expect(sum / theirs.length, name).toBeLessThan(1.5)
  }
  expect(decodePng(readFileSync(at('palette.png'))).data).toEqual(decodeNpy(readFileSync(at('palette.npy'))).data)
  expect([...decodePng(readFileSync(at('bits.png'))).data.slice(20, 30)]).toEqual([0, 0, 0, 0, 0, 255, 255, 255, 255, 255])
})

needs(['numpy', 'OpenEXR'], 'OpenEXR reads our files exactly and we read every compression it writes', () => {
  const n = width * height
  const smooth = new Float32Array(n).map((_, i) => Math.sin((i % width) / 9) * 3 + Math.floor(i / width) / 5 + 3)
  const big = new Float32Array(n).map((_, i) => (i % 5) * 1e10 + i)
  const ids = new Uint32Array(n).map((_, i) => Math.imul(i, 2654435761))
  writeFileSync(
    at('ours.exr'),
    encodeExr({
      width,
      height,
      channels: (['R', 'G', 'B'] as const).map((name, k) => ({ name, type: 'half' as const, data: smooth.map(v => v + k) })).concat(),
    }),
  )
  writeFileSync(
    at('data.exr'),
    encodeExr({
      width,
      height,
      channels: [
        { name: 'Z', type: 'float', data: big },
        { name: 'id', type: 'uint', data: ids },
      ],
    }),
  )
  run(`
import OpenEXR, numpy as np
a = OpenEXR.File('ours.exr', separate_channels=True)
for c in 'RGB': np.save(c + '.npy', a.channels()[c].pixels.view(np.uint16))
b = OpenEXR.File('data.exr', separate_channels=True)
np.save('Z.npy', b.channels()['Z'].pixels); np.save('id.npy', b.channels()['id'].pixels)
rng = np.random.default_rng(1)
h = {c: a.channels()[c].pixels for c in 'RGB'}
h['A'] = (rng.random(h['R'].shape) > 0.5).astype(np.float16)
h['Z'] = np.load('Z.npy'); h['id'] = np.load('id.npy')
h['noise'] = rng.integers(0, 31000, h['R'].shape).astype(np.uint16).view(np.float16)
for name in ['NO', 'RLE', 'ZIPS', 'ZIP', 'PIZ', 'PXR24', 'DWAA', 'DWAB']:
    header = {'compression': getattr(OpenEXR, name + '_COMPRESSION'), 'type': OpenEXR.scanlineimage}
    OpenEXR.File(header, h).write(name + '.exr')
    back = OpenEXR.File(name + '.exr', separate_channels=True).channels()
    np.savez(name + '.npz', **{c: back[c].pixels.astype(np.float32 if back[c].pixels.dtype != np.uint32 else np.uint32) for c in back})`)
  for (const [k, c] of ['R', 'G', 'B'].entries())
    expect(decodeNpy(readFileSync(at(`${c}.npy`))).data, c).toEqual(Uint16Array.from(smooth, v => floatToHalf(Math.fround(v + k))))
  expect(decodeNpy(readFileSync(at('Z.npy'))).data).toEqual(big)
  expect(decodeNpy(readFileSync(at('id.npy'))).data).toEqual(ids)
  for (const name of ['NO', 'RLE', 'ZIPS', 'ZIP', 'PIZ', 'PXR24', 'DWAA', 'DWAB']) {
    const wanted = decodeNpz(readFileSync(at(`${name}.npz`)))
    const image = decodeExr(readFileSync(at(`${name}.exr`)))
    expect(image.channels.map(c => c.name).toSorted()).toEqual(Object.keys(wanted).toSorted())
    for (const channel of image.channels) {
      const theirs = wanted[channel.name]!.data as Float32Array
      const lossy = name.startsWith('DWA') && 'RGB'.includes(channel.name)
      if (!lossy) expect(channel.data, `${name} ${channel.name}`).toEqual(theirs)
      // The cosine transform's rounding may move a value to the neighbouring half before the power of 2.2.
      else
        for (let i = 0; i < n; i++)
          expect(Math.abs(channel.data[i]! - theirs[i]!), `${name} ${channel.name} ${i}`).toBeLessThanOrEqual(
            Math.abs(theirs[i]!) * 0.01 + 1e-4,
          )
    }
  }
})

needs(['numpy', 'cv2'], 'OpenCV reads our Radiance pictures and we read its', () => {
  const data = new Float32Array(width * height * 3).map((_, i) => ((i * 37) % 101) * (i % 3 === 0 ? 0.01 : 2))
  writeFileSync(at('ours.hdr'), encodeHdr({ width, height, data }))
  run(`
import cv2, numpy as np
x = cv2.imread('ours.hdr', cv2.IMREAD_UNCHANGED)
np.save('x.npy', np.ascontiguousarray(x[:, :, ::-1]))
cv2.imwrite('theirs.hdr', x)`)
  const theirs = decodeNpy(readFileSync(at('x.npy'))).data as Float32Array
  const ours = decodeHdr(readFileSync(at('ours.hdr'))).data
  const again = decodeHdr(readFileSync(at('theirs.hdr'))).data
  for (let i = 0; i < data.length; i += 3) {
    const step = Math.max(data[i]!, data[i + 1]!, data[i + 2]!) / 127
    for (let k = i; k < i + 3; k++) {
      expect(Math.abs(ours[k]! - data[k]!)).toBeLessThanOrEqual(step)
      expect(Math.abs(ours[k]! - theirs[k]!)).toBeLessThanOrEqual(step)
      expect(Math.abs(again[k]! - theirs[k]!)).toBeLessThanOrEqual(step)
    }
  }
})

needs(['tarfile'], 'tarfile reads our tar and we read its', () => {
  const long = `${'folder/'.repeat(18)}${'x'.repeat(90)}.txt`
  const files = [
    { name: 'a.txt', bytes: Uint8Array.from(Buffer.from('hello')) },
    { name: long, bytes: new Uint8Array(513).fill(7) },
  ]
  writeFileSync(at('ours.tar'), encodeTar(files))
  const out = run(`
import tarfile, io
t = tarfile.open('ours.tar')
m = t.getmembers()
assert [x.size for x in m] == [5, 513] and all(x.mtime == 0 and x.mode == 0o644 and x.uid == 0 for x in m)
assert t.extractfile(m[0]).read() == b'hello' and t.extractfile(m[1]).read() == b'\\x07' * 513
w = tarfile.open('theirs.tar', 'w', format=tarfile.USTAR_FORMAT)
for x in m: w.addfile(x, t.extractfile(x))
w.close()
print(m[1].name)`)
  expect(out.trim()).toBe(long)
  expect([...decodeTar(readFileSync(at('theirs.tar')))]).toEqual(files)
})

needs(['numpy', 'OpenEXR'], 'PIZ with so many values that its differences wrap', () => {
  run(`
import OpenEXR, numpy as np
rng = np.random.default_rng(2)
h = {'R': rng.integers(0, 31743, (70, 1025)).astype(np.uint16).view(np.float16), 'Z': rng.random((70, 1025)).astype(np.float32)}
np.savez('wide.npz', R=h['R'].astype(np.float32), Z=h['Z'])
OpenEXR.File({'compression': OpenEXR.PIZ_COMPRESSION, 'type': OpenEXR.scanlineimage}, h).write('wide.exr')`)
  const wanted = decodeNpz(readFileSync(at('wide.npz')))
  for (const channel of decodeExr(readFileSync(at('wide.exr'))).channels) expect(channel.data).toEqual(wanted[channel.name]!.data)
})

needs(['PIL', 'numpy'], 'Pillow reads our JPEG as we do, with its own tables, as near to the picture as its own', () => {
  const [width, height] = [83, 61]
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3]
    return 128 + 60 * Math.sin(x / (5 + c)) + 50 * Math.cos(y / (7 - c)) + ((x * 7 + y * 13) % 9)
  })
  writeFileSync(at('raw.bin'), data)
  for (const quality of [35, 75, 95]) {
    const ours = encodeJpeg({ width, height, data }, quality)
    writeFileSync(at('ours.jpg'), ours)
    const decoded = decodeJpeg(ours).data
    writeFileSync(at('decoded.bin'), decoded)
    const [gap, mine, theirs, tables] = JSON.parse(
      run(`
import json, io, numpy as np
from PIL import Image
raw = np.fromfile('raw.bin', np.uint8).reshape(${height}, ${width}, 3)
im = Image.open('ours.jpg'); im.load()
assert im.size == (${width}, ${height}) and im.mode == 'RGB', (im.size, im.mode)
b = io.BytesIO(); Image.fromarray(raw).save(b, 'JPEG', quality=${quality}, subsampling=2)
own = Image.open(b); own.load()
d = np.fromfile('decoded.bin', np.uint8).reshape(${height}, ${width}, 4)[..., :3].astype(float)
y = lambda a: a.astype(float) @ [.299, .587, .114]
psnr = lambda a: 10 * np.log10(255 ** 2 / np.mean((np.asarray(a).astype(float) - raw) ** 2))
print(json.dumps([float(np.abs(y(np.asarray(im)) - y(d)).max()), psnr(im), psnr(own), im.quantization == own.quantization]))
`),
    ) as [number, number, number, boolean]
    expect(tables, 'the same steps').toBe(true)
    // Chrominance is spread otherwise; luminance is rounded otherwise.
    expect(gap).toBeLessThan(6)
    expect(mine).toBeGreaterThan(theirs - 0.3)
  }
})
