import { contentId } from '../event/content-id.ts'
import type { Campaign, Incident, Occupant } from './incident.ts'
import { isPrivateHost, ownHost } from './occupation/places.ts'
import { isHost } from './occupation/trace.ts'

/** Steps from machine to machine that are told of one campaign, at most. */
const MAX_SPREAD = 500

/** What is so much somebody's own that it is the same hands wherever it is found; the surest first. */
const TELLING = ['wallet', 'remote', 'address'] as const
type Telling = (typeof TELLING)[number]

interface Member {
  readonly incident: Incident
  readonly occupant: Occupant
  readonly telling: Readonly<Record<Telling, readonly string[]>>
}

/**
 * Occupants of several machines that are the same hands: they work for one wallet, fetch from one host of their
 * own, or log in from one address. Different wallets are not joined by an address alone: scanners are shared.
 */
export function campaignsOf(incidents: readonly Incident[]): Campaign[] {
  const own = new Set(incidents.flatMap(({ asset }) => [asset.id, ...asset.names]))
  const members = incidents.flatMap((incident) =>
    incident.occupants.map((occupant): Member => ({ incident, occupant, telling: tellingOf(occupant, own) })),
  )
  const groups = new Map<Member, Set<Member>>(members.map((member) => [member, new Set([member])]))
  for (const type of TELLING) {
    for (const found of byValue(members, type).values()) unite(groups, found, type)
  }
  return [...new Set(groups.values())]
    .map((group) => [...group])
    .filter((group) => assetsOf(group).length > 1)
    .map((group) => campaignOf(group, incidents))
    .toSorted((a, b) => b.occupants.length - a.occupants.length || (a.id < b.id ? -1 : 1))
}

function byValue(members: readonly Member[], type: Telling): Map<string, Member[]> {
  const found = new Map<string, Member[]>()
  for (const member of members) {
    for (const value of member.telling[type]) {
      const known = found.get(value)
      if (known === undefined) found.set(value, [member])
      else if (!known.includes(member)) known.push(member)
    }
  }
  return found
}

/** Machines of one's own are nobody's mark: whoever is on one of them goes on from there to the others. */
function tellingOf({ artefacts }: Occupant, own: ReadonlySet<string>): Member['telling'] {
  const of = (type: string): string[] =>
    artefacts.filter((artefact) => artefact.type === type).map(({ value }) => value)
  const pools = new Set(of('pool').map(hostOf))
  const isForeign = (host: string): boolean => !own.has(host) && !isPrivateHost(host)
  const hosts = of('remote').map(ownHost)
  return {
    wallet: of('wallet'),
    remote: hosts.filter((host): host is string => host !== null && !pools.has(host) && isForeign(host)),
    address: of('address').filter(isForeign),
  }
}

function hostOf(endpoint: string): string {
  return endpoint.replace(/:\d+$/u, '').toLowerCase()
}

function unite(groups: Map<Member, Set<Member>>, found: readonly Member[], type: string): void {
  const [first, ...others] = found
  if (first === undefined) return
  for (const other of others) {
    const [ours, theirs] = [groups.get(first), groups.get(other)]
    if (ours === undefined || theirs === undefined || ours === theirs) continue
    if (type === 'address' && areRivals([...ours], [...theirs])) continue
    if (type !== 'wallet' && haveMet(ours, theirs)) continue
    for (const member of theirs) {
      ours.add(member)
      groups.set(member, ours)
    }
  }
}

/** Whether they work for different wallets on one machine, side by side: then a host in common is chance, or a mix-up. */
function haveMet(ours: ReadonlySet<Member>, theirs: ReadonlySet<Member>): boolean {
  const isOther = (a: Member, b: Member): boolean =>
    a.incident === b.incident &&
    a.occupant.wallet !== null &&
    b.occupant.wallet !== null &&
    a.occupant.wallet !== b.occupant.wallet
  return [...ours].some((a) => [...theirs].some((b) => isOther(a, b)))
}

function areRivals(ours: readonly Member[], theirs: readonly Member[]): boolean {
  const wallets = (group: readonly Member[]): string[] =>
    group.flatMap(({ occupant }) => (occupant.wallet === null ? [] : [occupant.wallet]))
  const [a, b] = [wallets(ours), wallets(theirs)]
  return a.length > 0 && b.length > 0 && !a.some((wallet) => b.includes(wallet))
}

function assetsOf(group: readonly Member[]): string[] {
  return [...new Set(group.map(({ incident }) => incident.asset.id))]
}

function campaignOf(group: readonly Member[], incidents: readonly Incident[]): Campaign {
  const sharedBy = TELLING.flatMap((type) =>
    [...byValue(group, type)]
      .map(([value, found]) => ({ type: type === 'remote' ? 'host' : type, value, assets: assetsOf(found) }))
      .filter(({ assets }) => assets.length > 1),
  )
  const occupants = group
    .map(({ incident, occupant }) => ({
      incident: incident.id,
      asset: incident.asset.id,
      occupant: occupant.id,
    }))
    .toSorted((a, b) => (a.asset < b.asset ? -1 : a.asset > b.asset ? 1 : a.occupant < b.occupant ? -1 : 1))
  const [anchor] = sharedBy
  return {
    id: contentId('camp', anchor?.type ?? '', anchor?.value ?? ''),
    occupants,
    sharedBy,
    spread: spreadOf(group, incidents),
  }
}

/** Logins into a machine of the campaign from another machine that is known, and commands that went there. */
function spreadOf(group: readonly Member[], incidents: readonly Incident[]): Campaign['spread'] {
  const owner = new Map<string, string>()
  for (const { asset } of incidents) for (const name of [asset.id, ...asset.names]) owner.set(name, asset.id)
  const steps = new Map<string, Campaign['spread'][number]>()
  const add = (step: Campaign['spread'][number]): void => {
    const key = `${step.from}\0${step.to}`
    const known = steps.get(key)
    if (step.from !== step.to && (known === undefined || step.time < known.time)) steps.set(key, step)
  }
  for (const { incident, occupant } of group) {
    const { wayIn } = occupant
    const source = wayIn?.srcIp === null || wayIn === null ? undefined : owner.get(wayIn.srcIp)
    if (wayIn !== null && source !== undefined)
      add({
        from: source,
        to: incident.asset.id,
        time: wayIn.time,
        how: `logged in as ${wayIn.user ?? 'a user'}`,
        evidence: wayIn.evidence.slice(-2),
      })
    for (const finding of incident.findings) {
      const isTheirs = occupant.findings.includes(finding.id)
      if (!isTheirs || !isHost(finding) || finding.facts.what !== 'spread' || finding.facts.remote === null)
        continue
      for (const name of finding.facts.remote.split(/[\s,]+/u)) {
        const target = owner.get(name)
        if (target !== undefined)
          add({
            from: incident.asset.id,
            to: target,
            time: finding.firstSeen,
            how: finding.title,
            evidence: finding.evidence.slice(0, 2),
          })
      }
    }
  }
  return [...steps.values()].toSorted((a, b) => a.time - b.time).slice(0, MAX_SPREAD)
}
