import { visible } from '../../text/visible.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure, SurfaceAsset } from '../document.ts'
import { candidatesSeen, matchOf } from '../doors/candidates.ts'
import { exposureOf } from '../exposure.ts'
import { lossesBehind, nameOf } from '../losses.ts'
import { isInternetAddress } from '../network/cidr.ts'
import { networkLikelihood } from '../risk/likelihood.ts'
import { firewallVerdict } from './firewall.ts'
import { type HostState, listensOutside, type Socket } from './host-state.ts'

/**
 * What listens on hosts that no inventory of a network knows: whether the internet reaches them is not known, so that
 * the chance counts only what a host with a public address, or none that is known, would have.
 */
export function hostExposures(context: SurfaceContext): Exposure[] {
  const joined = new Set(context.hostOf.values())
  return context.hosts
    .filter((host) => !joined.has(host))
    .flatMap((host) => {
      const asset = context.assets.get(host.id.slice(host.id.indexOf(':') + 1))
      if (asset === undefined) return []
      const isPublic = [...host.names].some(isInternetAddress)
      const outside = (host.sockets ?? []).filter((socket) => listensOutside(socket, []))
      return distinct(outside).flatMap((socket) => listening(socket, host, asset, isPublic, context))
    })
}

/** `0.0.0.0:22` and `[::]:22` are one way in. */
function distinct(sockets: readonly Socket[]): Socket[] {
  return [...new Map(sockets.map((socket) => [`${socket.protocol} ${socket.port}`, socket])).values()]
}

function listening(
  socket: Socket,
  host: HostState,
  asset: SurfaceAsset,
  isPublic: boolean,
  context: SurfaceContext,
): Exposure[] {
  const shield = firewallVerdict(host, socket.protocol, socket.port)
  if (shield.answer === 'blocked') return []
  const candidates = candidatesSeen(socket, host, context.catalogue)
  const [main] = candidates
  if (main === undefined) return []
  const sources = shield.sources ?? ['0.0.0.0/0']
  const likelihood = networkLikelihood(
    {
      portFrom: socket.port,
      portTo: socket.port,
      sources,
      isInternet: true,
      listening: true,
      candidates: [candidates],
      host,
      imageAgeDays: null,
      wasUsed: false,
      isBehindBalancer: false,
      isReachUnsure: !isPublic,
    },
    context.catalogue,
  )
  const what = main.isSeen ? main.door.title : `port ${socket.port}/${socket.protocol}`
  return [
    exposureOf({
      kind: 'network',
      check: 'open-port',
      title: `${what} on ${nameOf(asset)} listens to everybody who reaches the machine (port ${socket.port}/${socket.protocol})`,
      explanation: `${main.door.title}: ${main.door.what}. Whether the internet reaches this machine is ${isPublic ? 'likely: it has a public address' : 'not known: no inventory of its network was given'}.`,
      fix: `${main.door.fix.charAt(0).toUpperCase()}${main.door.fix.slice(1)}; or bind it to 127.0.0.1 if only this machine needs it.`,
      asset: asset.id,
      key: [socket.protocol, socket.port],
      likelihood,
      losses: lossesBehind(asset, context),
      why: [
        `the host says that ${socket.process === null ? 'something' : visible(socket.process)} listens on ${visible(socket.address)}:${socket.port}`,
        shield.says,
        isPublic ? 'the host has a public address' : 'whether the internet reaches the host is not known',
      ],
      evidence: [socket.proof],
      way: {
        address: visible(socket.address),
        protocol: socket.protocol,
        portFrom: socket.port,
        portTo: socket.port,
        sources: sources.map((cidr) => ({ cidr })),
        chain: [
          { type: 'host-firewall', id: host.id, name: null, says: shield.says },
          {
            type: 'service',
            id: socket.process === null ? `${socket.port}` : visible(socket.process),
            name: null,
            says: 'what listens there',
          },
        ],
        door: main.door.id,
        doors: candidates.map(matchOf).slice(0, 20),
        listening: true,
        listeners: [
          {
            address: visible(socket.address),
            port: socket.port,
            protocol: socket.protocol,
            process: socket.process === null ? null : visible(socket.process),
            user: socket.user === null ? null : visible(socket.user),
          },
        ],
        software: main.isSeen ? [main.door.title] : [],
      },
    }),
  ]
}
