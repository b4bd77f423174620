import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ABOUT, COLLECTION_FORMAT, MANIFEST } from '../collect/collection.ts'
import type { Input, Skipped } from '../inputs/input.ts'
import { visible } from '../text/visible.ts'

const MAX_MANIFEST_BYTES = 2 ** 22
const MAX_GAPS = 20
/** These are unpacked on the way: what is read of them is not what the hash was taken of. */
const PACKED = /\.(?:gz|zst|zip|tar|tgz)$/u

const Manifest = z.object({
  davylamp: z.literal(COLLECTION_FORMAT),
  members: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
  notSeen: z.array(z.object({ what: z.string(), why: z.string(), command: z.string().nullable() })),
})
type Manifest = z.infer<typeof Manifest>

/**
 * What is wrong with archives of `davylamp collect` among the inputs, and what they could not see: each begins with what
 * it is and ends with a manifest of hashes, so that one that breaks off or was changed is noticed. Reads their members.
 */
export async function checkCollections(inputs: readonly Input[]): Promise<Skipped[]> {
  const byName = new Map(inputs.map((input) => [input.name, input]))
  const skipped: Skipped[] = []
  for (const input of inputs) {
    if (!input.name.endsWith(ABOUT)) continue
    const prefix = input.name.slice(0, -ABOUT.length)
    if (prefix !== '' && !/[!/]$/u.test(prefix)) continue
    const manifest = await readManifest(byName.get(`${prefix}${MANIFEST}`))
    const file = prefix.replace(/[!/]$/u, '')
    if (manifest === null) {
      const reason =
        'this collection breaks off: its manifest, which is written last, is missing; what is there is read'
      skipped.push({ file, reason })
      continue
    }
    skipped.push(
      ...(await changedMembers(manifest, prefix, byName)),
      ...addedMembers(manifest, prefix, inputs),
      ...gapsOf(manifest, file),
    )
  }
  return skipped
}

async function readManifest(input: Input | undefined): Promise<Manifest | null> {
  if (input === undefined) return null
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of input.chunks(() => undefined)) {
    length += chunk.length
    if (length > MAX_MANIFEST_BYTES) return null
    chunks.push(Buffer.from(chunk))
  }
  try {
    return Manifest.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
  } catch {
    return null
  }
}

async function changedMembers(
  manifest: Manifest,
  prefix: string,
  byName: ReadonlyMap<string, Input>,
): Promise<Skipped[]> {
  const wrong: Skipped[] = []
  for (const { path, bytes, sha256 } of manifest.members) {
    const name = `${prefix}${visible(path)}`
    const input = byName.get(name)
    // What is empty, or nothing that is read, stands among what is skipped already.
    if (PACKED.test(path) || bytes === 0) continue
    if (input === undefined) {
      if (path.startsWith('host/'))
        wrong.push({ file: name, reason: 'it was collected, and is missing here' })
    } else if ((await digestOf(input)) !== sha256)
      wrong.push({
        file: name,
        reason: 'it is not what was collected: its SHA-256 is another; it is read as it is',
      })
  }
  return wrong
}

/** Facts that nobody collected: what no manifest names, and what stands there twice. */
function addedMembers({ members }: Manifest, prefix: string, inputs: readonly Input[]): Skipped[] {
  const known = new Set(members.map(({ path }) => `${prefix}${visible(path)}`))
  const seen = new Set<string>()
  return inputs.flatMap(({ name }) => {
    if (!name.startsWith(`${prefix}host/`)) return []
    if (seen.has(name)) return [{ file: name, reason: 'it is there more than once; all of it is read' }]
    seen.add(name)
    return known.has(name)
      ? []
      : [{ file: name, reason: 'its manifest does not name it; it is read as it is' }]
  })
}

async function digestOf(input: Input): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of input.chunks(() => undefined)) hash.update(chunk)
  return hash.digest('hex')
}

function gapsOf({ notSeen }: Manifest, file: string): Skipped[] {
  const told = notSeen.slice(0, MAX_GAPS)
  const reasons = [...Map.groupBy(told, ({ command }) => command)].flatMap(([command, gaps]) =>
    command === null || gaps.length === 1
      ? gaps.map(
          ({ what, why }) => `not collected: ${what}: ${why}${command === null ? '' : ` (${command})`}`,
        )
      : [`not collected, and \`${command}\` would: ${gaps.map(({ what }) => what).join('; ')}`],
  )
  const more = notSeen.length - told.length
  if (more > 0) reasons.push(`not collected: ${more} more things, in its manifest`)
  return reasons.map((reason) => ({ file, reason }))
}
