import { formatNumber } from '../text/units.ts'
import { cutBytes, visible } from '../text/visible.ts'
import { type Bytes, type OpenStream, readAt, streamOf } from './bytes.ts'
import { containerOf } from './container.ts'
import { Feed } from './feed.ts'
import { gzipTime } from './gzip.ts'
import type { Input, Skipped } from './input.ts'
import { HEAD_BYTES, type InputLimits } from './limits.ts'
import { OpenedInput, type Place } from './opened-input.ts'
import type { Spool } from './spool.ts'
import { systemReason } from './system-error.ts'
import { readTar } from './tar.ts'
import { OpenTar, StreamedTar, type TarContents } from './tar-cursor.ts'
import { type Compression, type UnpackBudget, unpack } from './unpack.ts'
import { listZip, type ZipMember } from './zip.ts'
import { openMember, storedBytes, whyNotRead } from './zip-member.ts'
import { productOf } from './zip-product.ts'

const MAX_PATH_BYTES = 1024
const MAX_PROBLEMS = 20
const BLANK = 'nothing but blank lines'
/** Between the name of an archive and the path of a member. */
export const MEMBER_MARK = '!'

export interface Exploration {
  readonly limits: InputLimits
  readonly spool: Spool
  readonly budget: UnpackBudget
  /** Members of archives met so far. */
  readonly members: { count: number }
  /** Only this input is wanted, by its full name; null for all. */
  readonly wanted: string | null
  /** Takes what was found, in order. */
  found(input: Input): void
  skipped(skipped: Skipped): void
}

/** Something that may turn out to be packed in any way. */
interface Item extends Place {
  /** Archives and compressions around it. */
  readonly layers: number
  /** What is already known to be wrong with it. */
  readonly damage: string | null
}

/** Follows a file through its compressions and archives down to the inputs in it. Never throws for bad bytes. */
export async function explore(place: Place, bytes: Bytes, to: Exploration): Promise<void> {
  await exploreBytes({ ...place, layers: 0, damage: null }, bytes, streamOf(bytes), to)
}

async function exploreBytes(item: Item, bytes: Bytes, open: OpenStream, to: Exploration): Promise<void> {
  const head = headOf(item, bytes, to)
  if (head === null) return
  const container = containerOf(head)
  if (isBlank(head)) skip(item, BLANK, to)
  else if (container.kind === 'plain') to.found(new OpenedInput(item, open, bytes, bytes))
  else if (container.kind === 'foreign') skip(item, foreignReason(container.format), to)
  else if (item.layers >= to.limits.maxLayers) skip(item, tooDeep(to), to)
  else if (container.kind === 'tar') await exploreTar(item, new OpenTar(bytes), () => [], to)
  else if (container.kind === 'zip') await exploreZip(item, bytes, to)
  else {
    const modifiedAt = (container.kind === 'gzip' ? gzipTime(head) : null) ?? item.modifiedAt
    await exploreStream(
      { ...item, modifiedAt, layers: item.layers + 1 },
      unpackAs(container.kind, open, to),
      to,
    )
  }
}

function headOf(item: Item, bytes: Bytes, to: Exploration): Buffer | null {
  try {
    const head = readAt(bytes, 0, HEAD_BYTES)
    if (head.length > 0) return head
    skip(item, item.damage ?? 'empty', to)
  } catch (error) {
    skip(item, systemReason(error), to)
  }
  return null
}

async function exploreStream(item: Item, open: OpenStream, to: Exploration): Promise<void> {
  const problems: string[] = []
  const head = await firstBytes(open, problems)
  if (head.length === 0) return skip(item, problems[0] ?? 'empty', to)
  const container = containerOf(head)
  if (isBlank(head)) skip(item, BLANK, to)
  else if (container.kind === 'plain') to.found(new OpenedInput(item, open, to.spool.keep(head), null))
  else if (container.kind === 'foreign') skip(item, foreignReason(container.format), to)
  else if (item.layers >= to.limits.maxLayers) skip(item, tooDeep(to), to)
  else if (container.kind === 'tar') await exploreStreamedTar(item, open, to)
  else if (container.kind === 'zip') await exploreStreamedZip(item, open, to)
  else await exploreStream({ ...item, layers: item.layers + 1 }, unpackAs(container.kind, open, to), to)
}

function unpackAs(kind: Compression, open: OpenStream, to: Exploration): OpenStream {
  return unpack(kind, open, to.limits, to.budget)
}

async function firstBytes(open: OpenStream, problems: string[]): Promise<Buffer> {
  const feed = new Feed(open(collectIn(problems)))
  try {
    return await feed.exactly(HEAD_BYTES)
  } finally {
    await feed.close()
  }
}

