import type { Fact } from '../fact.ts'
import type { Image } from './image.ts'

const MAX_BYTES = 2 ** 20
const MAX_ROUTES = 2000

/** IPv4 routes (proc_pid_net(5)): addresses are 32-bit numbers of this machine's byte order, little-endian on all that Node runs on but s390x. */
export function* routeFacts(image: Image): Generator<Fact> {
  const lines = (image.text('/proc/net/route', MAX_BYTES) ?? '').split('\n').slice(1, MAX_ROUTES)
  for (const [index, line] of lines.entries()) {
    const [device = '', destination, gateway, flags, , , metric, mask] = line.split('\t')
    const network = dotted(destination)
    if (network === null) continue
    yield {
      type: 'route',
      id: `${index}:${device}:${network}`,
      name: device,
      attributes: {
        device,
        network: `${network}/${bits(mask)}`,
        gateway: dotted(gateway),
        metric: Number(metric),
        flags: Number.parseInt(flags ?? '', 16),
      },
    }
  }
}

function dotted(hex: string | undefined): string | null {
  return /^[0-9A-F]{8}$/u.test(hex ?? '')
    ? Buffer.from(hex ?? '', 'hex')
        .toReversed()
        .join('.')
    : null
}

function bits(mask: string | undefined): number {
  return Number.parseInt(mask ?? '0', 16)
    .toString(2)
    .replaceAll('0', '').length
}
