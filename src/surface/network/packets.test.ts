import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress, parseCidr } from './cidr.ts'
import { holds } from './interval.ts'
import type { Network, NetworkAcl, NetworkInterface, SecurityGroupRule } from './model.ts'
import { reachability } from './reachability.ts'
import { allow, group, instance, networkAcl, publicMachine, routeTable, subnet } from './samples/described.ts'

/** Few enough that every packet can be tried. */
const CLIENTS = ['198.51.100.1', '198.51.100.200', '203.0.113.99', '192.0.2.5'] as const
const BLOCKS = [
  '0.0.0.0/0',
  '198.51.100.0/24',
  '198.51.100.0/25',
  '203.0.113.0/24',
  '128.0.0.0/1',
  '10.0.0.0/16',
  '10.0.1.0/24',
]
const PORTS = [21, 22, 23, 79, 80, 81, 1024, 40_000]
const PROTOCOLS = { tcp: 6, udp: 17 } as const
type Name = keyof typeof PROTOCOLS

const ports = fc.constantFrom('*', '22', '22-80', '20-25', '80', '0-1023', '1024-65535', '40000')
const block = fc.constantFrom(...BLOCKS)
const permission = fc
  .tuple(fc.constantFrom('tcp', 'udp', '-1'), ports, fc.oneof(block, fc.constantFrom('sg-web', 'sg-b')))
  .map(([protocol, range, who]) => allow(`${protocol} ${protocol === '-1' ? '*' : range} ${who}`))
const aclRule = fc
  .tuple(
    fc.integer({ min: 1, max: 300 }),
    fc.constantFrom('allow', 'allow', 'deny'),
    fc.constantFrom('6', '17', '-1'),
    ports,
    block,
  )
  .map(
    ([number, action, protocol, range, who]) =>
      `${number} ${action} ${protocol} ${protocol === '-1' ? '*' : range} ${who}`,
  )
const aclRules = fc.uniqueArray(aclRule, { maxLength: 4, selector: (text) => text.split(' ')[0] })
const routes = fc.uniqueArray(
  fc.constantFrom(
    '0.0.0.0/0>igw-a',
    '198.51.100.0/24>igw-a',
    '198.51.100.0/25>nat-a',
    '203.0.113.0/24>igw-a!',
    '128.0.0.0/1>igw-a',
  ),
  { maxLength: 3, selector: (text) => text.split('>')[0] },
)

const networks = fc
  .record({
    web: fc.array(permission, { maxLength: 4 }),
    other: fc.array(permission, { maxLength: 3 }),
    out: fc.array(permission, { maxLength: 2 }),
    inbound: aclRules,
    outbound: aclRules,
    inboundB: aclRules,
    outboundB: aclRules,
    routes,
  })
  .map(
    (made) =>
      publicMachine(
        made.web,
        group('sg-web', 'vpc-a', made.web, made.out),
        group('sg-b', 'vpc-a', made.other, made.out),
        subnet('subnet-b', 'vpc-a', '10.0.2.0/24'),
        routeTable('rtb-a', 'vpc-a', 'main', made.routes),
        networkAcl('acl-a', 'vpc-a', 'default', made.inbound, made.outbound),
        networkAcl('acl-b', 'vpc-a', ['subnet-b'], made.inboundB, made.outboundB),
        instance('i-b', {
          subnet: 'subnet-b',
          vpc: 'vpc-a',
          address: '10.0.2.20',
          publicAddress: '203.0.113.20',
          groups: ['sg-b', 'sg-web'],
        }),
      ).network,
  )

function isIn(cidr: string, address: string): boolean {
  const value = parseAddress(address)
  return value !== null && holds(parseCidr(cidr)?.intervals ?? [], value.value)
}

function matches(
  rule: Pick<SecurityGroupRule, 'protocol' | 'ports'>,
  protocol: number,
  port: number,
): boolean {
  return (
    (rule.protocol === -1 || rule.protocol === protocol) && rule.ports.from <= port && port <= rule.ports.to
  )
}

function groupsLet(
  network: Network,
  own: NetworkInterface,
  direction: 'ingress' | 'egress',
  protocol: number,
  port: number,
  other: string,
): boolean {
  return own.groups.some((id) =>
    network.securityGroups.get(id)?.rules.some((rule) => {
      if (rule.direction !== direction || !matches(rule, protocol, port)) return false
      const { peer } = rule
      if (peer.kind === 'cidr') return isIn(peer.cidr, other)
      const members = [...network.interfaces.values()].filter(
        (one) => peer.kind === 'group' && one.groups.includes(peer.id),
      )
      return members.some((one) => one.addresses.some(({ address }) => address === other))
    }),
  )
}

function aclLets(
  acl: NetworkAcl,
  direction: 'ingress' | 'egress',
  protocol: number,
  port: number,
  other: string,
): boolean {
  for (const rule of acl.rules
    .filter((one) => one.direction === direction)
    .toSorted((a, b) => a.number - b.number))
    if (matches(rule, protocol, port) && isIn(rule.cidr, other)) return rule.action === 'allow'
  return false
}

