import { visible } from '../../text/visible.ts'
import type { SurfaceContext } from '../context.ts'
import type { ChainLink, Derivation, Exposure, SurfaceAsset } from '../document.ts'
import { emptyAsset } from '../assets.ts'
import { exposureOf } from '../exposure.ts'
import { type FirewallAnswer, firewallVerdict } from '../host/firewall.ts'
import type { HostState, Socket } from '../host/host-state.ts'
import { lossesBehind, nameOf } from '../losses.ts'
import type { Link, Verdict } from '../network/verdict.ts'
import { proofOf } from '../inventory.ts'
import { stated } from '../risk/derive.ts'
import { isWide, networkLikelihood, type NetworkWay } from '../risk/likelihood.ts'
import { reachOf } from '../risk/reach.ts'
import { type Candidate, candidatesByPort, candidatesSeen, matchOf, socketsIn } from './candidates.ts'
import { cutEdgeOf } from './cut-edge.ts'
import { detailOf, linkInWords } from './words.ts'

const MAX_SOURCES = 100
const MAX_LISTENERS = 20
const MAX_DOORS = 20
const DAY_MS = 86_400_000

/** A verdict that somebody gets through, as an exposure with its doors and its money. */
export function networkExposure(verdict: Verdict, isInternet: boolean, context: SurfaceContext): Exposure {
  const asset = context.assets.get(verdict.asset) ?? emptyAsset(verdict.asset, 'other', 'aws')
  const host = context.hostOf.get(verdict.asset) ?? null
  const seen = lookBehind(verdict, asset, host, context)
  const way: NetworkWay = {
    portFrom: verdict.portFrom,
    portTo: verdict.portTo,
    sources: verdict.sources,
    isInternet,
    listening: seen.listening,
    candidates: seen.candidates,
    host,
    imageAgeDays: asset.imageTime === null ? null : (context.now - Date.parse(asset.imageTime)) / DAY_MS,
    wasUsed: false,
    isBehindBalancer: verdict.behind !== null,
    isReachUnsure: verdict.status === 'unknown',
  }
  const usedIn = incidentsBehind(seen.candidates.flat(), asset, context)
  const likelihood = isPortProtocol(verdict.protocol)
    ? chanceOf({ ...way, wasUsed: usedIn.length > 0 }, verdict.protocol, context)
    : stated(
        'chance that somebody comes in this way within 30 days',
        0,
        'chance',
        'no service of the catalogue waits behind this protocol',
      )
  const doors = seen.candidates.flat().map(matchOf)
  const main = seen.candidates.flat()[0]
  return exposureOf({
    kind: 'network',
    check: 'open-port',
    title: titleOf(verdict, asset, seen, main, isInternet),
    explanation: explanationOf(verdict, main, way),
    fix: fixOf(verdict, main, way),
    asset: asset.id,
    key: [verdict.address, verdict.protocol, verdict.portFrom, verdict.portTo, verdict.family],
    likelihood,
    losses: lossesBehind(asset, context),
    why: whyOf(verdict, asset, seen, main, way, usedIn),
    usedIn,
    resources: verdict.permits.map(({ group }) => group).filter((group, i, all) => all.indexOf(group) === i),
    evidence: [...seen.sockets.map(({ proof }) => proof), ...proofsOf(verdict, asset, context)],
    way: {
      address: verdict.address,
      protocol: verdict.protocol,
      portFrom: verdict.portFrom,
      portTo: verdict.portTo,
      sources: verdict.sources.slice(0, MAX_SOURCES).map((cidr) => ({ cidr })),
      chain: [...verdict.chain.map((link) => chainLink(link, context)), ...shieldLink(seen, host)],
      cutEdge: cutEdgeOf(verdict, asset, context),
      door: main?.door.id ?? null,
      doors: doors.slice(0, MAX_DOORS),
      listening: seen.listening,
      listeners: seen.sockets.slice(0, MAX_LISTENERS).map(({ address, port, protocol, process, user }) => ({
        address: visible(address),
        port,
        protocol,
        process: process === null ? null : visible(process),
        user: user === null ? null : visible(user),
      })),
      software: softwareOf(seen.candidates.flat()),
    },
  })
}