async function exploreStreamedTar(item: Item, open: OpenStream, to: Exploration): Promise<void> {
  const problems: string[] = []
  const feed = new Feed(open(collectIn(problems)))
  try {
    await exploreTar(item, new StreamedTar(feed, to.spool), () => problems, to)
  } finally {
    await feed.close()
  }
}

async function exploreStreamedZip(item: Item, open: OpenStream, to: Exploration): Promise<void> {
  const problems: string[] = []
  const { bytes, damage } = await to.spool.store(open(collectIn(problems)))
  if (damage !== null) problems.push(damage)
  for (const problem of problems) skip(item, problem, to)
  await exploreZip(item, bytes, to)
}

async function exploreTar(
  item: Item,
  cursor: TarContents,
  damage: () => readonly string[],
  to: Exploration,
): Promise<void> {
  const problems: string[] = []
  for await (const member of readTar(cursor, collectIn(problems))) {
    if (!mayGoOn(item, to)) break
    const place = memberPlace(item, member.path, member.size, member.modifiedAt)
    if (!isWanted(place.name, to)) continue
    if (member.unreadable !== null) {
      skip(place, member.unreadable, to)
      continue
    }
    const content = await cursor.content(member.size)
    const open = streamOf(content.bytes, content.damage)
    await exploreBytes({ ...place, damage: content.damage }, content.bytes, open, to)
  }
  // What broke the stream explains what the archive lacks.
  const told = damage().length > 0 ? damage() : problems
  for (const problem of told) skip(item, problem, to)
}

async function exploreZip(item: Item, bytes: Bytes, to: Exploration): Promise<void> {
  const members = zipMembers(item, bytes, to)
  const product = productOf(members, (member) => firstBytesOf(bytes, member))
  if (product !== null) return skip(item, `${product}: not opened`, to)
  for (const member of members) {
    if (!mayGoOn(item, to)) break
    const place = memberPlace(item, member.path, member.packedSize, member.modifiedAt)
    if (!isWanted(place.name, to)) continue
    const reason = whyNotRead(member)
    if (reason !== null) {
      skip(place, reason, to)
      continue
    }
    const open = openMember(bytes, member, to.limits, to.budget)
    const stored = storedBytes(bytes, member)
    if (stored === null) await exploreStream(place, open, to)
    else await exploreBytes(place, stored, open, to)
  }
}

function zipMembers(item: Item, bytes: Bytes, to: Exploration): ZipMember[] {
  try {
    const left = to.limits.maxFiles - to.members.count
    return listZip(bytes, left, (problem) => {
      skip(item, problem, to)
    })
  } catch (error) {
    skip(item, systemReason(error), to)
    return []
  }
}

/** Of a member that is stored as it is; null for others. */
function firstBytesOf(archive: Bytes, member: ZipMember): Buffer | null {
  try {
    const stored = storedBytes(archive, member)
    return stored === null ? null : readAt(stored, 0, 256)
  } catch {
    return null
  }
}

/** Counts a member; false, and said once, where there are too many. */
function mayGoOn(item: Item, to: Exploration): boolean {
  to.members.count++
  const { maxFiles } = to.limits
  if (to.members.count === maxFiles + 1)
    skip(item, `more than ${formatNumber(maxFiles)} files in all archives: the rest is not read`, to)
  return to.members.count <= maxFiles
}

function memberPlace(item: Item, path: Buffer, storedSize: number, modifiedAt: number | null): Item {
  const within = cutBytes(visible(path.toString('utf8')), MAX_PATH_BYTES)
  const folder = within.replace(/^(?:\.\/)+/u, '').replace(/\/?[^/]*$/u, '')
  return {
    name: `${item.name}${MEMBER_MARK}${within}`,
    group: folder === '' ? item.name : `${item.name}/${folder}`,
    storedSize,
    modifiedAt,
    layers: item.layers + 1,
    damage: null,
  }
}

function isWanted(name: string, to: Exploration): boolean {
  return to.wanted === null || to.wanted === name || to.wanted.startsWith(name + MEMBER_MARK)
}

/** The first few: damage can repeat itself a million times. */
function collectIn(problems: string[]): (text: string) => void {
  return (text) => {
    if (problems.length < MAX_PROBLEMS) problems.push(text)
  }
}

/** Whether that is all there is, and says nothing: a log just begun, a file only made room for. */
function isBlank(head: Buffer): boolean {
  return (
    head.length < HEAD_BYTES &&
    head.every((byte) => byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))
  )
}

function foreignReason(format: string): string {
  return `packed with ${format}, which is not read: unpack it first`
}

function tooDeep(to: Exploration): string {
  return `packed more than ${to.limits.maxLayers} times over: not opened`
}

function skip(item: Place, reason: string, to: Exploration): void {
  to.skipped({ file: item.name, reason })
}
