/**
 * Completes `package-lock.json` after npm has written it. Where a registry does not carry the binding of
 * a tool for some other platform, npm leaves the entry out and `npm ci` then calls the lock out of sync.
 * This adds what is missing: optional, for its platform alone, at the version its owner asks for.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

interface Entry {
  readonly version?: string
  readonly cpu?: readonly string[]
  readonly os?: readonly string[]
  readonly libc?: readonly string[]
  readonly dev?: boolean
  readonly optional?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const PROCESSORS = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64']

const file = resolve(import.meta.dirname, '..', 'package-lock.json')
const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(file, 'utf8'))

/** The platform that a binding's name tells: `@oxlint/binding-linux-x64-musl`. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> | null {
  const parts = (name.split('/')[1] ?? name).split('-')
  const system = SYSTEMS.find((one) => parts.includes(one))
  const processor = PROCESSORS.find((one) => parts.includes(one))
  if (system === undefined || processor === undefined) return null
  const libc = parts.some((part) => part.startsWith('musl')) ? 'musl' : 'glibc'
  return { cpu: [processor], os: [system], ...(system === 'linux' ? { libc: [libc] } : {}) }
}

/** Whether an entry that `owner` finds has this version; else, where the missing one belongs. */
function placeFor(owner: string, name: string, version: string): string | null {
  const top = `node_modules/${name}`
  const own = `${owner}/node_modules/${name}`
  if (lock.packages[own] !== undefined || lock.packages[top]?.version === version) return null
  return lock.packages[top] === undefined ? top : own
}

let added = 0
const owners = Object.entries(lock.packages).toSorted(([a], [b]) => a.split('/').length - b.split('/').length)
for (const [owner, entry] of owners) {
  if (owner === '') continue
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const platform = /^\d/u.test(version) ? platformOf(name) : null
    const place = platform === null ? null : placeFor(owner, name, version)
    if (platform === null || place === null) continue
    lock.packages[place] = { version, dev: true, optional: true, ...platform }
    added++
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${added} bindings of other platforms added`)
