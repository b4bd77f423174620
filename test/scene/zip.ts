import { crc32, deflateRawSync } from 'node:zlib'
import type { SceneFile } from '../../src/range/scene.ts'
import { concatBytes } from '../../src/wire/encode/index.ts'

const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 }
const VERSION = 20
const UTF8_NAMES = 0x0800
const DEFLATE = 8

/** A ZIP archive (APPNOTE 6.3), every member deflated. */
export function zipOf(files: readonly SceneFile[]): Uint8Array {
  const locals: Uint8Array[] = []
  const centrals: Uint8Array[] = []
  let offset = 0
  for (const file of files) {
    const member = memberOf(file)
    const local = concatBytes(little([SIGNATURE.local, 4]), member.header, member.name, member.data)
    const central = little([SIGNATURE.central, 4], [VERSION, 2])
    const place = little([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4])
    locals.push(local)
    centrals.push(concatBytes(central, member.header, place, member.name))
    offset += local.length
  }
  const directory = concatBytes(...centrals)
  const count = files.length
  const end = little(
    [SIGNATURE.end, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [directory.length, 4],
    [offset, 4],
    [0, 2],
  )
  return concatBytes(...locals, directory, end)
}

/** The fields that local and central headers share, from the version needed to the extra field's length. */
function memberOf(file: SceneFile): { header: Uint8Array; name: Uint8Array; data: Uint8Array } {
  const name = new TextEncoder().encode(file.path)
  const data = deflateRawSync(file.bytes)
  const { date, time } = dosTime(file.modifiedAt)
  const header = little(
    [VERSION, 2],
    [UTF8_NAMES, 2],
    [DEFLATE, 2],
    [time, 2],
    [date, 2],
    [crc32(file.bytes), 4],
    [data.length, 4],
    [file.bytes.length, 4],
    [name.length, 2],
    [0, 2],
  )
  return { header, name, data }
}

/** MS-DOS date and time, two-second steps, here in UTC. */
function dosTime(timeMs: number): { date: number; time: number } {
  const at = new Date(timeMs)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return { date, time }
}

/** Little-endian numbers, each of so many bytes. */
function little(...fields: readonly (readonly [value: number, bytes: 2 | 4])[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 0xff)),
  )
}
