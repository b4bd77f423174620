import type { CutEdge, Exposure } from '../../surface/document.ts'
import type { Change } from '../change.ts'
import type { MeasureDraft, Scene } from '../control.ts'
import { hostFirewall, narrowedRule, ruleOf, unwrittenOf } from './narrowed-rule.ts'
import { nameOf } from './scene.ts'

/** Ports through which people administer machines: closing them to everybody locks people out. */
export const ADMIN_PORTS: readonly number[] = [22, 2222, 3389, 5985, 5986]
const SSH = 22
/** Ports of web sites, which are open on purpose more often than not. */
export const PUBLIC_PORTS: readonly number[] = [80, 443]
/** What stays where a wide rule is narrowed: the public ports are still reached. */
const SHARE_OF_WIDE = 0.85

export interface EdgeGroup {
  readonly edge: CutEdge
  readonly exposures: readonly Exposure[]
  /** Ports that stay open to everybody. */
  readonly kept: readonly number[]
  /** Ports that stay open to operators only. */
  readonly forOperators: readonly number[]
  readonly isAdmin: boolean
}

/** Ways in over the network by the one object that can close them; those of a cluster are closed there. */
export function edgeGroups(scene: Scene): EdgeGroup[] {
  const groups = new Map<string, Exposure[]>()
  for (const exposure of scene.exposures) {
    const edge = edgeOf(exposure)
    if (exposure.kind !== 'network' || edge.type.startsWith('kubernetes-')) continue
    if (exposure.protocol !== null && !WITH_PORTS.has(exposure.protocol)) continue
    const rule = [edge.type, edge.account, edge.region, edge.id, edge.ruleId]
    const ports = [edge.protocol, edge.portFrom, edge.portTo, edge.source]
    const own = [exposure.asset, exposure.protocol, exposure.portFrom, exposure.portTo]
    const key = hasOwnPorts(edge) ? [...rule, ...ports].join(' ') : `host ${own.join(' ')}`
    const list = groups.get(key)
    if (list === undefined) groups.set(key, [exposure])
    else list.push(exposure)
  }
  return [...groups.values()].map((exposures) => groupOf(exposures, scene)).filter((group) => group !== null)
}

const WITH_PORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'all', '-1'])

/** What closes it; for a host of which no cloud is known, its own firewall. */
function edgeOf({ cutEdge, asset, protocol, portFrom, portTo }: Exposure): CutEdge {
  if (cutEdge !== null) return cutEdge
  return {
    type: 'host-firewall',
    id: asset,
    ruleId: null,
    terraformAddress: null,
    account: null,
    region: null,
    protocol,
    portFrom,
    portTo,
    source: null,
    isOnly: true,
    says: 'nothing on the machine keeps strangers from it',
  }
}

/**
 * Whether taking this rule away closes what it opens. A port that two rules open cannot be closed by one of them, nor one
 * whose rule was not named: the host's own firewall can.
 */
function hasOwnPorts({ isOnly, type, portFrom, protocol }: CutEdge): boolean {
  return isOnly && type === 'security-group-rule' && (portFrom !== null || protocol === '-1')
}

function groupOf(exposures: readonly Exposure[], scene: Scene): EdgeGroup | null {
  const [first] = exposures
  if (first === undefined) return null
  const edge = edgeOf(first)
  const isRule = hasOwnPorts(edge)
  const from = isRule ? (edge.portFrom ?? 0) : (first.portFrom ?? 0)
  const to = isRule ? (edge.portTo ?? 65_535) : (first.portTo ?? 65_535)
  const inside = (port: number): boolean => port >= from && port <= to
  const isSingle = from === to
  const admin = ADMIN_PORTS.filter((port) => inside(port) && (isSingle || isAdministered(port, exposures)))
  const hasOperators = scene.operators.length > 0
  const kept = [
    ...PUBLIC_PORTS.filter((port) => inside(port) && isUsed(port, exposures)),
    ...(hasOperators || isSingle ? [] : admin),
  ]
  return { edge, exposures, kept, forOperators: hasOperators ? admin : [], isAdmin: admin.length > 0 }
}

/** In a wide range: what is seen to listen; where nobody looked, SSH alone, because nearly every machine has it. */
function isAdministered(port: number, exposures: readonly Exposure[]): boolean {
  const isSeen = exposures.some(({ listeners }) => listeners.some((one) => one.port === port))
  return isSeen || (port === SSH && isUsed(port, exposures))
}

