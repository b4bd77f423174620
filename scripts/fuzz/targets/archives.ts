import { gzipSync, zstdCompressSync } from 'node:zlib'
import { HeldBytes } from '../../../src/inputs/bytes.ts'
import { explore } from '../../../src/inputs/explore.ts'
import type { Input } from '../../../src/inputs/input.ts'
import { DEFAULT_LIMITS, HEAD_BYTES } from '../../../src/inputs/limits.ts'
import { base256, makeTar, paxRecords, type TarEntry } from '../../../src/inputs/samples/make-tar.ts'
import { makeZip, type ZipEntry } from '../../../src/inputs/samples/make-zip.ts'
import { Spool } from '../../../src/inputs/spool.ts'
import type { Random } from '../../../src/range/random.ts'
import { promise, type Target } from '../target.ts'

const TEXT = 'Jan  1 00:00:00 host sshd[1]: one line\n'.repeat(20)
const LIMITS = { ...DEFAULT_LIMITS, maxUnpackedBytes: 64e6, maxSpoolBytes: 64e6, freeUnpackedBytes: 4e6 }
const PATHS = [
  'a',
  '../../etc/passwd',
  '/abs',
  'a/b/c',
  '',
  '.',
  'x\0y',
  '\u202egnp',
  'a'.repeat(300),
] as const

/** Everything that can hold evidence: gzip, zstd, tar, zip, and these in each other. */
export const archives: Target = {
  name: 'archives',
  samples: () => [
    gzipSync(TEXT),
    zstdCompressSync(TEXT),
    Buffer.concat([gzipSync(TEXT), gzipSync(TEXT)]),
    Buffer.concat([zstdCompressSync(TEXT), zstdCompressSync(TEXT)]),
    makeTar([
      { path: 'x', type: 'x', content: paxRecords({ path: 'p', size: '3', mtime: '1.5' }) },
      { path: 'a', content: 'abc' },
      { path: 'l', type: 'L', content: 'long\0' },
      { path: 'b', size: base256(700), content: TEXT },
      { path: 'c', content: gzipSync(TEXT) },
    ]),
    makeZip([
      { path: 'a.log', content: TEXT },
      { path: 'b', content: TEXT, method: 0 },
      { path: 'c', content: gzipSync(TEXT), isOpenEnded: true },
    ]),
    gzipSync(makeTar([{ path: 'a', content: TEXT }])),
    zstdCompressSync(makeZip([{ path: 'z', content: gzipSync(TEXT) }])),
  ],
  words: [
    'PK\u0003\u0004',
    'PK\u0001\u0002',
    'PK\u0005\u0006',
    'ustar',
    '\u001f',
    '11 path=x\n',
    '9999999999 path=x\n',
  ],
  build: (random) => packed(random, 0),
  check: async (bytes, random) => {
    const spool = new Spool(undefined, LIMITS)
    const inputs: Input[] = []
    try {
      await explore(
        { name: 'f', group: '.', storedSize: bytes.length, modifiedAt: null },
        new HeldBytes(bytes),
        {
          limits: LIMITS,
          spool,
          budget: { unpackedBytes: 0 },
          members: { count: 0 },
          wanted: null,
          found: (input) => inputs.push(input),
          skipped: ({ reason }) =>
            promise(reason.length > 0 && reason.length < 2000, 'a reason in few words'),
        },
      )
      // All are read in any order, one of them twice.
      const order = random.chance(0.5) ? inputs : inputs.toReversed()
      for (const input of [...order, ...order.slice(0, 1)]) await readAll(input)
    } finally {
      spool.close()
    }
  },
}

async function readAll(input: Input): Promise<void> {
  const { head } = input
  promise(head.length > 0 && head.length <= HEAD_BYTES, 'a head of 1 byte to 64 KiB')
  let length = 0
  for await (const chunk of input.chunks(() => {})) {
    promise(chunk.length <= 1 << 20, 'chunks of at most 1 MiB')
    if (length === 0) {
      const start = chunk.subarray(0, head.length)
      promise(Buffer.compare(start, head.subarray(0, start.length)) === 0, 'the head begins the stream')
    }
    length += chunk.length
  }
  input.tail()
}

function packed(random: Random, depth: number): Buffer {
  const content = depth > 3 || random.chance(0.4) ? contentOf(random) : packed(random, depth + 1)
  const kind = random.integer(0, 3)
  if (kind === 0) return gzipSync(content, { level: 1 })
  if (kind === 1) return zstdCompressSync(content)
  if (kind === 2)
    return makeTar(
      Array.from({ length: random.integer(0, 4) }, () => tarEntry(random, content)),
      random.chance(0.8),
    )
  const entries = Array.from({ length: random.integer(0, 4) }, () => zipEntry(random, content))
  return makeZip(entries, {
    directory: random.chance(0.9),
    ...(random.chance(0.2) ? { comment: 'PK\u0005\u0006' } : {}),
  })
}

function contentOf(random: Random): Buffer {
  return random.chance(0.1)
    ? Buffer.alloc(random.integer(0, 3_000_000))
    : Buffer.from(random.bytes(random.integer(0, 3000)))
}

function tarEntry(random: Random, content: Buffer): TarEntry {
  return {
    path: random.pick(PATHS),
    content,
    ...(random.chance(0.3) ? { type: random.pick(['x', 'g', 'L', 'K', '1', '2', '3', '5', 'S', '\0']) } : {}),
    ...(random.chance(0.2)
      ? { size: random.chance(0.5) ? random.uint32() : base256(random.uint32() * 4096) }
      : {}),
    ...(random.chance(0.1) ? { magic: 'ustar  \0' } : {}),
  }
}

function zipEntry(random: Random, content: Buffer): ZipEntry {
  return {
    path: random.pick(PATHS),
    content,
    ...(random.chance(0.4) ? { method: random.pick([0, 8, 9, 12, 14, 93]) } : {}),
    ...(random.chance(0.2) ? { flags: random.integer(0, 0xffff) } : {}),
    ...(random.chance(0.2) ? { size: random.uint32() } : {}),
    ...(random.chance(0.2) ? { packedSize: random.uint32() } : {}),
    ...(random.chance(0.2)
      ? { headerAt: random.chance(0.5) ? random.integer(0, 500) : random.uint32() }
      : {}),
    ...(random.chance(0.2) ? { crc: random.uint32() } : {}),
    isOpenEnded: random.chance(0.2),
  }
}
