import { BlockList } from 'node:net'

interface Networks {
  readonly source: string
  readonly licence: string
  readonly date: string
  readonly how: string
  readonly networks: Readonly<Record<string, readonly string[]>>
}

/** Whether an address belongs to one of the networks of the list. */
export function addressSetOf(text: string): (ip: string) => boolean {
  const { networks }: Networks = JSON.parse(text)
  const set = new BlockList()
  for (const network of Object.values(networks).flat()) {
    const [ip = '', bits] = network.split('/')
    set.addSubnet(ip, Number(bits), ip.includes(':') ? 'ipv6' : 'ipv4')
  }
  return (ip) => set.check(ip, ip.includes(':') ? 'ipv6' : 'ipv4')
}

/** One row a network: who answers there, and for whom else. */
export function sharedAddressTable(text: string): Record<string, unknown> {
  const { source, licence, date, how, networks }: Networks = JSON.parse(text)
  return {
    sources: [{ source, licence, date, how }],
    networks: Object.entries(networks).flatMap(([owner, list]) => list.map((network) => [network, owner])),
  }
}
