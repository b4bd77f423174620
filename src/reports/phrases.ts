import type {
  AssetEntry,
  IncidentEntry,
  Investigation,
  Money,
  SkippedEntry,
  ToDo,
} from '../story/document.ts'
import { nameOf } from '../story/occupant-name.ts'
import { formatTimes, formatUsd } from '../text/units.ts'
import { plural } from '../text/plural.ts'
import { attentionIn } from './attention.ts'
import { spendingIn } from './spending.ts'
import type { Clock } from './clock.ts'

export function headingOf(incident: IncidentEntry): 'OCCUPIED' | 'INTRUDED' {
  return incident.tenures.length > 0 ? 'OCCUPIED' : 'INTRUDED'
}

export function nameOfOccupant(incident: IncidentEntry, id: string): string {
  return nameOf(incident.occupants, id)
}

/** The occupant that mines last, where the incident still goes on. */
export function holderOf(incident: IncidentEntry): string | null {
  if (incident.status !== 'ongoing') return null
  return incident.tenures.toSorted((a, b) => a.end.localeCompare(b.end)).at(-1)?.occupant ?? null
}

/** `$1.94 so far`, `$118 a month`, `1.8× normal`; empty where nothing is known. */
export function moneyParts(money: Money): string[] {
  const parts: string[] = []
  if (money.usdSoFar !== null) parts.push(`${formatUsd(money.usdSoFar)} so far`)
  if (money.usdPerMonth !== null) parts.push(`${formatUsd(money.usdPerMonth)} a month`)
  if (money.timesNormal !== null) parts.push(`${formatTimes(money.timesNormal)} normal`)
  if (money.assumedType !== undefined && parts.length > 0) parts.push(`if it is a ${money.assumedType}`)
  return parts
}

/** The machine's other names, without the one it is called by. */
export function otherNames(asset: { readonly id: string; readonly names: readonly string[] }): string[] {
  return asset.names.filter((name) => name !== asset.id)
}

/** Machines that nobody can judge, by why: the reasons are few, the machines may be many. */
export function byReason(assets: readonly AssetEntry[]): { reason: string; names: string[] }[] {
  return [...Map.groupBy(assets, (asset) => asset.reason)]
    .map(([reason, group]) => ({ reason, names: group.map((asset) => asset.id) }))
    .toSorted((a, b) => b.names.length - a.names.length)
}

/** Files that were left out, by why. */
export function skippedByReason(skipped: readonly SkippedEntry[]): { reason: string; files: string[] }[] {
  return [...Map.groupBy(skipped, (entry) => entry.reason)]
    .map(([reason, group]) => ({ reason, files: group.map((entry) => entry.file) }))
    .toSorted((a, b) => b.files.length - a.files.length)
}

export function assetsOf(investigation: Investigation, status: AssetEntry['status']): AssetEntry[] {
  return investigation.assets.filter((asset) => asset.status === status)
}

/** The answer in one sentence. Says "clean" of nothing that was not judged. */
export function answerOf(investigation: Investigation): string {
  const occupied = new Set<string>()
  const intruded = new Set<string>()
  for (const incident of investigation.incidents) {
    ;(headingOf(incident) === 'OCCUPIED' ? occupied : intruded).add(incident.asset.id)
  }
  for (const name of occupied) intruded.delete(name)
  if (occupied.size > 0) {
    const also = intruded.size > 0 ? `, and got into ${plural(intruded.size, 'more machine')}` : ''
    const isOver = investigation.incidents.every((incident) => incident.status === 'ended')
    const verb = isOver ? 'mined' : 'mines'
    return `Somebody ${verb} on ${namedOrCounted([...occupied])}${also}.`
  }
  if (intruded.size > 0) return `Somebody got into ${namedOrCounted([...intruded])}.`
  if (investigation.inputs.length === 0) return 'Nothing could be read, so nothing can be said.'
  const looks = attentionIn(investigation, false).length
  const look = looks === 0 ? '' : `; ${plural(looks, 'thing is', 'things are')} worth a look`
  if (investigation.pressure.length > 0) {
    const targets = new Set(investigation.pressure.map((entry) => entry.asset)).size
    return `Nobody got in, as far as this evidence shows; ${plural(targets, 'machine is', 'machines are')} under pressure${look}.`
  }
  const risen = risenOf(investigation)
  if (risen !== null) return `${risen}${look}.`
  const judged = investigation.assets.filter(({ status }) => status !== 'not-judged').length
  const unjudged = investigation.assets.length - judged
  if (judged === 0)
    return `Nothing found in what could be seen, and that is not enough to say that nobody mines${look}.`
  const most = unjudged === 0 ? '' : `; ${plural(unjudged, 'machine')} could not be judged`
  return `No intruder and no miner ${looks === 0 ? 'in this evidence' : 'for certain in this evidence'}${most}${look}.`
}

/** What costs or works more than is normal, where nothing else was found; null where nothing does. */
function risenOf(investigation: Investigation): string | null {
  const risen = spendingIn(investigation, false)
  if (risen.length === 0) return null
  const isLoad = risen.every(({ kind }) => kind === 'load')
  const isBill = risen.every(({ kind }) => kind !== 'load')
  const verbs = isLoad ? ['works', 'work'] : isBill ? ['costs', 'cost'] : ['', 'work or cost']
  const what = risen.length === 1 ? `Something ${verbs[0]}` : `${plural(risen.length, 'thing')} ${verbs[1]}`
  const like = risen.some(({ likeness }) => likeness === 'strong') ? ', as it would with a miner' : ''
  return `${what} far more than is normal${like}; what makes it is not in this evidence`
}

/** What would make a verdict on the machines without one possible; each once, of many machines the first. */
export function toJudge(assets: readonly AssetEntry[]): ToDo[] {
  const byText = new Map(assets.flatMap(({ toJudge = [] }) => toJudge).map((todo) => [todo.text, todo]))
  return [...byText.values()]
}

function namedOrCounted(names: readonly string[]): string {
  return names.length === 1 && names[0] !== undefined ? names[0] : plural(names.length, 'machine')
}

/** Sum of what is known; null where nothing is. */
export function sumUsd(
  incidents: readonly IncidentEntry[],
  pick: (money: Money) => number | null,
): number | null {
  const known = incidents.map((incident) => pick(incident.money)).filter((usd) => usd !== null)
  return known.length === 0 ? null : known.reduce((sum, usd) => sum + usd, 0)
}

/** First to last time of all that was read. */
export function periodOf(investigation: Investigation, clock: Clock): string | null {
  const from = investigation.inputs.map((input) => input.from).filter((time) => time !== null)
  const to = investigation.inputs.map((input) => input.to).filter((time) => time !== null)
  const [first] = from.toSorted()
  const last = to.toSorted().at(-1)
  return first === undefined || last === undefined ? null : clock.range(first, last)
}

const STATUS_ORDER: readonly AssetEntry['status'][] = [
  'occupied',
  'intruded',
  'pressure',
  'not-judged',
  'clean',
]

/** What needs attention first, the clean last. */
export function byStatus(assets: readonly AssetEntry[]): AssetEntry[] {
  return assets.toSorted((a, b) => STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status))
}

/** What artefacts are called for people. */
const ARTEFACTS: Readonly<Record<string, string>> = {
  remote: 'host',
  agent: 'software',
  path: 'file',
  cron: 'cron job',
  'key-file': 'SSH keys in',
  address: 'came from',
}

export function artefactName(type: string): string {
  return ARTEFACTS[type] ?? type
}