/** Many machines have the same port open to the same people: their chance is worked out once. */
function chanceOf(way: NetworkWay, protocol: string, { catalogue, memory }: SurfaceContext): Derivation {
  if (way.host !== null) return networkLikelihood(way, catalogue)
  const {
    portFrom,
    portTo,
    sources,
    isInternet,
    imageAgeDays,
    wasUsed,
    isBehindBalancer,
    isReachUnsure,
    candidates,
  } = way
  const age = imageAgeDays === null ? '' : Math.round(imageAgeDays)
  const target = candidates[0]?.[0]?.port ?? 0
  const key = [
    protocol,
    portFrom,
    portTo,
    target,
    isInternet ? reachOf(sources).id : '',
    sources.length,
    age,
    wasUsed,
    isBehindBalancer,
    isReachUnsure,
  ].join(' ')
  const known = memory.chances.get(key)
  if (known !== undefined) return known
  const chance = networkLikelihood(way, catalogue)
  memory.chances.set(key, chance)
  return chance
}

interface Behind {
  readonly listening: boolean | 'unknown'
  readonly sockets: readonly Socket[]
  /** What the host's own firewall says of it; null = nobody asked. */
  readonly shield: FirewallAnswer | null
  readonly candidates: readonly (readonly Candidate[])[]
}

/** What stands behind a range of ports: what the host says listens there, else what is usual on them. */
function lookBehind(
  verdict: Verdict,
  asset: SurfaceAsset,
  host: HostState | null,
  { catalogue }: SurfaceContext,
): Behind {
  const [from, to] = targetPorts(verdict)
  if (host !== null && host.sockets !== null && isPortProtocol(verdict.protocol)) {
    const all = socketsIn(host, asset.addresses, verdict.protocol, from, to)
    const shields = all.map((socket) => firewallVerdict(host, socket.protocol, socket.port))
    const sockets = all.filter((_, i) => shields[i]?.answer !== 'blocked')
    const shield =
      sockets.length === 0
        ? (shields[0] ?? null)
        : (shields.find(({ answer }) => answer !== 'blocked') ?? null)
    if (sockets.length > 0)
      return {
        listening: true,
        sockets,
        shield,
        candidates: portsOf(sockets).map((socket) => candidatesSeen(socket, host, catalogue)),
      }
    return { listening: false, sockets, shield, candidates: usual(verdict.protocol, from, to, catalogue) }
  }
  return {
    listening: 'unknown',
    sockets: [],
    shield: null,
    candidates: usual(verdict.protocol, from, to, catalogue),
  }
}

/** `0.0.0.0:22` and `[::]:22` are the same service. */
function portsOf(sockets: readonly Socket[]): Socket[] {
  return [...new Map(sockets.map((socket) => [`${socket.protocol} ${socket.port}`, socket])).values()]
}

/** Behind a load balancer the machine answers on another port. */
function targetPorts({ behind, portFrom, portTo }: Verdict): [number, number] {
  return behind === null ? [portFrom, portTo] : [behind.targetPort, behind.targetPort]
}

function isPortProtocol(protocol: string): boolean {
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'all'
}

/** Of many open ports SSH is the one that nearly always listens; whatever is started there is open at once. */
function usual(
  protocol: string,
  from: number,
  to: number,
  catalogue: SurfaceContext['catalogue'],
): Candidate[][] {
  if (!isPortProtocol(protocol)) return [[{ door: catalogue.other, port: from, isSeen: false, weight: 1 }]]
  const asked = protocol === 'all' ? 'tcp' : protocol
  if (isWide({ portFrom: from, portTo: to })) {
    const wide = WIDE_DOORS.flatMap((id) => catalogue.door(id) ?? []).flatMap((door) =>
      door.ports
        .filter((one) => one.protocol === asked && one.port >= from && one.port <= to)
        .slice(0, 1)
        .map(({ port }) => [{ door, port, isSeen: false, weight: 1 }]),
    )
    return wide.length > 0 ? wide : [[{ door: catalogue.other, port: from, isSeen: false, weight: 1 }]]
  }
  const known: Candidate[][] = []
  for (let port = from; port <= to; port++)
    if (catalogue.byPort(port, asked).length > 0) known.push(candidatesByPort(port, asked, catalogue))
  return known.length > 0 ? known : [candidatesByPort(from, asked, catalogue)]
}

