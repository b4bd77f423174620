import ipaddr from 'ipaddr.js'
import { getDomain, getPublicSuffix } from 'tldts'
import { addressSetOf } from './shared-addresses.ts'

interface Lists {
  /** Lists per gang of stamparm/maltrail, by file name without ending. */
  readonly trails: Readonly<Record<string, string>>
  readonly marks: string
  readonly shared: string
  readonly sharedAddresses: string
}

type Mark = [type: string, value: string, family: string, weight: number, source: number]

interface Marks {
  readonly licence: string
  readonly sources: [source: string, date: string][]
  readonly families: [id: string, name: string, aliases: string[]][]
  readonly marks: Mark[]
}

const MALTRAIL = {
  source: 'stamparm/maltrail trails/static/malware, lists per gang',
  licence: 'MIT',
  date: '2026-08-23',
  how: 'host names, addresses and paths of downloads and of command servers, under the gang that the list or the reference above them names',
}
const PSL = { allowPrivateDomains: true }

/** How much an entry counts for its gang. Addresses change hands; long lists hold whatever once served a sample. */
const HOST = 0.55
const ADDRESS = 0.3
const ADDRESS_OF_LONG_LIST = 0.12
const URL_PATH = 0.3
/** The list of TeamTNT holds entries of other gangs as well. */
const SHARE_OF_MIXED_LIST = 0.7
const LONG_LIST = 100

/** Whose a list is; null = only where the reference names somebody. */
const LISTS: Readonly<Record<string, string | null>> = {
  elf_h2miner: 'kinsing',
  elf_teamtnt: 'teamtnt',
  m8220_miner: '8220',
  redtail_miner: 'redtail',
  watchdog_miner: 'watchdog',
  elf_coinminer: null,
  perl_shellbot: null,
}
/** Words in the addresses of references, the surest first. */
const REFERENCES: readonly (readonly [word: RegExp, family: string])[] = [
  [/outlaw/iu, 'outlaw'],
  [/rocke/iu, 'rocke'],
  [/8220/iu, '8220'],
  [/watchdog/iu, 'watchdog'],
  [/perfctl/iu, 'perfctl'],
  [/sysrv/iu, 'sysrv'],
  [/kinsing|h2miner/iu, 'kinsing'],
  [/redtail/iu, 'redtail'],
  [/teamtnt/iu, 'teamtnt'],
]

export function familyTable({ trails, marks, shared, sharedAddresses }: Lists): Record<string, unknown> {
  const own: Marks = JSON.parse(marks)
  const { domains }: { domains: string[] } = JSON.parse(shared)
  const isShared = addressSetOf(sharedAddresses)
  const rows = new Map<string, Mark>()
  const add = (mark: Mark): void => {
    const key = `${mark[0]} ${mark[1]} ${mark[2]}`
    if ((rows.get(key)?.[3] ?? 0) < mark[3]) rows.set(key, mark)
  }
  for (const [list, text] of Object.entries(trails)) {
    for (const { entry, family, isMixed, isLong } of entriesOf(text, LISTS[list] ?? null)) {
      const found = markOf(entry, isLong, (host) => domains.includes(host), isShared)
      if (found !== null)
        add([found.type, found.value, family, round(found.weight * (isMixed ? SHARE_OF_MIXED_LIST : 1)), 0])
    }
  }
  for (const [type, value, family, weight, source] of own.marks)
    add([type, value.toLowerCase(), family, weight, source + 1])
  return {
    sources: [
      MALTRAIL,
      ...own.sources.map(([source, date]) => ({
        source,
        licence: own.licence,
        date,
        how: 'names that the report gives: facts, no sentences',
      })),
    ],
    families: own.families,
    marks: [...rows.values()].toSorted((a, b) => compare(a.join(' '), b.join(' '))),
  }
}

interface Entry {
  readonly entry: string
  readonly family: string
  readonly isMixed: boolean
  readonly isLong: boolean
}

function entriesOf(text: string, owner: string | null): Entry[] {
  const entries: Entry[] = []
  let references = ''
  let isReading = false
  const lines = text.split('\n').map((line) => line.trim())
  const isLong = lines.filter((line) => /^(?:https?:\/\/)?\d/u.test(line)).length > LONG_LIST
  for (const line of lines) {
    if (line.startsWith('#')) {
      if (isReading) references = ''
      isReading = false
      if (line.startsWith('# Reference')) references += ` ${line}`
    } else if (line !== '') {
      isReading = true
      const named = REFERENCES.find(([word]) => word.test(references))?.[1]
      const family = named ?? owner
      if (family !== null)
        entries.push({ entry: line, family, isMixed: owner === 'teamtnt' && named === undefined, isLong })
    }
  }
  return entries
}

interface Found {
  readonly type: 'host' | 'ip' | 'url-path'
  readonly value: string
  readonly weight: number
}

function markOf(
  entry: string,
  isLong: boolean,
  isSharedDomain: (host: string) => boolean,
  isSharedAddress: (ip: string) => boolean,
): Found | null {
  if (entry.startsWith('/')) {
    const value = entry.replace(/\$$/u, '').toLowerCase()
    return isTellingPath(value) ? { type: 'url-path', value, weight: URL_PATH } : null
  }
  const host = entry
    .replace(/^https?:\/\//u, '')
    .replace(/[:/].*$/u, '')
    .toLowerCase()
  if (ipaddr.isValid(host)) {
    const isPublic = ipaddr.parse(host).range() === 'unicast' && !isSharedAddress(host)
    return isPublic ? { type: 'ip', value: host, weight: isLong ? ADDRESS_OF_LONG_LIST : ADDRESS } : null
  }
  const domain = getDomain(host, PSL)
  if (domain === null || getPublicSuffix(host, PSL) === host || isSharedDomain(host)) return null
  return { type: 'host', value: host, weight: HOST }
}

/** What many could call a file says nothing. */
function isTellingPath(path: string): boolean {
  return (
    path.length >= 7 &&
    !/^\/(?:setup|install|update|init|start|run|root|test|cron|clean|x86_64|xmrig|config|admin|index)[\w.]{0,8}$/u.test(
      path,
    )
  )
}

function round(weight: number): number {
  return Math.round(weight * 100) / 100
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
