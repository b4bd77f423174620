/** POSIX.1-2017, pax interchange format. */
const BLOCK_BYTES = 512
const MAX_USTAR_NAME = 100
const MAX_USTAR_SIZE = 0o77_777_777_777

/** The header of a regular file, preceded by an extended one where its name or size needs it. `modifiedAt` in epoch ms. */
export function tarHeader(path: string, size: number, modifiedAt: number): Buffer {
  const name = Buffer.from(path)
  const isPlain = name.length <= MAX_USTAR_NAME && size <= MAX_USTAR_SIZE && /^[\x20-\x7e]+$/u.test(path)
  const header = block(name.subarray(0, MAX_USTAR_NAME), Math.min(size, MAX_USTAR_SIZE), modifiedAt, '0')
  if (isPlain) return header
  const records = Buffer.concat([paxRecord('path', path), paxRecord('size', String(size))])
  const extended = block(Buffer.from('pax-header'), records.length, modifiedAt, 'x')
  return Buffer.concat([extended, records, padding(records.length), header])
}

export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES)
}

export function tarEnd(): Buffer {
  return Buffer.alloc(2 * BLOCK_BYTES)
}

/** `25 path=some/where\n`: the number counts the whole record, itself included. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest + 1
  while (String(length).length + rest !== length) length++
  return Buffer.from(`${length} ${key}=${value}\n`)
}

function block(name: Buffer, size: number, modifiedAt: number, type: '0' | 'x'): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES)
  name.copy(header, 0)
  header.write('0000600\0' + '0000000\0'.repeat(2), 100)
  header.write(`${octal(size)}\0`, 124)
  header.write(`${octal(Math.max(0, Math.floor(modifiedAt / 1000)))}\0`, 136)
  header.write(`        ${type}`, 148, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

function octal(value: number): string {
  return Math.min(value, MAX_USTAR_SIZE).toString(8).padStart(11, '0')
}
