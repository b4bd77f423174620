import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { reopen } from './open.ts'
import { folderWith } from './samples/folder.ts'
import { makeTar } from './samples/make-tar.ts'
import { makeZip } from './samples/make-zip.ts'
import { noise } from './samples/noise.ts'
import { openForTest, readAll, readInput } from './samples/read-all.ts'

const log = 'Jan  1 00:00:00 host sshd[1]: one line\n'.repeat(100)
const big = noise(1_500_000)
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** The same log in every wrapping, and those in each other. */
function wrapped(): Record<string, Buffer> {
  const tar = makeTar([
    { path: 'var/log/auth.log', content: log },
    { path: 'big', content: big },
  ])
  return {
    'plain.gz': Buffer.from(log),
    'gz.log': gzipSync(log),
    'zst.log': zstdCompressSync(log),
    'both.log': zstdCompressSync(gzipSync(log)),
    tar,
    'tar.zip': gzipSync(tar),
    'tar.zst': zstdCompressSync(tar),
    zip: makeZip([
      { path: 'a', content: log },
      { path: 'b.tgz', content: gzipSync(tar) },
      { path: 'stored.tar', content: tar, method: 0 },
    ]),
    'zip.gz': gzipSync(makeZip([{ path: 'a', content: log }])),
    deep: gzipSync(
      makeTar([
        {
          path: 'in.zip',
          content: makeZip([{ path: 'in.tar', content: makeTar([{ path: 'a', content: log }]) }]),
        },
      ]),
    ),
  }
}

const expected = {
  'both.log': log,
  'deep!in.zip!in.tar!a': log,
  'gz.log': log,
  'plain.gz': log,
  'tar!var/log/auth.log': log,
  'tar!big': big.toString('latin1'),
  'tar.zip!var/log/auth.log': log,
  'tar.zip!big': big.toString('latin1'),
  'tar.zst!var/log/auth.log': log,
  'tar.zst!big': big.toString('latin1'),
  'zip!a': log,
  'zip!b.tgz!var/log/auth.log': log,
  'zip!b.tgz!big': big.toString('latin1'),
  'zip!stored.tar!var/log/auth.log': log,
  'zip!stored.tar!big': big.toString('latin1'),
  'zip.gz!a': log,
  'zst.log': log,
}