function aclOf(network: Network, own: NetworkInterface): NetworkAcl {
  const all = [...network.networkAcls.values()]
  const acl = all.find((one) => one.subnets.includes(own.subnet ?? '')) ?? all.find((one) => one.isDefault)
  if (acl === undefined) throw new Error('no ACL')
  return acl
}

/** Client ports at which ACL rules may change their mind, and one between each two. */
const REPLY_PORTS = [1024, 30_000, 39_999, 40_000, 40_001, 65_535]

function replies(acl: NetworkAcl, direction: 'ingress' | 'egress', protocol: number, other: string): boolean {
  return REPLY_PORTS.some((port) => aclLets(acl, direction, protocol, port, other))
}

function leadsOut(network: Network, client: string): boolean {
  const table = [...network.routeTables.values()][0]
  const fitting = (table?.routes ?? []).filter(
    ({ destination }) => destination.kind === 'cidr' && isIn(destination.cidr, client),
  )
  const length = (route: (typeof fitting)[number]): number =>
    route.destination.kind === 'cidr' ? Number(route.destination.cidr.split('/')[1]) : 0
  const best = fitting.toSorted((a, b) => length(b) - length(a))[0]
  return best !== undefined && !best.isBlackhole && best.target.kind === 'internet-gateway'
}

function own(network: Network, instanceId: string): NetworkInterface {
  const found = network.interfaces.get(`eni-${instanceId}`)
  if (found === undefined) throw new Error('no interface')
  return found
}

function isOpen(
  network: Network,
  from: string,
  to: string,
  source: string,
  name: Name,
  port: number,
): boolean {
  return reachability(network, { from, to }).some(
    (one) =>
      one.status === 'reachable' &&
      (one.protocol === name || one.protocol === 'all') &&
      one.portFrom <= port &&
      port <= one.portTo &&
      one.sources.some((cidr) => isIn(cidr, source)),
  )
}

describe('packet by packet', () => {
  it('is what trying every packet from the internet gives', () => {
    fc.assert(
      fc.property(networks, fc.constantFrom<Name>('tcp', 'udp'), (network, name) => {
        const protocol = PROTOCOLS[name]
        for (const to of ['i-web', 'i-b'])
          for (const client of CLIENTS)
            for (const port of PORTS) {
              const target = own(network, to)
              const acl = aclOf(network, target)
              const expected =
                leadsOut(network, client) &&
                aclLets(acl, 'ingress', protocol, port, client) &&
                groupsLet(network, target, 'ingress', protocol, port, client) &&
                replies(acl, 'egress', protocol, client)
              expect(
                isOpen(network, 'internet', to, client, name, port),
                `${client} → ${to} ${name} ${port}`,
              ).toBe(expected)
            }
      }),
      { seed: 12, numRuns: 60 },
    )
  })

  it('is what trying every packet between two machines gives', () => {
    fc.assert(
      fc.property(networks, fc.constantFrom<Name>('tcp', 'udp'), (network, name) => {
        const protocol = PROTOCOLS[name]
        for (const [from, to, source, destination] of [
          ['i-web', 'i-b', '10.0.1.10', '10.0.2.20'],
          ['i-b', 'i-web', '10.0.2.20', '10.0.1.10'],
        ] as const)
          for (const port of PORTS) {
            const [a, b] = [own(network, from), own(network, to)]
            const expected =
              groupsLet(network, a, 'egress', protocol, port, destination) &&
              aclLets(aclOf(network, a), 'egress', protocol, port, destination) &&
              aclLets(aclOf(network, b), 'ingress', protocol, port, source) &&
              groupsLet(network, b, 'ingress', protocol, port, source) &&
              replies(aclOf(network, b), 'egress', protocol, source) &&
              replies(aclOf(network, a), 'ingress', protocol, destination)
            expect(isOpen(network, from, to, source, name, port), `${from} → ${to} ${name} ${port}`).toBe(
              expected,
            )
          }
      }),
      { seed: 13, numRuns: 200 },
    )
  })

  it('cuts what it says: without the one rule nothing of it is left', () => {
    fc.assert(
      fc.property(networks, (network) => {
        for (const verdict of reachability(network, { from: 'internet' })) {
          if (verdict.status !== 'reachable' || verdict.permits.length !== 1) continue
          const [permit] = verdict.permits
          const cut = network.securityGroups.get(permit?.group ?? '')
          if (cut === undefined || permit === undefined) throw new Error('no group')
          const securityGroups = new Map(network.securityGroups).set(cut.id, {
            ...cut,
            rules: cut.rules.filter((rule) => rule !== permit.rule),
          })
          const after = reachability({ ...network, securityGroups }, { from: 'internet' })
          const left = after.filter(
            (one) =>
              one.status === 'reachable' &&
              one.address === verdict.address &&
              one.protocol === verdict.protocol &&
              one.portFrom <= verdict.portTo &&
              one.portTo >= verdict.portFrom,
          )
          expect(left).toEqual([])
        }
      }),
      { seed: 14, numRuns: 100 },
    )
  })
})
