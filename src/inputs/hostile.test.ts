import * as fc from 'fast-check'
import { existsSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { HeldBytes } from './bytes.ts'
import { explore } from './explore.ts'
import type { Input, Skipped } from './input.ts'
import { DEFAULT_LIMITS, type InputLimits } from './limits.ts'
import { base256, makeTar, paxRecords } from './samples/make-tar.ts'
import { makeZip } from './samples/make-zip.ts'
import { noise } from './samples/noise.ts'
import { readInput } from './samples/read-all.ts'
import { Spool } from './spool.ts'

const text = 'Jan  1 00:00:00 host sshd[1]: one line\n'.repeat(20)

interface Outcome {
  readonly names: string[]
  readonly bytes: number
  readonly problems: string[]
  readonly skipped: Skipped[]
}

/** Opens bytes as a file called `f` and reads everything in it to the end. */
async function outcome(bytes: Uint8Array, limits: Partial<InputLimits> = {}): Promise<Outcome> {
  const all = { ...DEFAULT_LIMITS, ...limits }
  const spool = new Spool(undefined, all)
  const inputs: Input[] = []
  const skipped: Skipped[] = []
  const place = { name: 'f', group: '.', storedSize: bytes.length, modifiedAt: null }
  await explore(place, new HeldBytes(bytes), {
    limits: all,
    spool,
    budget: { unpackedBytes: 0 },
    members: { count: 0 },
    wanted: null,
    found: (input) => inputs.push(input),
    skipped: (one) => skipped.push(one),
  })
  const whole = []
  for (const input of inputs) {
    const { content, problems } = await readInput(input)
    expect(input.head.length).toBeLessThanOrEqual(65536)
    whole.push({ length: content.length, problems })
  }
  spool.close()
  return {
    names: inputs.map(({ name }) => name),
    bytes: whole.reduce((sum, { length }) => sum + length, 0),
    problems: whole.flatMap(({ problems }) => problems),
    skipped,
  }
}

/** A gzip stream inside a gzip stream, `times` over. */
function wrappedIn(pack: (bytes: Buffer) => Buffer, bytes: Buffer, times: number): Buffer {
  return times === 0 ? bytes : wrappedIn(pack, pack(bytes), times - 1)
}

const seeds: readonly (readonly [string, Buffer])[] = [
  ['gzip', gzipSync(text)],
  ['zstd', zstdCompressSync(text)],
  [
    'tar',
    makeTar([
      { path: 'x', type: 'x', content: paxRecords({ path: 'p', size: '3' }) },
      { path: 'a', content: 'abc' },
      { path: 'l', type: 'L', content: 'long\0' },
      { path: 'b', size: base256(700), content: text },
    ]),
  ],
  [
    'tar in gzip',
    gzipSync(
      makeTar([
        { path: 'a', content: text },
        { path: 'b', content: gzipSync(text) },
      ]),
    ),
  ],
  [
    'zip',
    makeZip([
      { path: 'a', content: text },
      { path: 'b', content: text, method: 0 },
      { path: 'c', content: text, method: 93, packed: zstdCompressSync(text) },
    ]),
  ],
  [
    'zip without directory',
    makeZip(
      [
        { path: 'a', content: text },
        { path: 'b', content: text, isOpenEnded: true },
      ],
      { directory: false },
    ),
  ],
]

describe('hostile bytes', () => {
  it.each(seeds)('damaged %s never throws, hangs or grows', async (_title, seed) => {
    const change = fc.record({ at: fc.nat(seed.length - 1), byte: fc.nat(255) })
    const cut = fc.option(fc.nat(seed.length), { nil: seed.length })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 6 }), cut, async (changes, length) => {
        const bytes = Buffer.from(seed)
        for (const { at, byte } of changes) bytes[at] = byte
        const { bytes: out } = await outcome(bytes.subarray(0, length))
        expect(out).toBeLessThan(seed.length * 1100 + 70e6)
      }),
      { seed: 3, numRuns: 250 },
    )
  })

  it('anything behind a known beginning never throws', async () => {
    const beginnings = fc.constantFrom(
      ...seeds.map(([, seed]) => seed.subarray(0, 40)),
      Buffer.from('PK\x05\x06'),
    )
    await fc.assert(
      fc.asyncProperty(beginnings, fc.uint8Array({ maxLength: 3000 }), async (beginning, rest) => {
        await outcome(Buffer.concat([beginning, rest]))
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  it.each([
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
    ['tar', (bytes: Buffer) => makeTar([{ path: 'in', content: bytes }])],
    ['zip', (bytes: Buffer) => makeZip([{ path: 'in', content: bytes }])],
  ])('does not follow %s in itself without end', async (_title, pack) => {
    const shallow = await outcome(wrappedIn(pack, Buffer.from(text), 6))
    expect([shallow.bytes, shallow.skipped]).toEqual([text.length, []])
    const { names, skipped } = await outcome(wrappedIn(pack, Buffer.from(text), 7))
    expect(names).toEqual([])
    expect(skipped.map(({ reason }) => reason)).toEqual(['packed more than 6 times over: not opened'])
  })

  it.each([
    ['gzip', gzipSync(Buffer.alloc(150e6))],
    ['gzip in gzip', gzipSync(gzipSync(Buffer.alloc(150e6)))],
    ['zstd', zstdCompressSync(Buffer.alloc(150e6))],
  ])('cuts off a bomb of %s', async (_title, bomb) => {
    const { bytes, problems } = await outcome(bomb, { maxRatio: 100 })
    expect(bytes).toBeLessThan(70e6)
    expect(problems).toEqual([
      expect.stringMatching(/^unpacks to more than 100 times its size: cut off after 6\d MB$/),
    ])
  })

  it('does not keep a bomb aside', async () => {
    const tar = makeTar([
      { path: 'zeros', content: Buffer.alloc(150e6) },
      { path: 'never seen', content: text },
    ])
    const { names, bytes, skipped } = await outcome(zstdCompressSync(tar))
    expect(names).toEqual(['f!zeros'])
    expect(bytes).toBeLessThan(70e6)
    expect(skipped.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^unpacks to more than 1,000 times its size/),
    ])
  })

  it('cuts off what unpacks to too much in all', async () => {
    const members = ['a', 'b', 'c'].map((path) => ({ path, content: gzipSync(noise(100_000)) }))
    const { bytes, problems } = await outcome(makeTar(members), { maxUnpackedBytes: 250_000 })
    expect(bytes).toBeLessThanOrEqual(250_000)
    const reason = 'cut off: everything in this file together unpacks to more than 250 kB'
    expect(new Set(problems)).toEqual(new Set([reason]))
  })

  it('stops after too many members', async () => {
    const many = Array.from({ length: 50 }, (_, i) => ({ path: `m${i}`, content: text }))
    for (const bytes of [makeTar(many), gzipSync(makeTar(many)), makeZip(many)]) {
      const { names, skipped } = await outcome(bytes, { maxFiles: 10 })
      expect(names).toHaveLength(10)
      expect(skipped).toEqual([
        { file: 'f', reason: 'more than 10 files in all archives: the rest is not read' },
      ])
    }
  })

  it('leaves no member with a name that could reach a folder', async () => {
    const { names } = await outcome(
      makeZip(
        ['../../tmp/davylamp-escape', '/tmp/davylamp-escape', 'C:\\x', 'a\0b'].map((path) => ({
          path,
          content: noise(2e6),
        })),
      ),
    )
    expect(names).toEqual(['f!../../tmp/davylamp-escape', 'f!/tmp/davylamp-escape', 'f!C:\\x', 'f!a\\x00b'])
    expect(existsSync('/tmp/davylamp-escape')).toBe(false)
  })
})