describe('openInputs', () => {
  it('opens everything by its content, whatever its name', async () => {
    const { read, problems, skipped } = await readAll(folderWith(wrapped()))
    expect(Object.keys(read)).toEqual(Object.keys(expected))
    for (const [name, content] of Object.entries(expected)) expect(read[name] === content, name).toBe(true)
    expect([...problems, ...skipped]).toEqual([])
  })

  it('gives heads, tails, sizes, times and groups', async () => {
    const folder = folderWith({
      log,
      big,
      'a.gz': gzipSync(big),
      'a.tar': makeTar([{ path: 'x', content: big }]),
    })
    const { inputs } = await openForTest([folder])
    const gz = readFileSync(join(folder, 'a.gz'))
    expect(
      inputs.map(({ name, group, storedSize }) => [
        name.slice(folder.length),
        group.slice(folder.length),
        storedSize,
      ]),
    ).toEqual([
      ['/a.gz', '', gz.length],
      ['/a.tar!x', '/a.tar', big.length],
      ['/big', '', big.length],
      ['/log', '', log.length],
    ])
    for (const input of inputs) {
      const { content } = await readInput(input)
      expect(Buffer.from(input.head).equals(content.subarray(0, 65536))).toBe(true)
      const tail = input.tail()
      expect(tail === null).toBe(input.name.endsWith('.gz'))
      if (tail !== null) expect(Buffer.from(tail).equals(content.subarray(-65536))).toBe(true)
    }
    expect(inputs[1]?.modifiedAt).toBe(1_700_000_000_000)
  })

  it('reads an input again, and several side by side', async () => {
    const { inputs } = await openForTest([folderWith(wrapped())])
    const once = await Promise.all(inputs.map((input) => readInput(input)))
    const again = await Promise.all(inputs.map((input) => readInput(input)))
    once.forEach(({ content }, i) => expect(again[i]?.content.equals(content)).toBe(true))
  })

  it('may be left in the middle of an input', async () => {
    const { inputs } = await openForTest([folderWith(wrapped())])
    for (const input of inputs) {
      for await (const chunk of input.chunks(() => {})) {
        expect(chunk.length).toBeGreaterThan(0)
        break
      }
    }
  })

  it('names what it does not read', async () => {
    const { read, skipped } = await readAll(
      folderWith({
        a: '',
        b: gzipSync(''),
        c: Buffer.from('\xfd7zXZ\0rest', 'latin1'),
        d: Buffer.from('BZh91AY&SYrest', 'latin1'),
        e: 'BZh9 is a text',
        f: makeTar([{ path: 'g', content: gzipSync(Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')) }]),
        g: gzipSync(log).subarray(0, 12),
      }),
    )
    expect(Object.keys(read)).toEqual(['e'])
    expect(skipped).toEqual([
      { file: 'a', reason: 'empty' },
      { file: 'b', reason: 'empty' },
      { file: 'c', reason: 'packed with xz, which is not read: unpack it first' },
      { file: 'd', reason: 'packed with bzip2, which is not read: unpack it first' },
      { file: 'f!g', reason: 'packed with 7-Zip, which is not read: unpack it first' },
      { file: 'g', reason: 'the gzip stream breaks off after 0 unpacked bytes' },
    ])
  })

  it.each([
    ['../../etc/passwd', '../../etc/passwd'],
    ['/etc/passwd', '/etc/passwd'],
    ['a\0b', 'a'],
    ['\x1b[2J\u202e\n', '\\x1b[2J\\u202e\\n'],
    ['<img src=x>', '<img src=x>'],
    ['a!b', 'a!b'],
  ])('takes the path of a member as a label only: %j', async (path, label) => {
    const folder = folderWith({ 'a.tar.gz': gzipSync(makeTar([{ path, content: big }])) })
    const before = readdirSync(folder)
    const { read } = await readAll(folder, { spoolDir: folder })
    expect(Object.keys(read)).toEqual([`a.tar.gz!${label}`])
    expect(readdirSync(folder)).toEqual(before)
  })

  it('does not keep a megabyte of member path', async () => {
    const long = makeTar([
      { path: 'l', type: 'L', content: 'x'.repeat(1e6) },
      { path: 'x', content: log },
    ])
    const { inputs } = await openForTest([folderWith({ 'a.tar': long })])
    expect(inputs.map(({ name }) => name.length < 1200)).toEqual([true])
  })

  it('tells a truncated compressed archive and reads what is there', async () => {
    const packed = gzipSync(
      makeTar([
        { path: 'a', content: log },
        { path: 'big', content: big },
      ]),
    )
    const { read, problems, skipped } = await readAll(
      folderWith({ 'a.tgz': packed.subarray(0, packed.length / 2) }),
    )
    expect(read['a.tgz!a']).toBe(log)
    const part = read['a.tgz!big'] ?? ''
    expect(part.length).toBeGreaterThan(700_000)
    expect(big.toString('latin1').startsWith(part)).toBe(true)
    expect(problems).toEqual([
      `the archive breaks off in it, after ${part.length.toLocaleString('en-US')} of 1,500,000 bytes`,
    ])
    expect(skipped).toEqual([
      {
        file: 'a.tgz',
        reason: expect.stringMatching(/^the gzip stream breaks off after [\d,]+ unpacked bytes$/),
      },
    ])
  })

  it('reads a file as it was when it was opened', async () => {
    const names = ['grows', 'shrinks', 'replaced', 'removed']
    const folder = folderWith(Object.fromEntries(names.map((name) => [name, log])))
    const { inputs } = await openForTest([folder])
    appendFileSync(join(folder, 'grows'), 'more')
    truncateSync(join(folder, 'shrinks'), 100)
    writeFileSync(join(folder, 'new'), 'new')
    renameSync(join(folder, 'new'), join(folder, 'replaced'))
    rmSync(join(folder, 'removed'))
    const whole: Record<string, [string, string[]]> = {}
    for (const input of inputs) {
      const { name, content, problems } = await readInput(input)
      whole[name.slice(folder.length + 1)] = [content.toString(), problems]
    }
    expect(whole).toEqual({
      grows: [log, []],
      shrinks: [log.slice(0, 100), ['the file became shorter while it was read: it ends after 100 bytes']],
      replaced: ['', ['cannot be read further after 0 bytes: it was replaced meanwhile']],
      removed: ['', ['cannot be read further after 0 bytes: no such file or folder']],
    })
    expect(inputs.map(({ head }) => head.length)).toEqual([log.length, 0, 0, 100])
  })
})

describe('standard input', () => {
  it.each([
    ['plain', Buffer.from(log), { '-': log }],
    ['too big for memory', big, { '-': big.toString('latin1') }],
    ['an archive', gzipSync(makeTar([{ path: 'a', content: log }])), { '-!a': log }],
  ])('%s', async (_title, bytes, expected) => {
    const opened = await openForTest(['-', '-'], {
      stdin: Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]),
    })
    const read: Record<string, string> = {}
    for (const input of opened.inputs) read[input.name] = (await readInput(input)).content.toString('latin1')
    expect(read).toEqual(expected)
    expect(opened.digests().get('-')).toEqual({ sha256: sha256(bytes), size: bytes.length })
  })

  it('is used as far as it came', async () => {
    const stdin = new PassThrough()
    stdin.write(log)
    setImmediate(() => stdin.destroy(new Error('the other side went away')))
    const opened = await openForTest(['-'], { stdin })
    expect(opened.skipped).toEqual([
      { file: '-', reason: 'cannot be read further: the other side went away' },
    ])
    expect(opened.inputs).toHaveLength(1)
  })

  it('is cut off where it does not fit', async () => {
    const opened = await openForTest(['-'], { stdin: Readable.from([big]), limits: { maxSpoolBytes: 1000 } })
    expect(opened.skipped[0]?.reason).toBe('cut off: unpacking would take more than 1 kB of temporary space')
  })
})

describe('digests', () => {
  it.each([true, false])(
    'are of the files as stored (hashed while reading: %s)',
    async (hashesWhileReading) => {
      const files = wrapped()
      const folder = folderWith(files)
      const opened = await openForTest([folder], { hashesWhileReading })
      const sums = Object.fromEntries(
        Object.entries(files).map(([name, bytes]) => [
          `${folder}/${name}`,
          { sha256: sha256(bytes), size: bytes.length },
        ]),
      )
      const [first] = opened.inputs
      if (first !== undefined) expect([...opened.digests([first]).keys()]).toEqual([opened.fileOf(first)])
      for (const input of opened.inputs.slice(0, 5)) await readInput(input)
      expect(Object.fromEntries(opened.digests())).toEqual(sums)
      for (const input of opened.inputs) await readInput(input)
      expect(Object.fromEntries(opened.digests())).toEqual(sums)
    },
  )
})

describe('reopen', () => {
  it('finds every input by its name', async () => {
    const odd = { 'a!b': log, 'esc\x1b': log, 'x!y.tar': makeTar([{ path: 'm!n', content: log }]) }
    const opened = await openForTest([folderWith({ ...wrapped(), ...odd })])
    expect(opened.inputs).toHaveLength(Object.keys(expected).length + 3)
    for (const input of opened.inputs) {
      const again = await reopen(input.name)
      expect(again?.input.name).toBe(input.name)
      if (again === null) continue
      const [a, b] = [await readInput(input), await readInput(again.input)]
      expect(a.content.equals(b.content)).toBe(true)
      again.close()
    }
  })

  it.each(['gone', 'a.tar!gone', 'a.tar!a!b', 'a.tar', '', '!', '-', '.'])(
    'gives null for %j',
    async (name) => {
      const folder = folderWith({ 'a.tar': makeTar([{ path: 'a', content: log }]) })
      expect(await reopen(name === '' || name === '-' ? name : join(folder, name))).toBeNull()
    },
  )
})

describe('close', () => {
  it('leaves nothing behind, and inputs that were kept aside say so', async () => {
    const folder = folderWith({ 'a.tgz': gzipSync(makeTar([{ path: 'big', content: big }])) })
    const opened = await openForTest([folder], { spoolDir: folder })
    opened.close()
    opened.close()
    const [input] = opened.inputs
    expect(input === undefined ? null : (await readInput(input)).problems).toEqual([
      'cannot be read further after 0 bytes: the inputs were closed',
    ])
    expect(readdirSync(folder)).toEqual(['a.tgz'])
  })

  it.runIf(process.platform === 'linux')('needs no name on the disk while it is open', () => {
    const folder = folderWith({ 'a.tgz': gzipSync(makeTar([{ path: 'big', content: big }])) })
    const script = `
      import { openInputs } from ${JSON.stringify(new URL('open.ts', import.meta.url).href)}
      const { inputs } = await openInputs([${JSON.stringify(join(folder, 'a.tgz'))}], { spoolDir: ${JSON.stringify(folder)} })
      process.stdout.write(String(inputs.length))
      process.kill(process.pid, 'SIGKILL')`
    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script])).toThrow(
      'Command failed',
    )
    expect(readdirSync(folder)).toEqual(['a.tgz'])
  })

  it('says where there is no room', async () => {
    const folder = folderWith({
      'a.tgz': gzipSync(
        makeTar([
          { path: 'big', content: big },
          { path: 'a', content: log },
        ]),
      ),
    })
    const { read, skipped } = await readAll(folder, { spoolDir: join(folder, 'gone') })
    expect(read).toEqual({ 'a.tgz!a': log })
    const reason = `cut off: cannot unpack it to ${folder}/gone: no such file or folder`
    expect(skipped).toEqual([{ file: 'a.tgz!big', reason }])
  })

  it('keeps to its share of temporary space and still takes what is small', async () => {
    const members = ['a', 'b', 'c'].map((path) => ({ path, content: big }))
    const folder = folderWith({ 'a.tgz': gzipSync(makeTar([...members, { path: 'd', content: log }])) })
    const { read, skipped, problems } = await readAll(folder, { limits: { maxSpoolBytes: 2_000_000 } })
    expect(Object.entries(read).map(([name, content]) => [name, content.length])).toEqual([
      ['a.tgz!a', 1_500_000],
      ['a.tgz!b', expect.toSatisfy((length: number) => length < 500_000)],
      ['a.tgz!c', expect.toSatisfy((length: number) => length < 500_000)],
      ['a.tgz!d', log.length],
    ])
    expect(
      [...problems, ...skipped.map(({ reason }) => reason)].every((text) =>
        text.includes('2 MB of temporary space'),
      ),
    ).toBe(true)
  })
})
