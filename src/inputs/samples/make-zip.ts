import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly path: string | Buffer
  readonly content: string | Uint8Array
  readonly method?: number
  /** Goes in instead of the packed content. */
  readonly packed?: Buffer
  readonly flags?: number
  readonly crc?: number
  readonly size?: number
  readonly packedSize?: number
  /** For the directory: where it says that the local header is. */
  readonly headerAt?: number
  readonly attributes?: number
  /** Sizes and sum only behind the content, as programs write that cannot seek. */
  readonly isOpenEnded?: boolean
}

/** A zip archive, record by record, also such as no program would write. */
export function makeZip(
  entries: readonly ZipEntry[],
  parts: { directory?: boolean; comment?: string } = {},
): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const local = localOf(entry)
    centrals.push(centralOf(entry, at))
    locals.push(local)
    at += local.length
  }
  const directory = Buffer.concat(centrals)
  if (parts.directory === false) return Buffer.concat(locals)
  const comment = Buffer.from(parts.comment ?? '')
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...locals, directory, end, comment])
}

interface Facts {
  readonly path: Buffer
  readonly packed: Buffer
  readonly method: number
  readonly flags: number
  readonly crc: number
  readonly size: number
}

function factsOf(entry: ZipEntry): Facts {
  const content = Buffer.from(entry.content)
  const method = entry.method ?? 8
  return {
    path: Buffer.from(entry.path),
    packed: entry.packed ?? (method === 8 ? deflateRawSync(content) : content),
    method,
    flags: (entry.flags ?? 0x800) | (entry.isOpenEnded === true ? 8 : 0),
    crc: entry.crc ?? crc32(content),
    size: entry.size ?? content.length,
  }
}

function localOf(entry: ZipEntry): Buffer {
  const { path, packed, method, flags, crc, size } = factsOf(entry)
  const isOpen = entry.isOpenEnded === true
  const header = Buffer.alloc(30)
  header.write('PK\x03\x04', 'latin1')
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(method, 8)
  header.writeUInt32LE(isOpen ? 0 : crc, 14)
  header.writeUInt32LE(isOpen ? 0 : (entry.packedSize ?? packed.length), 18)
  header.writeUInt32LE(isOpen ? 0 : size, 22)
  header.writeUInt16LE(path.length, 26)
  const descriptor = Buffer.alloc(isOpen ? 16 : 0)
  if (isOpen) {
    descriptor.write('PK\x07\x08', 'latin1')
    descriptor.writeUInt32LE(crc, 4)
    descriptor.writeUInt32LE(packed.length, 8)
    descriptor.writeUInt32LE(size, 12)
  }
  return Buffer.concat([header, path, packed, descriptor])
}

function centralOf(entry: ZipEntry, at: number): Buffer {
  const { path, packed, method, flags, crc, size } = factsOf(entry)
  const header = Buffer.alloc(46)
  header.write('PK\x01\x02', 'latin1')
  header.writeUInt16LE(0x0300 + 20, 4)
  header.writeUInt16LE(flags, 8)
  header.writeUInt16LE(method, 10)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(entry.packedSize ?? packed.length, 20)
  header.writeUInt32LE(size, 24)
  header.writeUInt16LE(path.length, 28)
  header.writeUInt32LE(entry.attributes ?? 0, 38)
  header.writeUInt32LE(entry.headerAt ?? at, 42)
  return Buffer.concat([header, path])
}
