import { isGzip } from './gzip.ts'
import { isTar } from './tar-header.ts'
import type { Compression } from './unpack.ts'
import { isZip } from './zip-records.ts'
import { isZstd } from './zstd.ts'

/** What the first bytes say about how something is packed: never its name. */
export type Container = { kind: Compression | 'tar' | 'zip' | 'plain' } | { kind: 'foreign'; format: string }

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/** Packed in a way that this product does not open. */
const FOREIGN: readonly { format: string; magic: Buffer }[] = [
  { format: 'xz', magic: latin1('\xfd7zXZ\0') },
  { format: 'lz4', magic: latin1('\x04\x22\x4d\x18') },
  { format: '7-Zip', magic: latin1("7z\xbc\xaf'\x1c") },
  { format: 'RAR', magic: latin1('Rar!\x1a\x07') },
  { format: 'lzip', magic: latin1('LZIP\x01') },
  { format: 'compress (.Z)', magic: latin1('\x1f\x9d') },
  { format: 'lzop', magic: latin1('\x89LZO\0\r\n\x1a\n') },
  { format: 'cpio', magic: latin1('070701') },
  { format: 'cpio', magic: latin1('070702') },
  { format: 'ar', magic: latin1('!<arch>\n') },
  { format: 'Microsoft cabinet', magic: latin1('MSCF\0\0\0\0') },
]
// "BZh", the block size, then the magic of a block or of an empty stream.
const BZIP2 = /^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/

export function containerOf(head: Buffer): Container {
  if (isGzip(head)) return { kind: 'gzip' }
  if (isZstd(head)) return { kind: 'zstd' }
  if (isZip(head)) return { kind: 'zip' }
  if (isTar(head)) return { kind: 'tar' }
  if (BZIP2.test(head.toString('latin1', 0, 10))) return { kind: 'foreign', format: 'bzip2' }
  const foreign = FOREIGN.find(({ magic }) => head.subarray(0, magic.length).equals(magic))
  return foreign === undefined ? { kind: 'plain' } : { kind: 'foreign', format: foreign.format }
}
