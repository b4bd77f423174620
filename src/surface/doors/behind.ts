import type { SurfaceContext } from '../context.ts'
import type { SurfaceAsset } from '../document.ts'
import { type FirewallAnswer, firewallVerdict } from '../host/firewall.ts'
import type { HostState, Socket } from '../host/host-state.ts'
import type { Verdict } from '../network/verdict.ts'
import { isWide } from '../risk/likelihood.ts'
import { type Candidate, candidatesByPort, candidatesSeen, socketsIn } from './candidates.ts'

/** What waits behind a way in. */
export interface Behind {
  readonly listening: boolean | 'unknown'
  readonly sockets: readonly Socket[]
  /** What the host's own firewall says of it; null = nobody asked. */
  readonly shield: FirewallAnswer | null
  readonly candidates: readonly (readonly Candidate[])[]
}

/** What stands behind a range of ports: what the host says listens there, else what is usual on them. */
export function lookBehind(
  verdict: Verdict,
  asset: SurfaceAsset,
  host: HostState | null,
  context: SurfaceContext,
): Behind {
  const { catalogue } = context
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
  return nobodyAsked(verdict.protocol, from, to, context)
}

/** The same for every machine that told nothing of itself. */
function nobodyAsked(protocol: string, from: number, to: number, context: SurfaceContext): Behind {
  const key = `${protocol} ${from} ${to}`
  let known = context.memory.behind.get(key)
  if (known === undefined) {
    const candidates = usual(protocol, from, to, context.catalogue)
    known = { listening: 'unknown', sockets: [], shield: null, candidates }
    context.memory.behind.set(key, known)
  }
  return known
}

/** `0.0.0.0:22` and `[::]:22` are the same service. */
export function portsOf(sockets: readonly Socket[]): Socket[] {
  return [...new Map(sockets.map((socket) => [`${socket.protocol} ${socket.port}`, socket])).values()]
}

/** Behind a load balancer the machine answers on another port. */
function targetPorts({ behind, portFrom, portTo }: Verdict): [number, number] {
  return behind === null ? [portFrom, portTo] : [behind.targetPort, behind.targetPort]
}

export function isPortProtocol(protocol: string): boolean {
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
