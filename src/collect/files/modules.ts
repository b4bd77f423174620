import type { Fact } from '../fact.ts'
import type { Image } from './image.ts'

const MAX_BYTES = 2 ** 20

/** Loaded modules, as /proc/modules lists them, and those that only /sys/module knows: a module can take itself off the list. */
export function* moduleFacts(image: Image): Generator<Fact> {
  const listed = new Set<string>()
  for (const line of (image.text('/proc/modules', MAX_BYTES) ?? '').split('\n')) {
    const [name = '', size, , users = '-'] = line.split(' ')
    if (name === '') continue
    listed.add(name)
    const usedBy = users.split(',').filter((one) => one !== '' && one !== '-')
    yield module(name, {
      sizeBytes: Number(size),
      usedBy,
      taints: /\(([A-Z]+)\)\s*$/u.exec(line)?.[1] ?? null,
      isListed: true,
    })
  }
  for (const folder of image.folders('/sys/module')) {
    const name = folder.slice(folder.lastIndexOf('/') + 1)
    // What is built in has a folder too, but is never live.
    const isLoaded = image.text(`${folder}/initstate`)?.trim() === 'live'
    if (isLoaded && !listed.has(name))
      yield module(name, { sizeBytes: null, usedBy: [], taints: null, isListed: false })
  }
}

function module(name: string, attributes: Fact['attributes']): Fact {
  return { type: 'module', id: name, name, attributes: { name, ...attributes } }
}
