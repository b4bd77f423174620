import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gunzip, gzipTime, isGzip } from './gzip.ts'
import { decodeAll } from './samples/read-all.ts'
import { noise } from './samples/noise.ts'

const text = Buffer.from('Jan  1 00:00:00 host sshd[1]: one line\n'.repeat(2000))

/** A header with every optional field, and the checksum of the header. */
function withAllFields(packed: Buffer): Buffer {
  const fields = Buffer.concat([
    Buffer.from([3, 0, 1, 2, 3]),
    Buffer.from('a name\0a comment\0'),
    Buffer.from([9, 9]),
  ])
  const header = Buffer.from(packed.subarray(0, 10))
  header[3] = 2 | 4 | 8 | 16
  return Buffer.concat([header, fields, packed.subarray(10)])
}

describe('gunzip', () => {
  it.each<[string, Buffer, Buffer, string[]]>([
    ['one member', gzipSync(text), text, []],
    ['nothing packed', gzipSync(''), Buffer.alloc(0), []],
    [
      'several members',
      Buffer.concat([gzipSync(text), gzipSync(''), gzipSync('end')]),
      Buffer.concat([text, Buffer.from('end')]),
      [],
    ],
    ['all header fields', withAllFields(gzipSync(text)), text, []],
    ['padding behind', Buffer.concat([gzipSync(text), Buffer.alloc(2000)]), text, []],
    [
      'other bytes behind',
      Buffer.concat([gzipSync(text), Buffer.from('something else')]),
      text,
      ['bytes behind the end of the gzip stream are something else: not read'],
    ],
    [
      'few other bytes behind',
      Buffer.concat([gzipSync(text), Buffer.from('x')]),
      text,
      ['bytes behind the end of the gzip stream are something else: not read'],
    ],
  ])('%s, in pieces of any length', async (_title, packed, content, problems) => {
    for (const pieceBytes of [1, 7, 100, 65536, packed.length]) {
      expect(await decodeAll(gunzip, packed, pieceBytes)).toEqual({ content, problems })
    }
  })

  it('keeps everything before the place where a stream breaks off', async () => {
    const packed = gzipSync(noise(20_000))
    for (let length = 0; length < packed.length; length += 100) {
      const { content, problems } = await decodeAll(gunzip, packed.subarray(0, length))
      expect(content).toEqual(noise(20_000).subarray(0, content.length))
      expect(content.length).toBeGreaterThan(length - 300)
      expect(problems).toEqual(
        length === 0
          ? []
          : [`the gzip stream breaks off after ${content.length.toLocaleString('en-US')} unpacked bytes`],
      )
    }
  })

  it('keeps nearly everything before a damaged place', async () => {
    const lines = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `line ${i}\n`).join(''))
    const packed = gzipSync(lines)
    for (const place of [0.1, 0.5, 0.9].map((part) => Math.floor(packed.length * part))) {
      const damaged = Buffer.from(packed)
      damaged.fill(0xff, place, place + 300)
      const { content, problems } = await decodeAll(gunzip, damaged)
      const undamaged = (await decodeAll(gunzip, packed.subarray(0, place))).content
      const safe = undamaged.length - 1000
      expect(content.subarray(0, safe).equals(lines.subarray(0, safe))).toBe(true)
      expect(problems).toHaveLength(1)
    }
  })

  it('tells a wrong checksum and goes on with the next member', async () => {
    const damaged = gzipSync(text)
    damaged.writeUInt32LE(1, damaged.length - 8)
    const { content, problems } = await decodeAll(gunzip, Buffer.concat([damaged, gzipSync('end')]))
    expect(content.toString()).toBe(`${text.toString()}end`)
    expect(problems).toEqual([
      'a checksum in the gzip stream does not fit the content before it, at unpacked byte 78,000: something was changed',
    ])
  })

  it('reads members of a line each, and big ones between them', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) =>
      i % 500 === 9 ? noise(200_000) : Buffer.from(`line ${i}\n`),
    )
    const packed = Buffer.concat(lines.map((line) => gzipSync(line)))
    for (const pieceBytes of [17, 65536]) {
      const { content, problems } = await decodeAll(gunzip, packed, pieceBytes)
      expect(content.equals(Buffer.concat(lines))).toBe(true)
      expect(problems).toEqual([])
    }
  })

  it('does not take a name without end for a header', async () => {
    const header = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0]),
      Buffer.alloc(300_000, 'x'),
    ])
    expect((await decodeAll(gunzip, header)).problems).toEqual([
      'the gzip stream breaks off after 0 unpacked bytes',
    ])
  })
})

describe('a gzip header', () => {
  it('is recognised by its first bytes', () => {
    expect(isGzip(gzipSync(''))).toBe(true)
    expect(isGzip(Buffer.from([0x1f, 0x8b]))).toBe(false)
    expect(isGzip(Buffer.from([0x1f, 0x9d, 8]))).toBe(false)
  })

  it('tells when the file was written, unless it is 0', () => {
    const header = gzipSync('')
    expect(gzipTime(header)).toBeNull()
    header.writeUInt32LE(1_700_000_000, 4)
    expect(gzipTime(header)).toBe(1_700_000_000_000)
    expect(gzipTime(header.subarray(0, 7))).toBeNull()
  })
})
