import type { MachineFacts } from '../../machine.ts'
import type { Random } from '../../random.ts'
import type { PacketPassed } from '../witness.ts'

/** Mean time between strangers' packets that a security group turns away. */
const MEAN_GAP_MS = 45_000
/** What the internet knocks at, the most wanted first. */
const WANTED_PORTS = [
  23, 445, 22, 3389, 8080, 5060, 6379, 2375, 1433, 8443, 81, 2222, 5900, 9200, 27_017, 11_211,
]
const SCANNER_NETWORK = '192.0.2'
const TCP = 6
const SYN = 0x02

/** The knocking that never ends: single SYNs at closed ports, one to three times each, within one window. */
export function backgroundScans(
  machine: MachineFacts,
  window: { startMs: number; endMs: number },
  random: Random,
): PacketPassed[] {
  const packets: PacketPassed[] = []
  for (let timeMs = window.startMs; ;) {
    timeMs += random.exponential(MEAN_GAP_MS)
    if (timeMs >= window.endMs) return packets
    const src = `${SCANNER_NETWORK}.${random.integer(100, 254)}`
    const [srcPort, dstPort] = [random.integer(1024, 65_535), wantedPort(random)]
    const tries = random.chance(0.25) ? random.integer(2, 3) : 1
    for (let i = 0; i < tries; i++) {
      packets.push({
        kind: 'packet',
        timeMs: Math.min(timeMs + i * 1000, window.endMs - 1),
        direction: 'in',
        protocol: TCP,
        src,
        dst: machine.address,
        srcPort,
        dstPort,
        bytes: random.pick([40, 44, 60]),
        tcpFlags: SYN,
      })
    }
  }
}

function wantedPort(random: Random): number {
  if (random.chance(0.3)) return random.integer(1, 65_535)
  const rank = Math.floor(WANTED_PORTS.length * random.fraction() ** 2)
  return WANTED_PORTS[rank] ?? 23
}
