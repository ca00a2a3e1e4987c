// Bytes that data sets are made of: they change only together with the bytes epoch. All other properties are tested beside the sources.
import { encodeExr, encodeHdr, encodeNpz, encodePng, encodeTar, gzip, sha256 } from '@dioramic/codec'
import { expect, test } from 'vitest'

const [width, height] = [96, 64]
const value = (i: number) => (Math.imul(i, 2654435761) >>> 20) + 7 * i
const u16 = new Uint16Array(width * height * 3).map((_, i) => value(i))
const u8 = new Uint8Array(width * height * 4).map((_, i) => value(i) >> 5)
const f32 = new Float32Array(width * height).map((_, i) => value(i) / 64)

test('the same values make the same bytes as ever', () => {
  expect({
    png8: sha256(encodePng({ width, height, channels: 4, bitDepth: 8, data: u8 })),
    png16: sha256(encodePng({ width, height, channels: 3, bitDepth: 16, data: u16 })),
    npz: sha256(encodeNpz({ data: { shape: [height, width], data: f32 } })),
    exr: sha256(
      encodeExr({
        width,
        height,
        channels: [
          { name: 'Z', type: 'float', data: f32 },
          { name: 'Y', type: 'half', data: f32 },
        ],
      }),
    ),
    hdr: sha256(encodeHdr({ width: 32, height: 64, data: f32 })),
    tar: sha256(encodeTar([{ name: 'a/b.bin', bytes: u8 }])),
    gzip: sha256(gzip(u8)),
  }).toMatchInlineSnapshot(`
    {
      "exr": "b92cd4b0a781be9d68a51be16ac212ada73d8b06b452a86eea51fbb33c600f67",
      "gzip": "4ab832774fe700bdc25e0401f3b365aaa7bc2326a0e16135eaaee8d385d329cd",
      "hdr": "01b82e50e313f9dd17e95aaae18a1d64f58440a4e6a334615a49fdd3d4ab80f0",
      "npz": "4b6e832eb851171672247cf4e1c02531cb9de4827ffc569cc0c686485b5cfbc7",
      "png16": "7eee247b8cc10f1cef59e1a0a7c9253e2cde3e8d82ff8be2ede7c19ebbb984fc",
      "png8": "f5afe4396520bb3955ed6c77adbd7ea4f0ad6e0462c5d60c94224465d8191558",
      "tar": "f1e24a4b446509d3d7136afc127a17cc12712e07b8653a205965ed7a12014112",
    }
  `)
})