const WIDE_DOORS = ['ssh', 'docker-api', 'redis', 'kubelet', 'rdp']

function titleOf(
  verdict: Verdict,
  asset: SurfaceAsset,
  seen: Behind,
  main: Candidate | undefined,
  isInternet: boolean,
): string {
  const who = isInternet ? 'the internet' : 'the network asked about'
  const ports = portsInWords(verdict)
  if (main === undefined || isWide(verdict))
    return `${ports} of ${nameOf(asset)} ${isAre(verdict)} open to ${whoInWords(verdict, who, isInternet)}`
  const what =
    main.door.id === 'other'
      ? ports
      : main.isSeen
        ? `${main.door.title} (${ports})`
        : `${ports} (by its number ${main.door.title})`
  const listening = seen.listening === false ? ', though nothing listens there now' : ''
  return `${what} of ${nameOf(asset)} ${isAre(verdict)} open to ${whoInWords(verdict, who, isInternet)}${listening}`
}

/** `is` or `are`, or for what is not certain `may be`. */
function isAre(verdict: Verdict): string {
  if (verdict.status === 'unknown') return 'may be'
  return portsInWords(verdict).startsWith('ports ') ? 'are' : 'is'
}

function whoInWords({ sources }: Verdict, everybody: string, isInternet: boolean): string {
  if (!isInternet || reachOf(sources).id === 'source-internet' || reachOf(sources).id === 'source-ipv6')
    return everybody
  const shown = sources.slice(0, 2).join(' and ')
  return sources.length > 2 ? `${shown} and ${sources.length - 2} more networks` : shown
}

export function portsInWords({
  protocol,
  portFrom,
  portTo,
}: Pick<Verdict, 'protocol' | 'portFrom' | 'portTo'>): string {
  if (protocol === 'all' || protocol === '-1' || protocol === 'other')
    return protocol === 'other' ? 'other protocols' : 'every port'
  if (!isPortProtocol(protocol)) return protocol.toUpperCase()
  if (portFrom === 0 && portTo === 65_535) return `every ${protocol.toUpperCase()} port`
  return portFrom === portTo ? `port ${portFrom}/${protocol}` : `ports ${portFrom}–${portTo}/${protocol}`
}

function explanationOf(verdict: Verdict, main: Candidate | undefined, way: NetworkWay): string {
  if (verdict.protocol.startsWith('icmp'))
    return 'Answers to ping and the like: strangers learn that the machine is there, and little else.'
  if (!isPortProtocol(verdict.protocol))
    return 'Traffic other than TCP and UDP gets through; hardly anything waits for it.'
  if (isWide(way)) {
    return `${way.portTo - way.portFrom + 1} ports are open at once: whatever is started on this machine, today or by mistake next month, can be reached by strangers.`
  }
  const door = main?.door
  if (door === undefined || door.id === 'other')
    return 'An open port lets strangers talk to whatever program waits behind it.'
  const gangs =
    door.gangs.length === 0
      ? ''
      : ` Gangs of miners come in this way: ${door.gangs.map(({ name }) => name).join(', ')}.`
  const taken =
    door.taken === null ? '' : ` Of exposed ones, ${door.taken.text} (${door.taken.date.slice(0, 4)}).`
  return `${door.title}: ${door.what}.${gangs}${taken}`
}

function fixOf(verdict: Verdict, main: Candidate | undefined, way: NetworkWay): string {
  const edge = verdict.cutEdge ?? verdict.permits[0]?.link ?? null
  const where = edge === null ? '' : ` What lets it through: ${visible(edge.id)}, ${detailOf(edge)}.`
  if (!isPortProtocol(verdict.protocol)) return `Nothing to do, unless nobody needs it.${where}`
  if (isWide(way)) return `Open only the ports that somebody needs, to those who need them.${where}`
  const fix = main?.door.fix ?? 'close it'
  return `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.${where}`
}

