export interface TarEntry {
  readonly path: string | Buffer
  readonly content?: string | Uint8Array
  readonly type?: string
  /** Said in the header instead of the content's length; a Buffer is put in as it is. */
  readonly size?: number | Buffer
  readonly prefix?: string
  readonly magic?: string
  readonly mtime?: number
}

const BLOCK = 512

/** A tar archive, header by header, also such as no program would write. */
export function makeTar(entries: readonly TarEntry[], end = true): Buffer {
  const parts = entries.flatMap((entry) => [headerOf(entry), padded(Buffer.from(entry.content ?? ''))])
  return Buffer.concat([...parts, Buffer.alloc(end ? 2 * BLOCK : 0)])
}

/** Records of a pax extended header, to go in as the content of an entry of type `x` or `g`. */
export function paxRecords(records: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(records).map(([key, value]) => {
      const rest = Buffer.byteLength(` ${key}=${value}\n`)
      let length = rest + 1
      while (String(length).length + rest !== length) length++
      return Buffer.from(`${length} ${key}=${value}\n`)
    }),
  )
}

export function base256(value: number): Buffer {
  const field = Buffer.alloc(12)
  field.writeBigUInt64BE(BigInt(value), 4)
  field[0] = 0x80
  return field
}

function headerOf(entry: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK)
  const size = entry.size ?? Buffer.from(entry.content ?? '').length
  Buffer.from(entry.path).copy(block, 0, 0, 100)
  block.write('0000644\0' + '0000000\0'.repeat(2), 100)
  if (typeof size === 'number') block.write(size.toString(8).padStart(11, '0'), 124)
  else size.copy(block, 124)
  block.write((entry.mtime ?? 1_700_000_000).toString(8).padStart(11, '0'), 136)
  block.write(entry.type ?? '0', 156, 'latin1')
  block.write(entry.magic ?? 'ustar\x0000', 257, 'latin1')
  block.write(entry.prefix ?? '', 345)
  return withChecksum(block)
}

export function withChecksum(block: Buffer): Buffer {
  block.fill(0x20, 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)])
}
