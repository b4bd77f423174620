import { constants, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { noise } from './samples/noise.ts'
import { decodeAll } from './samples/read-all.ts'
import { isZstd, unzstd } from './zstd.ts'

const text = Buffer.from('Jan  1 00:00:00 host sshd[1]: one line\n'.repeat(2000))

function skippable(content: string, told = content.length): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32LE(0x184d2a57, 0)
  header.writeUInt32LE(told, 4)
  return Buffer.concat([header, Buffer.from(content)])
}

describe('unzstd', () => {
  it.each<[string, Buffer, string, string[]]>([
    ['one frame', zstdCompressSync(text), text.toString(), []],
    ['nothing packed', zstdCompressSync(''), '', []],
    [
      'several frames',
      Buffer.concat([zstdCompressSync(text), zstdCompressSync(''), zstdCompressSync('end')]),
      `${text.toString()}end`,
      [],
    ],
    [
      'skippable frames',
      Buffer.concat([
        skippable('xyz'),
        zstdCompressSync('a'),
        skippable(''),
        zstdCompressSync('b'),
        skippable('x'),
      ]),
      'ab',
      [],
    ],
    [
      'a skippable frame that says too much',
      Buffer.concat([zstdCompressSync('a'), skippable('xyz', 2 ** 32 - 1)]),
      'a',
      ['the zstd stream breaks off after 1 unpacked bytes'],
    ],
    [
      'other bytes behind',
      Buffer.concat([zstdCompressSync('a'), Buffer.from('something')]),
      'a',
      ['bytes behind the end of the zstd stream are something else: not read'],
    ],
  ])('%s, in pieces of any length', async (_title, packed, content, problems) => {
    for (const pieceBytes of [1, 7, 100, 65536, packed.length]) {
      const got = await decodeAll(unzstd, packed, pieceBytes)
      expect({ ...got, content: got.content.toString() }).toEqual({ content, problems })
    }
  })

  it('keeps whole blocks before the place where a stream breaks off', async () => {
    const content = noise(400_000)
    const packed = zstdCompressSync(content)
    for (let length = 100; length < packed.length; length += 9_700) {
      const got = await decodeAll(unzstd, packed.subarray(0, length))
      expect(got.content).toEqual(content.subarray(0, got.content.length))
      expect(got.content.length).toBeGreaterThan(length - 132_000)
      expect(got.problems).toEqual([
        `the zstd stream breaks off after ${got.content.length.toLocaleString('en-US')} unpacked bytes`,
      ])
    }
  })

  it('keeps the blocks before a damaged place', async () => {
    const lines = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `line ${i}\n`).join(''))
    const packed = zstdCompressSync(lines)
    // The decoder meets it in the block that it is in, of 128 KiB unpacked.
    packed.fill(0xff, packed.length / 2, packed.length)
    const { content, problems } = await decodeAll(unzstd, packed)
    const safe = 2 * 131_072
    expect(content.subarray(0, safe).equals(lines.subarray(0, safe))).toBe(true)
    const count = content.length.toLocaleString('en-US')
    expect(problems).toEqual([`the zstd stream is damaged after ${count} unpacked bytes`])
  })

  it('keeps everything where only the checksum is wrong', async () => {
    const packed = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
    packed.writeUInt8(packed.readUInt8(packed.length - 1) ^ 1, packed.length - 1)
    for (const pieceBytes of [1, 100, packed.length]) {
      const { content, problems } = await decodeAll(unzstd, packed, pieceBytes)
      expect(content).toEqual(text)
      expect(problems).toEqual(['the zstd stream is damaged after 78,000 unpacked bytes'])
    }
  })
})

describe('isZstd', () => {
  it.each([
    ['a frame', zstdCompressSync(''), true],
    ['a skippable frame', skippable('x'), true],
    ['too little', Buffer.from([0x28, 0xb5, 0x2f]), false],
    ['something else', Buffer.from('text'), false],
  ])('%s', (_title, head, expected) => {
    expect(isZstd(head)).toBe(expected)
  })
})
