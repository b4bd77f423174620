import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HeldBytes, streamOf } from './bytes.ts'
import { Feed } from './feed.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { folderWith } from './samples/folder.ts'
import { base256, makeTar, paxRecords, withChecksum } from './samples/make-tar.ts'
import { Spool } from './spool.ts'
import { readTar } from './tar.ts'
import { OpenTar, StreamedTar, type TarContents } from './tar-cursor.ts'
import { isTar } from './tar-header.ts'

interface Listed {
  readonly path: string
  readonly content: string
  readonly modifiedAt: number | null
  readonly unreadable: string | null
  readonly damage: string | null
}

async function list(cursor: TarContents): Promise<{ members: Listed[]; problems: string[] }> {
  const problems: string[] = []
  const members: Listed[] = []
  for await (const { path, size, modifiedAt, unreadable } of readTar(cursor, (text) => problems.push(text))) {
    const { bytes, damage } = await cursor.content(size)
    const content = Buffer.alloc(bytes.size)
    bytes.read(content, 0)
    members.push({ path: path.toString(), content: content.toString(), modifiedAt, unreadable, damage })
  }
  return { members, problems }
}

/** Reads the archive both ways, as a file and as a stream, which must come to the same. */
async function listTar(archive: Buffer): Promise<{ members: Listed[]; problems: string[] }> {
  const bytes = new HeldBytes(archive)
  const asFile = await list(new OpenTar(bytes))
  const spool = new Spool(undefined, DEFAULT_LIMITS)
  expect(await list(new StreamedTar(new Feed(streamOf(bytes)(() => {})), spool))).toEqual(asFile)
  spool.close()
  return asFile
}

async function contentsOf(archive: Buffer): Promise<[string, string][]> {
  const { members, problems } = await listTar(archive)
  expect(problems).toEqual([])
  return members.map(({ path, content }) => [path, content])
}

const long = `${'folder/'.repeat(30)}file.log`
const GNU = 'ustar  \0'

describe('readTar', () => {
  it.each<[string, Buffer, [string, string][]]>([
    ['nothing', makeTar([]), []],
    [
      'members',
      makeTar([{ path: 'a', content: '1' }, { path: 'b' }, { path: 'c', content: 'x'.repeat(1024) }]),
      [
        ['a', '1'],
        ['b', ''],
        ['c', 'x'.repeat(1024)],
      ],
    ],
    ['no end', makeTar([{ path: 'a', content: '1' }], false), [['a', '1']]],
    [
      'a prefix',
      makeTar([{ path: 'file.log', prefix: 'var/log', content: '1' }]),
      [['var/log/file.log', '1']],
    ],
    ['no magic (version 7)', makeTar([{ path: 'a', type: '\0', magic: '', content: '1' }]), [['a', '1']]],
    [
      'GNU long name',
      makeTar([
        { path: '././@LongLink', type: 'L', magic: GNU, content: `${long}\0` },
        { path: long.slice(0, 100), magic: GNU, content: '1' },
      ]),
      [[long, '1']],
    ],
    [
      'GNU long link target',
      makeTar([
        { path: '././@LongLink', type: 'K', magic: GNU, content: `${long}\0` },
        { path: 'link', type: '2', magic: GNU },
        { path: 'a', content: '1' },
      ]),
      [['a', '1']],
    ],
    [
      'pax path and size',
      makeTar([
        { path: 'x', type: 'x', content: paxRecords({ path: long, size: '3' }) },
        { path: 'short', size: 0, content: 'abc' },
      ]),
      [[long, 'abc']],
    ],
    [
      'pax path with an equals sign and newline',
      makeTar([{ path: 'x', type: 'x', content: paxRecords({ path: 'a=b\nc' }) }, { path: 'short' }]),
      [['a=b\nc', '']],
    ],
    [
      'pax without sense',
      makeTar([
        { path: 'x', type: 'x', content: 'no records at all' },
        { path: 'a', content: '1' },
      ]),
      [['a', '1']],
    ],
    ['base 256', makeTar([{ path: 'a', size: base256(3), content: 'abc' }]), [['a', 'abc']]],
    [
      'folders, links, devices, pipes',
      makeTar([
        { path: 'd/', type: '5' },
        { path: 'old/', type: '\0' },
        { path: 'l', type: '2' },
        { path: 'h', type: '1', size: 5 },
        { path: 'c', type: '3' },
        { path: 'b', type: '4' },
        { path: 'p', type: '6' },
        { path: 'a', content: '1' },
      ]),
      [['a', '1']],
    ],
  ])('%s', async (_title, archive, expected) => {
    expect(await contentsOf(archive)).toEqual(expected)
  })

  it('tells when members were last written', async () => {
    const archive = makeTar([
      { path: 'a', mtime: 1_700_000_000 },
      { path: 'x', type: 'x', content: paxRecords({ mtime: '1700000001.25' }) },
      { path: 'b' },
      { path: 'c', mtime: 0 },
    ])
    const { members } = await listTar(archive)
    expect(members.map(({ modifiedAt }) => modifiedAt)).toEqual([1_700_000_000_000, 1_700_000_001_250, null])
  })

  it.each([
    [
      'old GNU',
      makeTar([
        { path: 'big', type: 'S', magic: GNU, content: '123' },
        { path: 'a', content: '1' },
      ]),
    ],
    [
      'pax',
      makeTar([
        { path: 'x', type: 'x', content: paxRecords({ 'GNU.sparse.major': '1', 'GNU.sparse.name': 'big' }) },
        { path: 'GNUSparseFile.1/big', content: '123' },
        { path: 'a', content: '1' },
      ]),
    ],
  ])('names a sparse file (%s) as not read', async (_title, archive) => {
    const { members } = await listTar(archive)
    expect(members.map(({ path, unreadable }) => [path, unreadable])).toEqual([
      ['big', 'a sparse file in a tar archive: not read'],
      ['a', null],
    ])
  })

  it('passes over a damaged header and what follows to the next one', async () => {
    const archive = makeTar([
      { path: 'a', content: '1' },
      { path: 'b', content: '2' },
      { path: 'c', content: '3' },
    ])
    archive.fill('?', 1024, 1200)
    const { members, problems } = await listTar(archive)
    expect(members.map(({ path }) => path)).toEqual(['a', 'c'])
    expect(problems).toEqual(['1,024 bytes from byte 1,024 of the tar archive are damaged: passed over'])
  })

  it.each([
    ['octal', 0o77777777777],
    ['base 256', base256(Number.MAX_SAFE_INTEGER)],
    ['nothing that a number can hold', Buffer.alloc(12, 0x7f).fill(0x80, 0, 1)],
    ['negative', Buffer.alloc(12, 0xff)],
    ['letters', Buffer.from('not a number')],
  ])('survives a size that cannot be: %s', async (_title, size) => {
    const archive = makeTar([
      { path: 'a', content: '1' },
      { path: 'b', size, content: '2' },
    ])
    const { members, problems } = await listTar(archive)
    expect(members[0]).toMatchObject({ path: 'a', content: '1' })
    expect(problems.length).toBeGreaterThan(0)
  })

  it('does not hold a name of 100 MB', async () => {
    const archive = makeTar([
      { path: 'long', type: 'L', content: Buffer.alloc(100e6, 'x') },
      { path: 'a', content: '1' },
    ])
    const { members, problems } = await list(new OpenTar(new HeldBytes(archive)))
    expect(members.map(({ path }) => path)).toEqual(['a'])
    expect(problems).toEqual(['a name or attribute of 100 MB in the tar archive was passed over'])
  })

  it('tells where an archive breaks off, wherever that is', async () => {
    const archive = makeTar([
      { path: 'a', content: 'x'.repeat(700) },
      { path: 'b', content: 'y'.repeat(700) },
    ])
    for (let length = 0; length < archive.length; length += 100) {
      const { members, problems } = await listTar(archive.subarray(0, length))
      const known = length >= 2048 ? 2 : length >= 512 ? 1 : 0
      expect(members.map(({ path }) => path)).toEqual(['a', 'b'].slice(0, known))
      const last = members.at(-1)
      if (last !== undefined && last.content.length < 700)
        expect(last.damage).toBe(`the archive breaks off in it, after ${last.content.length} of 700 bytes`)
      const isWhole = length === 0 || length >= 3072
      if (!isWhole)
        expect(problems).toEqual([`the tar archive breaks off after ${length.toLocaleString('en-US')} bytes`])
    }
  })
})

