import { mkdtempSync, rmSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { stageScene } from '../../src/range/scene.ts'
import { readEvidence, writeEvidence } from './files.ts'
import { doubled, shuffleNames, splitCaptures, splitLogs, variations } from './variations.ts'

const { files } = stageScene({ seed: 3 })
const dir = mkdtempSync(join(tmpdir(), 'davylamp-variations-'))
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

function bytesOf(path: string): Uint8Array {
  const file = files.find((one) => one.path === path)
  if (file === undefined) throw new Error(`no ${path}`)
  return file.bytes
}

describe('variations', () => {
  it('keep the bytes when only names change', () => {
    const names = new Set(files.map((file) => file.path))
    const shuffled = shuffleNames(files, 'test')
    expect(shuffled.filter((file) => names.has(file.path))).toEqual([])
    expect(new Set(shuffled.map((file) => file.bytes))).toEqual(new Set(files.map((file) => file.bytes)))
    expect(doubled(files)).toHaveLength(2 * files.length)
  })

  it('split a log into whole lines that make it up again', () => {
    const parts = splitLogs(files, 4).filter((file) => file.path.startsWith('auth.log'))
    expect(parts).toHaveLength(4)
    expect(parts.every((part) => part.bytes.at(-1) === 10)).toBe(true)
    expect(Buffer.concat(parts.map((part) => part.bytes)).equals(bytesOf('auth.log'))).toBe(true)
  })

  it('split a capture into captures that hold the same packets', () => {
    const parts = splitCaptures(files, 3).filter((file) => file.path.startsWith('eth0.pcap'))
    const packets = parts.map((part, i) => (i === 0 ? part.bytes : part.bytes.subarray(24)))
    expect(parts).toHaveLength(3)
    expect(Buffer.concat(packets).equals(bytesOf('eth0.pcap'))).toBe(true)
  })

  it('pack what can be unpacked', async () => {
    const gz = await variations['gzip each']?.(files)
    const zst = await variations['zstd each']?.(files)
    expect(gunzipSync(gz?.[0]?.bytes ?? new Uint8Array()).equals(files[0]?.bytes ?? new Uint8Array())).toBe(
      true,
    )
    expect(
      zstdDecompressSync(zst?.[0]?.bytes ?? new Uint8Array()).equals(files[0]?.bytes ?? new Uint8Array()),
    ).toBe(true)
  })

  it('write archives that other programs read', async () => {
    const tar = (await variations['one tar']?.(files)) ?? []
    writeEvidence(dir, [...tar, ...((await variations['one zip']?.(files)) ?? [])])
    const out = join(dir, 'out')
    writeEvidence(out, [])
    execFileSync('mkdir', ['-p', out])
    execFileSync('tar', ['-xf', join(dir, 'evidence.tar'), '-C', out])
    const read = readEvidence(out)
    expect(read.map((file) => file.path)).toEqual(files.map((file) => file.path).toSorted())
    expect(read.every((file) => Buffer.from(file.bytes).equals(bytesOf(file.path)))).toBe(true)
    expect(read.map((file) => file.modifiedAt)).toEqual(read.map(() => files[0]?.modifiedAt))
  })
})
