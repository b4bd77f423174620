import { visible } from '../../text/visible.ts'
import type { SurfaceAsset } from '../document.ts'
import { nameOf } from '../losses.ts'
import type { Verdict } from '../network/verdict.ts'
import { isWide, type NetworkWay } from '../risk/likelihood.ts'
import { reachOf } from '../risk/reach.ts'
import { type Behind, isPortProtocol, portsOf } from './behind.ts'
import type { Candidate } from './candidates.ts'
import { detailOf } from './words.ts'

export function titleOf(
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

export function explanationOf(verdict: Verdict, main: Candidate | undefined, way: NetworkWay): string {
  if (verdict.protocol.startsWith('icmp'))
    return 'Answers to ping and the like: strangers learn that the machine is there, and little else.'
  if (!isPortProtocol(verdict.protocol))
    return 'Traffic other than TCP and UDP gets through; hardly anything waits for it.'
  if (isWide(way)) {
    const count = (way.portTo - way.portFrom + 1).toLocaleString('en-US')
    return way.isReachUnsure
      ? `As far as is known ${count} ports are open at once: whatever is started on this machine, today or by mistake next month, could be reached by strangers.`
      : `${count} ports are open at once: whatever is started on this machine, today or by mistake next month, can be reached by strangers.`
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

export function fixOf(verdict: Verdict, main: Candidate | undefined, way: NetworkWay): string {
  const edge = verdict.cutEdge ?? verdict.permits[0]?.link ?? null
  const where = edge === null ? '' : ` What lets it through: ${visible(edge.id)}, ${detailOf(edge)}.`
  if (!isPortProtocol(verdict.protocol)) return `Nothing to do, unless nobody needs it.${where}`
  if (isWide(way)) return `Open only the ports that somebody needs, to those who need them.${where}`
  const fix = main?.door.fix ?? 'close it'
  return `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.${where}`
}

export function whyOf(
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
