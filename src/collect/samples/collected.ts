import { join } from 'node:path'
import { expect } from 'vitest'
import { openInputs } from '../../inputs/open.ts'
import { folderWith } from '../../inputs/samples/folder.ts'
import { collect, type Collected, type CollectOptions } from '../collect.ts'

export interface Facts {
  readonly collected: Collected
  /** Member name → content. */
  readonly members: ReadonlyMap<string, string>
  /** Attributes of all facts of a type, in order. */
  of(type: string): Record<string, unknown>[]
}

/** Collects into a file of its own and reads it back. */
export async function collected(
  options: Partial<CollectOptions> & { readonly root: string },
): Promise<Facts> {
  const out = join(folderWith(), 'x.tar.zst')
  const result = await collect({
    since: Date.now() - 86_400_000,
    intervalMs: 400,
    maxMs: 8000,
    maxCpuMs: 60_000,
    version: 'test',
    now: () => Date.now(),
    ...options,
    out,
  })
  const members = new Map<string, string>()
  const opened = await openInputs([out])
  expect(opened.skipped).toEqual([])
  for (const input of opened.inputs) {
    const chunks: Buffer[] = []
    for await (const chunk of input.chunks(() => undefined)) chunks.push(Buffer.from(chunk))
    members.set(input.name.slice(out.length + 1), Buffer.concat(chunks).toString())
  }
  opened.close()
  return {
    collected: result,
    members,
    of: (type) =>
      [type, `${type}-more`]
        .flatMap((name) => (members.get(`host/${name}.jsonl`) ?? '').split('\n'))
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).attributes),
  }
}
