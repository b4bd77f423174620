import type { Door, DoorCatalogue } from '../../intel/doors.ts'
import type { DoorMatch } from '../document.ts'
import { listensOutside, type HostState, type Socket } from '../host/host-state.ts'

/** A product that may stand behind one port, with how much it counts among those that may. */
export interface Candidate {
  readonly door: Door
  readonly port: number
  readonly isSeen: boolean
  readonly weight: number
}

/** On these ports nearly everybody runs just a web server, whatever else may. */
const WEB_PORTS = new Set([80, 443])
const WEB_WEIGHT = 100
const SERVICE_WEIGHT = 3

/** What may listen at a port, by the port alone. */
export function candidatesByPort(port: number, protocol: string, catalogue: DoorCatalogue): Candidate[] {
  const doors = catalogue.byPort(port, protocol)
  const list = doors.length === 0 ? [catalogue.other] : doors
  return list
    .map((door) => ({
      door,
      port,
      isSeen: false,
      weight: door.kind !== 'service' ? 1 : WEB_PORTS.has(port) ? WEB_WEIGHT : SERVICE_WEIGHT,
    }))
    .toSorted(
      (a, b) =>
        b.weight - a.weight || b.door.chance.mid - a.door.chance.mid || (a.door.id < b.door.id ? -1 : 1),
    )
}

/** What the host itself says listens at a port: by the image of the container behind it, then by its process. */
export function candidatesSeen(socket: Socket, host: HostState, catalogue: DoorCatalogue): Candidate[] {
  const { port, protocol } = socket
  const images = host.containers
    .filter((container) => container.ports.some((one) => one.port === port && one.protocol === protocol))
    .flatMap(({ image }) => (image === null ? [] : catalogue.byImage(image)))
  const doors =
    images.length > 0 ? images : socket.process === null ? [] : catalogue.byProcess(socket.process)
  // Of several products with one process the port decides, where it can.
  const atPort = doors.filter((door) => door.ports.some((one) => one.port === port))
  const chosen = atPort.length > 0 ? atPort : doors
  if (chosen.length === 0) return candidatesByPort(port, protocol, catalogue)
  return chosen.map((door) => ({ door, port, isSeen: true, weight: 1 }))
}

/** Sockets of a host that an address leads to, within a range of ports. */
export function socketsIn(
  host: HostState,
  addresses: readonly string[],
  protocol: string,
  portFrom: number,
  portTo: number,
): Socket[] {
  return (host.sockets ?? []).filter(
    (socket) =>
      (socket.protocol === protocol || protocol === 'all') &&
      socket.port >= portFrom &&
      socket.port <= portTo &&
      listensOutside(socket, addresses),
  )
}

const MATCHES = new WeakMap<Candidate, DoorMatch>()

/** Only a memory of a pure function: machines that told nothing of themselves have the same candidates. */
export function matchOf(candidate: Candidate): DoorMatch {
  const known = MATCHES.get(candidate)
  if (known !== undefined) return known
  const { door, port, isSeen } = candidate
  const match: DoorMatch = {
    id: door.id,
    title: door.title,
    port,
    certainty: isSeen ? 'seen' : 'port-only',
    gangs: door.gangs.map(({ name }) => name),
    cves: door.cves.map(({ id }) => id),
  }
  MATCHES.set(candidate, match)
  return match
}
