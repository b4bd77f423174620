import type { FightAct } from '../event/finding.ts'

/** What somebody left or used on a machine: `{ type: 'host', value: 'x.example' }`; other types as the story names them. */
export interface Artefact {
  readonly type: string
  readonly value: string
}

/** A known gang, how sure, and why. */
export interface Family {
  readonly family: string
  /** 0 to 1. */
  readonly confidence: number
  readonly reasons: readonly string[]
}

type MarkType = 'host' | 'ip' | 'url-path' | 'file' | 'key' | 'account' | 'image' | 'act'
type Row = readonly [type: MarkType, value: string, family: string, weight: number, source: number]

/** As `scripts/intel/families.ts` writes it. */
export interface FamilyTable {
  readonly sources: readonly {
    readonly source: string
    readonly licence: string
    readonly date: string
    readonly how: string
  }[]
  readonly families: readonly (readonly [id: string, name: string, aliases: readonly string[]])[]
  readonly marks: readonly Row[]
}

/** The table, to be asked quickly. */
export interface FamilyBook {
  readonly nameOf: ReadonlyMap<string, string>
  readonly byMark: ReadonlyMap<string, readonly Row[]>
  readonly urlPaths: readonly Row[]
  readonly sources: FamilyTable['sources']
}

/** Marks of one kind stand and fall together: what one script names is no second witness for it. */
type Kind = 'network' | 'files' | 'key' | 'account' | 'image' | 'behaviour'
const KIND_OF: Readonly<Record<MarkType, Kind>> = {
  host: 'network',
  ip: 'network',
  'url-path': 'network',
  file: 'files',
  key: 'key',
  account: 'account',
  image: 'image',
  act: 'behaviour',
}
/** Below it no name is given. */
const ENOUGH = 0.5
/** The next one must be so much behind. */
const LEAD = 0.2
const SUREST = 0.95
const KINDS_NEEDED = 2
/** Half of what an address counts is gone after so long (ms) behind the date of its list. */
const ADDRESS_HALF_LIFE_MS = 365 * 86_400_000
const MAX_ARTEFACTS = 2000
const MAX_LENGTH = 4096

export function familyBook({ sources, families, marks }: FamilyTable): FamilyBook {
  return {
    sources,
    nameOf: new Map(families.map(([id, name]) => [id, name])),
    byMark: Map.groupBy(marks, ([type, value]) => `${type} ${value}`),
    urlPaths: marks.filter(([type]) => type === 'url-path'),
  }
}

/**
 * The gang that artefacts and acts of one occupant fit, or null. Never on one kind of mark: two independent ones are
 * needed (network, files, key, account, image, behaviour), and a clear lead over the next gang. Names of programs that
 * many use count little, a listed host or a known key much. `at` (epoch ms) is when the artefacts were seen: addresses age.
 */
export function familyOf(
  book: FamilyBook,
  artefacts: readonly Artefact[],
  acts: readonly Pick<FightAct, 'category' | 'what' | 'targets' | 'commandLine'>[],
  at?: number,
): Family | null {
  const hits = new Map<string, Hit>()
  for (const artefact of artefacts.slice(0, MAX_ARTEFACTS)) {
    for (const [key, said] of marksOf(artefact))
      for (const row of book.byMark.get(key) ?? []) add(hits, row, said)
    for (const row of urlPathsOf(artefact, book)) add(hits, row, artefact.value)
  }
  for (const mark of behavioursOf(acts))
    for (const row of book.byMark.get(`act ${mark}`) ?? []) add(hits, row, mark)
  const ranked = [...Map.groupBy(hits.values(), ({ row }) => row[2])]
    .map(([family, all]) => scored(book, family, all, at))
    .toSorted((a, b) => b.confidence - a.confidence)
  const [best, second] = ranked
  if (best === undefined || best.kinds < KINDS_NEEDED || best.confidence < ENOUGH) return null
  if (second !== undefined && best.confidence - second.confidence < LEAD) return null
  return { family: best.name, confidence: best.confidence, reasons: best.reasons }
}

interface Hit {
  readonly row: Row
  readonly said: string
}

function add(hits: Map<string, Hit>, row: Row, said: string): void {
  hits.set(`${row[0]} ${row[1]} ${row[2]}`, { row, said })
}

interface Scored {
  readonly name: string
  readonly confidence: number
  readonly kinds: number
  readonly reasons: readonly string[]
}

/** Within a kind the strongest counts in full and each further one half; kinds are independent. */
function scored(book: FamilyBook, family: string, hits: readonly Hit[], at: number | undefined): Scored {
  const name = book.nameOf.get(family) ?? family
  const weighed = hits
    .map((hit) => ({ ...hit, weight: weightOf(book, hit.row, at) }))
    .toSorted((a, b) => b.weight - a.weight)
  let doubt = 1
  const kinds = Map.groupBy(weighed, ({ row }) => KIND_OF[row[0]])
  for (const all of kinds.values()) {
    const [first = 0, ...rest] = all.map(({ weight }) => weight)
    doubt *= 1 - Math.min(0.9, first + rest.reduce((sum, weight) => sum + weight / 2, 0))
  }
  return {
    name,
    confidence: Math.round(Math.min(SUREST, 1 - doubt) * 100) / 100,
    kinds: kinds.size,
    reasons: weighed.slice(0, 12).map(({ row, said }) => reasonOf(book, row, said, name)),
  }
}