/** Whether something may listen there: said so, or nobody knows. */
function isUsed(port: number, exposures: readonly Exposure[]): boolean {
  return exposures.some(
    ({ portFrom, portTo, listening, listeners }) =>
      port >= (portFrom ?? 0) &&
      port <= (portTo ?? 65_535) &&
      (listeners.length > 0 ? listeners.some((one) => one.port === port) : listening !== false),
  )
}

/** The measure that narrows one rule, or null where nothing of it may be closed. */
export function measureOf(group: EdgeGroup, scene: Scene, share: number): MeasureDraft | null {
  const { edge, exposures, kept } = group
  const closed = exposures.filter(
    ({ portFrom, portTo }) => portFrom === null || portFrom !== portTo || !kept.includes(portFrom),
  )
  if (closed.length === 0) return null
  const isLocking =
    group.isAdmin && scene.operators.length === 0 && closed.every((one) => one.portFrom === one.portTo)
  const assets = [...new Set(closed.map(({ asset }) => asset))]
  const ports = portsInWords(closed)
  const who =
    group.forOperators.length > 0 && kept.length === 0 ? 'let in your own networks only on' : 'close'
  return {
    target: hasOwnPorts(edge)
      ? `${edge.region ?? ''} ${edge.id} ${edge.ruleId ?? `${edge.protocol} ${edge.portFrom}-${edge.portTo} ${edge.source}`}`
      : `${assets[0]} ${closed[0]?.protocol} ${ports}`,
    targets: hasOwnPorts(edge) ? [edge.id, ...assets] : assets,
    title:
      `${namesOf(scene, assets)}: ${who} ${ports} ${group.forOperators.length > 0 && kept.length === 0 ? '' : `to ${sourceInWords(edge)}`}${keptInWords(group)}`.trim(),
    effects: closed.map((one) => ({
      on: 'exposure',
      exposure: one.id,
      sinkKind: null,
      share: one.portFrom === one.portTo || kept.length === 0 ? share : Math.min(share, SHARE_OF_WIDE),
    })),
    carriers: [],
    changes: changesOf(group, scene, closed),
    closes: closed.filter((one) => one.portFrom === one.portTo || kept.length === 0).map(({ id }) => id),
    ...(isLocking
      ? { obstacle: 'it would lock you out: name your own addresses under operators: in davylamp.yaml' }
      : {}),
  }
}

/** The rule itself where an emitter can change it, else the host's firewall, else in words. */
function changesOf(group: EdgeGroup, scene: Scene, closed: readonly Exposure[]): Change[] {
  const rule = ruleOf(group)
  if (rule !== null) return [narrowedRule(group, scene, rule, closed)]
  const unwritten = unwrittenOf(group)
  const changes = hostFirewall(group, scene, closed)
  if (changes.length > 0) return changes.map((change) => ({ ...change, unwritten }))
  const { edge } = group
  return [{ what: `narrow or take away in ${objectOf(edge)}: ${edge.says}`, unwritten }]
}

/** Where to do it; a plan may not know its id yet. */
function objectOf({ terraformAddress, id, type }: CutEdge): string {
  return terraformAddress ?? (id.startsWith('(known') ? `the ${type.replaceAll('-', ' ')} ${id}` : id)
}

function namesOf(scene: Scene, assets: readonly string[]): string {
  const names = assets.slice(0, 3).map((asset) => nameOf(scene, asset))
  return names.join(', ') + (assets.length > 3 ? ` and ${assets.length - 3} more` : '')
}

function portsInWords(exposures: readonly Exposure[]): string {
  const ranges = [...new Set(exposures.map(({ portFrom, portTo }) => rangeInWords(portFrom, portTo)))]
  const shown = ranges.slice(0, 4).join(', ') + (ranges.length > 4 ? ` and ${ranges.length - 4} more` : '')
  return ranges.length === 1 && ranges[0] === 'every port' ? shown : `port ${shown}`
}

function rangeInWords(from: number | null, to: number | null): string {
  if (from === null || to === null || (from === 0 && to === 65_535)) return 'every port'
  return from === to ? String(from) : `${from}–${to}`
}

function sourceInWords({ source }: CutEdge): string {
  return source === null || /^(?:.*\/0)$/u.test(source) ? 'the internet' : source
}

function keptInWords({ kept, forOperators }: EdgeGroup): string {
  const parts = [
    ...(kept.length === 0 ? [] : [`${kept.join(', ')} ${kept.length === 1 ? 'stays' : 'stay'} open`]),
    ...(forOperators.length === 0 || kept.length === 0
      ? []
      : [`${forOperators.join(', ')} for your own networks only`]),
  ]
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`
}
