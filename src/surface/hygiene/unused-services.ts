import { formatDuration } from '../../text/units.ts'
import { visible } from '../../text/visible.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure, SurfaceAsset } from '../document.ts'
import type { WayIn } from '../exposure.ts'
import { type HostState, listensOutside } from '../host/host-state.ts'
import { nameOf } from '../losses.ts'
import type { MachineActivity } from './activity.ts'
import { hygieneOf } from './hygiene.ts'

/** Traffic has to be known for so long before silence means something. */
const MIN_WATCHED_MS = 24 * 3_600_000

/** What listens to others, and nobody used while its traffic was recorded. */
export function unusedServices(
  asset: SurfaceAsset,
  ways: readonly WayIn[],
  host: HostState | null,
  activity: MachineActivity | null,
  context: SurfaceContext,
): Exposure[] {
  const watched = activity?.traffic ?? null
  if (host === null || host.sockets === null || activity === null || watched === null) return []
  if (watched.to - watched.from < MIN_WATCHED_MS) return []
  const seen = new Set<string>()
  return host.sockets.flatMap((socket) => {
    const key = `${socket.protocol} ${socket.port}`
    if (!listensOutside(socket, []) || activity.served.has(key) || seen.has(key)) return []
    seen.add(key)
    const name =
      socket.process === null
        ? `port ${socket.port}/${socket.protocol}`
        : `${visible(socket.process)} (port ${socket.port}/${socket.protocol})`
    const isReached = ways.some(
      ({ protocol, portFrom, portTo }) =>
        protocol === socket.protocol && (portFrom ?? 0) <= socket.port && (portTo ?? 0) >= socket.port,
    )
    return [
      hygieneOf('service-unused', asset, [socket.proof], context, {
        key: [key],
        title: `nobody used ${name} on ${nameOf(asset)}`,
        explanation:
          'Every service that listens is a door. One that nobody uses is a door for strangers only.',
        fix: 'Stop it and keep it from starting again, or bind it to 127.0.0.1 if only this machine needs it.',
        why: [
          `it listens on ${visible(socket.address)}`,
          `no connection to it in ${formatDuration((watched.to - watched.from) / 1000)} of recorded traffic`,
          isReached ? 'strangers can reach it' : 'no way from outside to it is known',
        ],
        severity: isReached ? 'medium' : 'low',
      }),
    ]
  })
}