function weightOf(book: FamilyBook, [type, , , weight, source]: Row, at: number | undefined): number {
  if (type !== 'ip' || at === undefined) return weight
  const age = at - Date.parse(book.sources[source]?.date ?? '')
  return age > 0 ? weight * 0.5 ** (age / ADDRESS_HALF_LIFE_MS) : weight
}

const WORDS: Readonly<Record<MarkType, string>> = {
  host: 'the host',
  ip: 'the address',
  'url-path': 'the path of a download,',
  file: 'the name',
  key: 'the key comment',
  account: 'the account',
  image: 'the image',
  act: 'a habit:',
}

const HABITS: Readonly<Record<string, string>> = {
  lockr: 'its own copy of chattr, called lockr',
  'secure.sh': 'the guard scripts secure.sh and auth.sh of others are removed',
  'keys-and-password': 'keys and password are replaced in one go',
  'agents-removed': 'agents of cloud providers are removed',
  'rivals-by-connection': 'rivals are found by their connections',
  'rivals-by-firewall': 'rivals are shut out by the firewall',
}

function reasonOf(book: FamilyBook, [type, value, , , source]: Row, said: string, name: string): string {
  const note = book.sources[source]
  const from =
    note === undefined
      ? ''
      : ` (${note.source}, as of ${note.date}${type === 'ip' ? '; addresses change hands' : ''})`
  const what = type === 'act' ? (HABITS[said] ?? said) : value
  return `${WORDS[type]} ${what} is known of ${name}${from}`
}

/** Keys of the table that an artefact may stand under, and what of it. */
function marksOf({ type, value }: Artefact): [key: string, said: string][] {
  const text = value.slice(0, MAX_LENGTH).toLowerCase()
  const found: [string, string][] = []
  if (/user|account/iu.test(type)) found.push([`account ${text}`, text])
  if (/image|container/iu.test(type)) found.push([`image ${imageName(text)}`, text])
  for (const word of text.split(/[\s"'`;|&<>()=,]+/u).slice(0, 256)) {
    if (word === '') continue
    if (/key/iu.test(type)) found.push([`key ${word}`, word])
    const host = hostOf(word)
    if (host !== null) {
      found.push([`ip ${host}`, host])
      for (const name of withParents(host)) found.push([`host ${name}`, name])
    }
    if (!/pool|wallet|login|worker|agent|host|ip|address|domain/iu.test(type)) {
      for (const part of word.split('/').slice(-12)) if (part.length > 2) found.push([`file ${part}`, part])
    }
  }
  return found
}

function imageName(text: string): string {
  return text.replace(/^(?:docker\.io|index\.docker\.io)\//u, '').replace(/[@:][^/]*$/u, '')
}

/** Of a URL, `host:port`, or a bare host or address. */
function hostOf(word: string): string | null {
  const bare = word.replace(/^[a-z][a-z0-9+.-]{0,15}:\/\//u, '').replace(/^[^@/]{0,128}@/u, '')
  const host = /^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?(?=$|[:/?#])/u.exec(bare)?.[0]
  return host !== undefined && host.includes('.') ? host : null
}

function withParents(host: string): string[] {
  const labels = host.split('.')
  return labels
    .slice(0, -1)
    .map((_, at) => labels.slice(at).join('.'))
    .slice(0, 8)
}

function urlPathsOf({ value }: Artefact, { urlPaths }: FamilyBook): readonly Row[] {
  const text = value.slice(0, MAX_LENGTH).toLowerCase()
  const at = text.search(/:\/\/|\d\/|[a-z]\//u)
  if (at < 0) return []
  return urlPaths.filter(([, path]) => {
    const start = text.indexOf(path, at)
    return (
      start > 0 &&
      (path.endsWith('/') ||
        /^(?:$|[\s"'?#;|&)>])/u.test(text.slice(start + path.length, start + path.length + 1)))
    )
  })
}

/** Habits that acts show. */
function behavioursOf(
  acts: readonly Pick<FightAct, 'category' | 'what' | 'targets' | 'commandLine'>[],
): string[] {
  const found = new Set<string>()
  const names = new Set(
    acts.flatMap(({ targets }) =>
      targets.filter(({ type }) => type !== 'self').map(({ value }) => value.replace(/^.*\//u, '')),
    ),
  )
  if (acts.some(({ commandLine }) => /(?:^|[\s;&|])lockr\s/u.test((commandLine ?? '').slice(0, MAX_LENGTH))))
    found.add('lockr')
  if (names.has('secure.sh') && names.has('auth.sh')) found.add('secure.sh')
  const hasKeys = acts.some(
    ({ category, what }) => category === 'persistence-eviction' && what.includes('SSH keys'),
  )
  if (hasKeys && acts.some(({ category }) => category === 'credential-lock-out'))
    found.add('keys-and-password')
  if (
    acts.some(
      ({ category, targets }) =>
        category === 'guard-removal' &&
        targets.some(({ value }) => /aegis|aliyun|qcloud|yunjing|bcm|bmc/iu.test(value)),
    )
  )
    found.add('agents-removed')
  if (acts.some(({ what }) => what.startsWith('killed by whom they talk to')))
    found.add('rivals-by-connection')
  if (acts.some(({ what }) => what.startsWith('shut out pools'))) found.add('rivals-by-firewall')
  return [...found]
}
