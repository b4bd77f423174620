import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openInputs } from '../../inputs/open.ts'
import { folderWith as folder } from '../../inputs/samples/folder.ts'
import { Archive } from './archive.ts'
import { padding, tarHeader } from './tar-entry.ts'

async function contentsOf(file: string): Promise<Record<string, string>> {
  const opened = await openInputs([file])
  const contents: Record<string, string> = {}
  for (const input of opened.inputs) {
    let text = ''
    for await (const chunk of input.chunks((problem) => (text += `!${problem}`)))
      text += Buffer.from(chunk).toString('latin1')
    contents[input.name.slice(file.length + 1)] = text
  }
  expect(opened.skipped).toEqual([])
  opened.close()
  return contents
}

test('what goes in comes out, and is only called by its name when it is whole', async () => {
  const file = join(folder(), 'x.tar.zst')
  const archive = new Archive(file, 1_778_000_000_000)
  const long = 'y'.repeat(300_000)
  await archive.add('a.txt', Buffer.from('first'))
  await archive.add(`logs/${'deep/'.repeat(40)}ünd\nodd\u202e.log`, Buffer.from('second'))
  await archive.addStream('b.txt', long.length, [
    Buffer.from(long.slice(0, 1000)),
    Buffer.from(long.slice(1000)),
  ])
  expect(existsSync(file)).toBe(false)
  await archive.finish()
  expect(readdirSync(join(file, '..'))).toEqual(['x.tar.zst'])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const contents = await contentsOf(file)
  expect(Object.values(contents)).toEqual(['first', 'second', long])
  expect(Object.keys(contents)[1]).toMatch(/^logs\/(?:deep\/){40}ünd\\nodd\\u202e\.log$/u)
  expect(archive.members[0]).toEqual({
    path: 'a.txt',
    bytes: 5,
    sha256: createHash('sha256').update('first').digest('hex'),
  })
})

test('a log that shrinks or grows while it is read keeps the size it was announced with', async () => {
  const file = join(folder(), 'x.tar.zst')
  const archive = new Archive(file, 0)
  await archive.addStream('short', 6, [Buffer.from('abc')])
  await archive.addStream('long', 2, [Buffer.from('abc'), Buffer.from('def')])
  await archive.add('after', Buffer.from('after'))
  await archive.finish()
  expect(await contentsOf(file)).toEqual({ short: 'abc\0\0\0', long: 'ab', after: 'after' })
})

test('a log of nothing but zeros does not make the archive one that nobody opens', async () => {
  const file = join(folder(), 'x.tar.zst')
  const archive = new Archive(file, 0)
  const zeros = Buffer.alloc(2 ** 20)
  await archive.addStream(
    'zeros',
    96 * 2 ** 20,
    Array.from({ length: 96 }, () => zeros),
  )
  await archive.add('after', Buffer.from('after'))
  await archive.finish()
  const opened = await openInputs([file])
  opened.close()
  expect(opened.inputs.map(({ name }) => name)).toEqual([`${file}!zeros`, `${file}!after`])
  expect(opened.skipped).toEqual([])
})

test('what is given up leaves nothing behind', async () => {
  const place = folder()
  const archive = new Archive(join(place, 'x'), 0)
  await archive.add('a', Buffer.from('a'))
  await archive.discard()
  expect(readdirSync(place)).toEqual([])
})

test('a link in the place of the partial file is replaced, not followed', async () => {
  const place = folder()
  writeFileSync(join(place, 'victim'), 'precious')
  symlinkSync(join(place, 'victim'), join(place, 'x.partial'))
  const archive = new Archive(join(place, 'x'), 0)
  await archive.finish()
  expect(readFileSync(join(place, 'victim'), 'utf8')).toBe('precious')
  expect(zstdDecompressSync(readFileSync(join(place, 'x'))).length).toBe(1024)
})

test('any name and size makes a header of whole blocks', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 400 }), fc.nat(2 ** 30), (name, size) => {
      const header = tarHeader(name, size, 1e12)
      expect(header.length % 512).toBe(0)
      expect((padding(size).length + size) % 512).toBe(0)
    }),
    { seed: 7, numRuns: 200 },
  )
})