function whyOf(
  verdict: Verdict,
  asset: SurfaceAsset,
  seen: Behind,
  main: Candidate | undefined,
  way: NetworkWay,
  usedIn: readonly string[],
): string[] {
  const why: string[] = []
  if (usedIn.length > 0) why.push(`somebody came in this way already: ${usedIn.join(', ')}`)
  const reach = way.isInternet
    ? reachOf(verdict.sources).says
    : 'everybody in the network asked about reaches it'
  why.push(reach)
  if (!isPortProtocol(verdict.protocol)) return [...why, ...verdict.notes.map(visible)]
  if (seen.listening === true) {
    const names = portsOf(seen.sockets)
      .slice(0, 3)
      .map(({ port, process }) => `${process === null ? 'something' : visible(process)} on ${port}`)
    why.push(`the host says what listens: ${names.join(', ')}`)
    if (seen.shield !== null) why.push(seen.shield.says)
  } else if (seen.shield?.answer === 'blocked') why.push(`something listens there, but ${seen.shield.says}`)
  else if (seen.listening === false) why.push('the host says that nothing listens there now')
  else why.push('nobody said whether something listens there: collect the host’s state to know')
  if (main !== undefined && main.door.cves.length > 0) {
    const names = main.door.cves.slice(0, 3).map(({ id }) => id)
    why.push(
      `holes of ${main.door.title} that are used in the wild: ${names.join(', ')} (whether this one has them is not known)`,
    )
  }
  if (asset.role !== null && asset.role.startsCompute === 'yes')
    why.push(
      `whoever takes it can start more machines: its role may ${asset.role.actions.slice(0, 3).join(', ')}`,
    )
  if (verdict.status === 'unknown')
    why.push(`not certain: ${verdict.missing.map(visible).join('; ') || 'something is not known yet'}`)
  why.push(...verdict.notes.map(visible))
  return why
}

function shieldLink({ shield }: Behind, host: HostState | null): ChainLink[] {
  if (shield === null || host === null) return []
  return [{ type: 'host-firewall', id: visible(host.id), name: null, says: shield.says }]
}

function chainLink(link: Link, context: SurfaceContext): ChainLink {
  const known = context.memory.links.get(link)
  if (known !== undefined) return known
  const name =
    context.network.securityGroups.get(link.id)?.name ?? context.assets.get(link.id)?.names[0] ?? null
  const told: ChainLink = {
    type: link.kind,
    id: visible(link.id),
    name: name === null ? null : visible(name),
    says: linkInWords(link),
  }
  context.memory.links.set(link, told)
  return told
}

function proofsOf(
  verdict: Verdict,
  asset: SurfaceAsset,
  { inventory }: SurfaceContext,
): Exposure['evidence'] {
  const groups = [...new Set(verdict.permits.map(({ group }) => group))]
  const rules = groups.flatMap((group) => inventory.find('aws_security_group', group) ?? [])
  return [...asset.evidence, ...rules.map(proofOf)]
}

function softwareOf(candidates: readonly Candidate[]): string[] {
  return [...new Set(candidates.filter(({ isSeen }) => isSeen).map(({ door }) => door.title))].slice(
    0,
    MAX_DOORS,
  )
}

/** Incidents of the case on this machine whose way in is one of these doors. */
function incidentsBehind(
  candidates: readonly Candidate[],
  asset: SurfaceAsset,
  { incidents }: SurfaceContext,
): string[] {
  const names = new Set([asset.id, ...asset.names, ...asset.addresses])
  const doors = new Set(candidates.map(({ door }) => door.id))
  return incidents
    .filter((incident) => incident.names.some((name) => names.has(name)))
    .filter(({ wayIn }) => wayIn !== null && doors.has(wayIn.startsWith('ssh') ? 'ssh' : wayIn))
    .map(({ id }) => id)
}
