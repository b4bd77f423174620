import type { Fact } from '../fact.ts'
import { configLines, type Image } from './image.ts'

/** Names, resolvers, SSH server. */
export function* systemFacts(image: Image): Generator<Fact> {
  yield* resolvers(image)
  yield* hostsEntries(image)
  yield* sshdConfig(image)
}

/** Kernel, system, and how they are tuned. */
export function kernelFact(image: Image): Fact {
  const release = image.text('/proc/sys/kernel/osrelease')?.trim() ?? null
  const system = new Map(
    [...configLines(image.text('/etc/os-release') ?? '')].map(({ line }) => {
      const equals = line.indexOf('=')
      return [line.slice(0, equals), line.slice(equals + 1).replaceAll(/^"|"$/gu, '')] as const
    }),
  )
  return {
    type: 'kernel',
    id: release ?? 'kernel',
    name: release,
    attributes: {
      release,
      version: image.text('/proc/sys/kernel/version')?.trim() ?? null,
      taint: image.text('/proc/sys/kernel/tainted')?.trim() ?? null,
      commandLine: image.text('/proc/cmdline')?.trim() ?? null,
      os: system.get('ID') ?? null,
      osVersion: system.get('VERSION_ID') ?? null,
      osName: system.get('PRETTY_NAME') ?? null,
      installedKernels: image.folders('/lib/modules').map((path) => path.slice(path.lastIndexOf('/') + 1)),
      needsRestart: image.with('/run/reboot-required', () => true) ?? false,
      hugePages: Number(image.text('/proc/sys/vm/nr_hugepages')?.trim() ?? Number.NaN) || 0,
      msrWrites: image.text('/sys/module/msr/parameters/allow_writes')?.trim() ?? null,
      nmiWatchdog: image.text('/proc/sys/kernel/nmi_watchdog')?.trim() ?? null,
    },
  }
}

function* resolvers(image: Image): Generator<Fact> {
  const path = '/etc/resolv.conf'
  const content = image.content(path)
  if (content === null) return
  const lines = [...configLines(content.bytes.toString('utf8'))].map(({ line }) => line.split(/\s+/u))
  yield {
    type: 'resolver',
    id: path,
    name: path,
    attributes: {
      path,
      target: content.path,
      nameservers: lines.filter(([key]) => key === 'nameserver').map(([, value]) => value),
      search: lines.filter(([key]) => key === 'search' || key === 'domain').flatMap(([, ...names]) => names),
      modifiedAt: content.stats.mtimeMs,
    },
  }
}

/** A list that blocks a million names is a blocker's: its own file is looked at for pools, not told line by line. */
const MAX_HOSTS_BYTES = 64 * 2 ** 20
const MAX_HOSTS = 200_000

function* hostsEntries(image: Image): Generator<Fact> {
  const path = '/etc/hosts'
  const content = image.content(path, MAX_HOSTS_BYTES)
  if (content === null) return
  const byAddress = new Map<string, string[]>()
  let count = 0
  for (const { line } of configLines(content.bytes.toString('utf8'))) {
    const [address = '', ...names] = line.replace(/#.*/u, '').trim().split(/\s+/u)
    const known = byAddress.get(address)
    if (++count > MAX_HOSTS || names.length === 0) continue
    if (known === undefined) byAddress.set(address, names)
    else known.push(...names)
  }
  for (const [address, names] of byAddress) {
    for (let at = 0; at < names.length; at += NAMES_PER_FACT) {
      yield {
        type: 'hosts-entry',
        id: `${path}:${address}:${at}`,
        name: address,
        attributes: {
          path,
          address,
          names: names.slice(at, at + NAMES_PER_FACT),
          namesInAll: names.length,
          modifiedAt: content.stats.mtimeMs,
        },
      }
    }
  }
}

const NAMES_PER_FACT = 1000

/** sshd_config(5): of each keyword the first value counts, in included files too. Match blocks are told apart. */
function* sshdConfig(image: Image): Generator<Fact> {
  const main = '/etc/ssh/sshd_config'
  const values: Record<string, string> = {}
  const conditional: { match: string; keyword: string; value: string }[] = []
  const read = (path: string, depth: number): void => {
    let match: string | null = null
    for (const { line } of configLines(image.text(path) ?? '')) {
      const [, keyword = '', rest = ''] = /^([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*)$/u.exec(line) ?? []
      const key = keyword.toLowerCase()
      const value = rest.replace(/^"|"$/gu, '')
      if (key === 'include' && depth < 4)
        for (const one of value.split(/\s+/u)) for (const file of matching(image, one)) read(file, depth + 1)
      else if (key === 'match') match = value.toLowerCase() === 'all' ? null : value
      else if (key === '') continue
      else if (match !== null) conditional.push({ match, keyword: key, value })
      else if (key === 'port' || key === 'listenaddress')
        values[key] = values[key] === undefined ? value : `${values[key]} ${value}`
      else values[key] ??= value
    }
  }
  read(main, 0)
  if (Object.keys(values).length === 0 && conditional.length === 0) return
  yield { type: 'sshd-config', id: main, name: main, attributes: { path: main, values, conditional } }
}

/** `/etc/ssh/sshd_config.d/*.conf`: stars in the last part only. */
function matching(image: Image, pattern: string): string[] {
  const path = pattern.startsWith('/') ? pattern : `/etc/ssh/${pattern}`
  const folder = path.slice(0, path.lastIndexOf('/'))
  const [before = '', after] = path.slice(folder.length + 1).split('*')
  if (after === undefined) return [path]
  return image.files(folder).filter((file) => {
    const name = file.slice(folder.length + 1)
    return name.startsWith(before) && name.endsWith(after) && name.length >= before.length + after.length
  })
}
