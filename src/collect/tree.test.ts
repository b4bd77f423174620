import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makePipe, makeSocket } from '../inputs/samples/special-files.ts'
import { folderWith as folder } from '../inputs/samples/folder.ts'
import { Tree } from './tree.ts'

function treeWith(make: (root: string, outside: string) => void): Tree {
  const root = folder()
  const outside = folder()
  writeFileSync(join(outside, 'secret'), 'secret')
  make(root, outside)
  const tree = new Tree(root)
  onTestFinished(() => {
    tree.close()
  })
  return tree
}

const textOf = (tree: Tree, path: string, maxBytes = 1000): string | null =>
  tree.read(path, maxBytes)?.bytes.toString() ?? null

test('reads below its root, also by odd ways', () => {
  const tree = treeWith((root) => {
    mkdirSync(join(root, 'etc/a b'), { recursive: true })
    writeFileSync(join(root, 'etc/a b/x\ny'), 'odd')
    writeFileSync(join(root, 'etc/hosts'), 'hosts')
  })
  expect(textOf(tree, '/etc/hosts')).toBe('hosts')
  expect(textOf(tree, 'etc//./a b/../hosts')).toBe('hosts')
  expect(textOf(tree, '/etc/a b/x\ny')).toBe('odd')
  expect(textOf(tree, '/etc')).toBeNull()
  expect(textOf(tree, '/etc/hosts/more')).toBeNull()
  expect(textOf(tree, '/nothing')).toBeNull()
})

test('links lead to where they would if the root were the whole machine, and never out of it', () => {
  const tree = treeWith((root, outside) => {
    mkdirSync(join(root, 'etc'))
    mkdirSync(join(root, 'run'))
    writeFileSync(join(root, 'run/resolv.conf'), 'inside')
    symlinkSync('/run/resolv.conf', join(root, 'etc/absolute'))
    symlinkSync('../run/resolv.conf', join(root, 'etc/relative'))
    symlinkSync('../../../../../../../../run/resolv.conf', join(root, 'etc/far'))
    symlinkSync(join(outside, 'secret'), join(root, 'etc/out'))
    symlinkSync(outside, join(root, 'etc/folder'))
    symlinkSync('self', join(root, 'etc/self'))
    symlinkSync('/proc/self/root/etc/passwd', join(root, 'etc/magic'))
    symlinkSync('/run', join(root, 'var'))
  })
  expect(textOf(tree, '/etc/absolute')).toBe('inside')
  expect(textOf(tree, '/etc/relative')).toBe('inside')
  expect(textOf(tree, '/etc/far')).toBe('inside')
  expect(textOf(tree, '/var/resolv.conf')).toBe('inside')
  expect(tree.read('/etc/absolute', 10)?.path).toBe('/run/resolv.conf')
  expect(textOf(tree, '/etc/out')).toBeNull()
  expect(textOf(tree, '/etc/folder/secret')).toBeNull()
  expect(textOf(tree, '/etc/magic')).toBeNull()
  expect(textOf(tree, '/etc/self')).toBeNull()
  expect(textOf(tree, '/../../../../etc/absolute')).toBe('inside')
})

test('pipes, sockets and devices are not opened; no more is read than asked for', async () => {
  const root = folder()
  makePipe(join(root, 'pipe'))
  await makeSocket(join(root, 'socket'))
  writeFileSync(join(root, 'long'), 'x'.repeat(100_000) + 'end')
  const tree = new Tree(root)
  onTestFinished(() => {
    tree.close()
  })
  expect(tree.read('/pipe', 10)).toBeNull()
  expect(tree.read('/socket', 10)).toBeNull()
  expect(tree.read('/long', 7)).toMatchObject({ isCut: true, bytes: Buffer.from('xxxxxxx') })
  expect(tree.read('/long', 3, 'end')).toMatchObject({ isCut: true, bytes: Buffer.from('end') })
  expect(tree.read('/long', 1_000_000)?.bytes.length).toBe(100_003)
})

test('an endless file ends where it is told to', () => {
  const tree = new Tree('/')
  onTestFinished(() => {
    tree.close()
  })
  expect(tree.read('/dev/zero', 100)).toBeNull()
  // Its size is said to be 0, and it gives more.
  expect(tree.read('/proc/self/status', 20)).toMatchObject({ isCut: true })
})

test.skipIf(process.getuid?.() === 0)('what is forbidden is thrown, not called missing', () => {
  const tree = treeWith((root) => {
    writeFileSync(join(root, 'x'), 'x')
    chmodSync(join(root, 'x'), 0)
  })
  expect(() => textOf(tree, '/x')).toThrow(/EACCES/u)
})

test('a file with two names is one file', () => {
  const tree = treeWith((root) => {
    writeFileSync(join(root, 'a'), 'a')
    linkSync(join(root, 'a'), join(root, 'b'))
  })
  expect(tree.with('/a', ({ stats }) => stats.ino)).toBe(tree.with('/b', ({ stats }) => stats.ino))
})
