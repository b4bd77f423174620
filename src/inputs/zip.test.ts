import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { deflateRawSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { folderWith } from './samples/folder.ts'
import { makeZip } from './samples/make-zip.ts'
import { noise } from './samples/noise.ts'
import { readAll } from './samples/read-all.ts'

const log = 'Jan  1 00:00:00 host sshd[1]: one line\n'.repeat(100)

const short = (name: string): string => name.replace(/^a\.zip!?/, '')

async function readZip(archive: Buffer): ReturnType<typeof readAll> {
  const got = await readAll(folderWith({ 'a.zip': archive }))
  return {
    ...got,
    read: Object.fromEntries(Object.entries(got.read).map(([name, content]) => [short(name), content])),
    skipped: got.skipped.map(({ file, reason }) => ({ file: short(file), reason })),
  }
}

describe('zip archives', () => {
  it.each<[string, Buffer, Record<string, string>]>([
    [
      'deflated and stored',
      makeZip([
        { path: 'a', content: log },
        { path: 'b/c', content: log, method: 0 },
      ]),
      { a: log, 'b/c': log },
    ],
    [
      'zstd inside',
      makeZip([{ path: 'a', content: log, method: 93, packed: zstdCompressSync(log) }]),
      { a: log },
    ],
    ['a comment', makeZip([{ path: 'a', content: log }], { comment: 'PK\x05\x06 and more' }), { a: log }],
    [
      'bytes behind',
      Buffer.concat([makeZip([{ path: 'a', content: log }]), Buffer.alloc(1000, 'x')]),
      { a: log },
    ],
    [
      'sizes behind the content',
      makeZip([
        { path: 'a', content: log, isOpenEnded: true },
        { path: 'b', content: '1' },
      ]),
      { a: log, b: '1' },
    ],
    [
      'folders and links',
      makeZip([
        { path: 'd/', content: '' },
        { path: 'l', content: 'a', attributes: 0xa1ff0000 },
        { path: 'a', content: log },
      ]),
      { a: log },
    ],
    [
      'names that are not UTF-8',
      makeZip([{ path: Buffer.from([0x61, 0xe4]), content: '1' }]),
      { 'a\ufffd': '1' },
    ],
  ])('%s', async (_title, archive, expected) => {
    expect(await readZip(archive)).toEqual({ read: expected, problems: [], skipped: [] })
  })

  it.each<[string, Buffer, string]>([
    ['encrypted', makeZip([{ path: 'a', content: log, flags: 1 }]), 'encrypted: not read'],
    ['LZMA', makeZip([{ path: 'a', content: log, method: 14 }]), 'packed with LZMA: not read'],
    [
      'an unknown method',
      makeZip([{ path: 'a', content: log, method: 77 }]),
      'packed with method 77: not read',
    ],
    [
      'a member that is nowhere',
      makeZip([{ path: 'a', content: log, headerAt: 50 }]),
      'the zip archive has no such member where its directory says',
    ],
    [
      'a member far outside',
      makeZip([{ path: 'a', content: log, headerAt: 2 ** 31 }]),
      'the zip archive has no such member where its directory says',
    ],
    ['no content', makeZip([{ path: 'a', content: '' }]), 'empty'],
  ])('names what it does not read: %s', async (_title, archive, reason) => {
    const whole = Buffer.concat([makeZip([{ path: 'first', content: '1' }], { directory: false }), archive])
    expect((await readZip(whole)).skipped).toContainEqual({ file: 'a', reason })
  })

  it.each<[string, Buffer, string]>([
    [
      'a wrong checksum',
      makeZip([{ path: 'a', content: log, crc: 1 }]),
      'its checksum in the zip archive does not fit its content: something in it was changed',
    ],
    [
      'a wrong checksum of a stored member',
      makeZip([{ path: 'a', content: log, crc: 1, method: 0 }]),
      'its checksum in the zip archive does not fit its content: something in it was changed',
    ],
    [
      'a wrong size',
      makeZip([{ path: 'a', content: log, size: 77 }]),
      'has 3,900 bytes where the zip archive says 77',
    ],
  ])('reads and tells: %s', async (_title, archive, problem) => {
    const got = await readZip(archive)
    expect(log.startsWith(got.read['a'] ?? '?')).toBe(true)
    expect(got.problems).toEqual([problem])
  })

  it('reads a member up to where its packed size ends it', async () => {
    const content = noise(1000).toString('hex')
    const got = await readZip(makeZip([{ path: 'a', content, packedSize: 500 }]))
    expect(content.startsWith(got.read['a'] ?? '?')).toBe(true)
    expect(got.problems).toEqual([
      expect.stringMatching(/^the deflate stream breaks off after \d+ unpacked bytes$/),
    ])
  })

  it('refuses members that share their bytes', async () => {
    const kernel = makeZip([{ path: 'z', content: log }], { directory: false })
    // Each member's content is the next member's header and content, down to one kernel.
    const quoted = Buffer.concat([kernel, kernel])
    const got = await readZip(
      makeZip([
        { path: 'a', content: quoted, method: 0 },
        { path: 'b', content: log, headerAt: 31 },
        { path: 'c', content: log, headerAt: 0 },
      ]),
    )
    expect(
      got.skipped
        .filter(({ reason }) => reason === 'overlaps another member of the zip archive: not read')
        .map(({ file }) => file),
    ).toEqual(['a', 'c'])
  })

  it.each([
    ['known sizes', false],
    ['sizes behind the content', true],
  ])('reads what is left of an archive without its directory: %s', async (_title, isOpenEnded) => {
    const names = ['a', 'b', 'c']
    const archive = makeZip(
      names.map((path) => ({ path, content: log, isOpenEnded })),
      { directory: false },
    )
    const got = await readZip(archive.subarray(0, -20))
    expect(Object.keys(got.read)).toEqual(names)
    expect([got.read['a'], got.read['b']]).toEqual([log, log])
    expect(got.problems).toHaveLength(1)
    expect(got.skipped).toEqual([
      {
        file: '',
        reason: 'the zip archive has no directory at its end (cut off?): found 3 members without it',
      },
    ])
  })

  it('keeps the entries before a damaged one', async () => {
    const archive = makeZip([
      { path: 'a', content: log },
      { path: 'b', content: log },
    ])
    archive.fill('?', archive.length - 22 - 47, archive.length - 22 - 40)
    const got = await readZip(archive)
    expect(got.read).toEqual({ a: log })
    expect(got.skipped).toEqual([
      { file: '', reason: "the zip archive's directory is damaged after 1 of 2 entries" },
    ])
  })

  it('cuts off a bomb', async () => {
    const packed = deflateRawSync(Buffer.alloc(200e6))
    const folder = folderWith({ 'a.zip': makeZip([{ path: 'a', content: '', packed, size: 200e6 }]) })
    const { problems } = await readAll(folder)
    expect(problems).toEqual([
      expect.stringMatching(/^unpacks to more than 1,000 times its size: cut off after \d+ MB$/),
    ])
  })
})

describe.skipIf(!hasZip())('archives of the zip command', () => {
  it.each([
    ['plain', []],
    ['zip64', ['-fz']],
    ['as a stream', ['-fd']],
  ])('%s', async (_title, options) => {
    const folder = folderWith({ 'in/a.log': log, 'in/ä/b.log': 'short', 'out/keep': 'x' })
    execFileSync('zip', ['-q', '-r', ...options, '../out/a.zip', '.'], { cwd: join(folder, 'in') })
    const { read, skipped, problems } = await readAll(join(folder, 'out'))
    expect(read).toEqual({ 'a.zip!a.log': log, 'a.zip!ä/b.log': 'short', keep: 'x' })
    expect([...skipped, ...problems]).toEqual([])
  })
})

function hasZip(): boolean {
  try {
    return execFileSync('zip', ['-v']).length > 0
  } catch {
    return false
  }
}
