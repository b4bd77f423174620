import { chmodSync, existsSync, linkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from './limits.ts'
import { folderWith } from './samples/folder.ts'
import { makePipe, makeSocket } from './samples/special-files.ts'
import { Walk } from './walk.ts'

const isLinux = process.platform === 'linux'

function find(
  folder: string,
  paths = [folder],
  limits = {},
): { files: string[]; skipped: Record<string, string> } {
  const walk = new Walk({ ...DEFAULT_LIMITS, ...limits })
  const found = paths.map((path) => walk.find(Buffer.from(path), path))
  const short = (name: string): string => name.slice(folder.length + 1)
  return {
    files: found.flatMap(({ files }) => files.map(({ name }) => short(name))),
    skipped: Object.fromEntries(
      found.flatMap(({ skipped }) => skipped.map(({ file, reason }) => [short(file), reason])),
    ),
  }
}

describe('Walk', () => {
  it('finds files in folders, sorted, grouped by folder', () => {
    const folder = folderWith({ b: '1', 'a/z': '1', 'a/b/c': '', 'a.log': '1', Z: '1' })
    expect(find(folder)).toEqual({ files: ['Z', 'a/b/c', 'a/z', 'a.log', 'b'], skipped: {} })
    const { files } = new Walk(DEFAULT_LIMITS).find(Buffer.from(folder), 'given')
    expect(files.map(({ name, group, size }) => [name, group, size])).toContainEqual([
      'given/a/z',
      'given/a',
      1,
    ])
  })

  it('takes each file once, however often it is given', () => {
    const folder = folderWith({ a: '1', b: '1' })
    linkSync(join(folder, 'a'), join(folder, 'hard'))
    symlinkSync('b', join(folder, '0 soft'))
    expect(find(folder, [folder, join(folder, 'a'), folder])).toEqual({
      files: ['a', 'b'],
      skipped: {
        hard: `the same as ${folder}/a`,
        '0 soft': `the same as ${folder}/b`,
        a: `the same as ${folder}/a`,
        '': `the same as ${folder}`,
      },
    })
  })

  it('follows symbolic links inside the folder only, and no circles', () => {
    const outside = folderWith({ secret: '1' })
    const folder = folderWith({ 'real/a': '1', 'real/deep/b': '1' })
    symlinkSync('real', join(folder, 'alias'))
    symlinkSync('..', join(folder, 'real', 'up'))
    symlinkSync('circle', join(folder, 'circle'))
    symlinkSync('gone', join(folder, 'broken'))
    symlinkSync(outside, join(folder, 'out'))
    symlinkSync(join(outside, 'secret'), join(folder, 'secret'))
    const leadsOut = 'a symbolic link that leads out of the folder: not followed'
    expect(find(folder)).toEqual({
      files: ['real/a', 'real/deep/b'],
      skipped: {
        alias: `the same as ${folder}/real`,
        'real/up': `the same as ${folder}`,
        circle: 'its symbolic links go in a circle',
        broken: 'no such file or folder',
        out: leadsOut,
        secret: leadsOut,
      },
    })
  })

  it('does not take a folder whose name begins like the given one for a part of it', () => {
    const parent = folderWith({ 'host/a': '1', 'host-2/b': '1' })
    symlinkSync('../host-2', join(parent, 'host', 'link'))
    expect(find(parent, [join(parent, 'host')])).toEqual({
      files: ['host/a'],
      skipped: { 'host/link': 'a symbolic link that leads out of the folder: not followed' },
    })
  })

  it('follows a given link wherever it leads', () => {
    const outside = folderWith({ a: '1' })
    const folder = folderWith()
    symlinkSync(outside, join(folder, 'link'))
    expect(find(folder, [join(folder, 'link')]).files).toEqual(['link/a'])
  })

  it.runIf(isLinux)('does not open pipes, sockets and devices', async () => {
    const folder = folderWith({ a: '1' })
    makePipe(join(folder, 'pipe'))
    await makeSocket(join(folder, 'socket'))
    expect(find(folder)).toEqual({
      files: ['a'],
      skipped: { pipe: 'a named pipe: not opened', socket: 'a socket: not opened' },
    })
    expect(new Walk(DEFAULT_LIMITS).find(Buffer.from('/dev/zero'), '/dev/zero').skipped).toEqual([
      { file: '/dev/zero', reason: 'a device: not opened' },
    ])
  })

  it.runIf(existsSync('/proc/kmsg'))('does not open what the kernel makes up', () => {
    for (const path of ['/proc', '/proc/kmsg', '/proc/self/fd']) {
      const { files, skipped } = new Walk(DEFAULT_LIMITS).find(Buffer.from(path), path)
      expect({ files, skipped }).toEqual({
        files: [],
        skipped: [{ file: path, reason: 'made up by the kernel (proc): not evidence' }],
      })
    }
  })

  it('names what is not there', () => {
    const folder = folderWith()
    expect(find(folder, [join(folder, 'gone')])).toEqual({
      files: [],
      skipped: { gone: 'no such file or folder' },
    })
  })

  it.skipIf(process.getuid?.() === 0)('names what may not be read', () => {
    const folder = folderWith({ 'closed/a': '1', b: '1' })
    chmodSync(join(folder, 'closed'), 0)
    expect(find(folder)).toEqual({ files: ['b'], skipped: { closed: 'no permission to read it' } })
    chmodSync(join(folder, 'closed'), 0o700)
  })

  it('shows control characters in names and still opens the files', () => {
    const folder = folderWith({ 'a\x1b[2J\nb': '1', '\u202etxt.exe': '1' })
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/latin-`), Buffer.from([0xe4])]), '1')
    expect(find(folder).files).toEqual(['a\\x1b[2J\\nb', 'latin-\ufffd', '\\u202etxt.exe'])
  })

  it('stops at the limits and says so', () => {
    const folder = folderWith({ 'a/b/c/d': '1', '1': '1', '2': '1', '3': '1' })
    expect(find(folder, [folder], { maxFolderDepth: 2 }).skipped).toEqual({
      'a/b': 'deeper than 2 folders: not opened',
    })
    expect(find(folder, [folder], { maxFiles: 2 })).toEqual({
      files: ['1', '2'],
      skipped: { '3': 'more than 2 files: this and all others are not read' },
    })
  })
})