describe('isTar', () => {
  const header = makeTar([{ path: 'a' }]).subarray(0, 512)
  it.each<[string, Buffer, boolean]>([
    ['POSIX', header, true],
    ['GNU', makeTar([{ path: 'a', magic: GNU }]), true],
    ['version 7', makeTar([{ path: 'a', magic: '' }]), true],
    ['less than a header', header.subarray(0, 511), false],
    ['zeros', Buffer.alloc(512), false],
    ['text', Buffer.alloc(512, 'Jan  1 00:00:00 host sshd[1]: text\n'), false],
    ['a wrong checksum', Buffer.concat([Buffer.from('b'), header.subarray(1)]), false],
    [
      'no magic and no name',
      withChecksum(Buffer.concat([Buffer.alloc(1), header.subarray(1, 257), Buffer.alloc(255)])),
      false,
    ],
  ])('%s', (_title, head, expected) => {
    expect(isTar(head)).toBe(expected)
  })
})

describe.skipIf(!hasTar())('archives of the tar command', () => {
  it.each(['gnu', 'oldgnu', 'pax', 'posix', 'ustar', 'v7'])('format %s', async (format) => {
    const folder = folderWith({ 'in/a.log': 'one\n', 'in/b/c.log': 'x'.repeat(5000), 'in/empty': '' })
    const deep = format === 'v7' ? 'in/short' : join('in', 'deeper'.repeat(16), 'deepest'.repeat(12))
    mkdirSync(join(folder, deep), { recursive: true })
    writeFileSync(join(folder, deep, 'ä.log'), 'deep')
    symlinkSync('a.log', join(folder, 'in', 'link'))
    execFileSync('tar', ['--format', format, '--sort=name', '-cf', 'out.tar', 'in'], { cwd: folder })
    const archive = readFileSync(join(folder, 'out.tar'))
    expect(isTar(archive)).toBe(true)
    expect(Object.fromEntries(await contentsOf(archive))).toEqual({
      'in/a.log': 'one\n',
      'in/b/c.log': 'x'.repeat(5000),
      [join(deep, 'ä.log')]: 'deep',
      'in/empty': '',
    })
  })
})

function hasTar(): boolean {
  try {
    return execFileSync('tar', ['--version']).toString().includes('GNU tar')
  } catch {
    return false
  }
}
