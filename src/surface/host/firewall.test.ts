import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firewallVerdict } from './firewall.ts'
import type { HostState } from './host-state.ts'

const proof = { source: 'host-files', file: 'a', offset: 0, raw: '' }

function host(...rules: readonly unknown[]): HostState {
  return {
    id: 'host:web-1',
    names: new Set(['web-1']),
    sockets: null,
    containers: [],
    services: [],
    users: [],
    sshd: null,
    lastLogin: null,
    firewalls: rules.map((one) => ({ attributes: { rules: one }, proof })),
  }
}

const save = (policy: string, ...rules: readonly string[]): string =>
  [
    '*filter',
    `:INPUT ${policy} [0:0]`,
    ':FORWARD DROP [0:0]',
    ':ufw-user-input - [0:0]',
    ...rules,
    'COMMIT',
  ].join('\n')

describe('firewallVerdict of iptables', () => {
  it.each([
    ['nothing', save('ACCEPT'), 'open', null],
    ['a policy that drops', save('DROP'), 'blocked', []],
    ['a port that is let in', save('DROP', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT'), 'open', null],
    [
      'another port that is let in',
      save('DROP', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT'),
      'blocked',
      [],
    ],
    ['the same port of UDP', save('DROP', '-A INPUT -p udp --dport 22 -j ACCEPT'), 'blocked', []],
    ['a range', save('DROP', '-A INPUT -p tcp --dport 20:25 -j ACCEPT'), 'open', null],
    [
      'several ports',
      save('DROP', '-A INPUT -p tcp -m multiport --dports 80,22,443 -j ACCEPT'),
      'open',
      null,
    ],
    [
      'one network',
      save('DROP', '-A INPUT -s 192.0.2.0/24 -p tcp --dport 22 -j ACCEPT'),
      'open',
      ['192.0.2.0/24'],
    ],
    [
      'what is known already',
      save(
        'DROP',
        '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
        '-A INPUT -i lo -j ACCEPT',
      ),
      'blocked',
      [],
    ],
    [
      'a drop before an accept',
      save('ACCEPT', '-A INPUT -p tcp --dport 22 -j DROP', '-A INPUT -p tcp --dport 22 -j ACCEPT'),
      'blocked',
      [],
    ],
    [
      'a reject at the end',
      save('ACCEPT', '-A INPUT -j REJECT --reject-with icmp-port-unreachable'),
      'blocked',
      [],
    ],
    [
      'a chain of its own',
      save('DROP', '-A INPUT -j ufw-user-input', '-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT'),
      'open',
      null,
    ],
    [
      'a log before',
      save('DROP', '-A INPUT -j LOG --log-prefix "in: "', '-A INPUT -p tcp --dport 22 -j ACCEPT'),
      'open',
      null,
    ],
    ['an interface', save('DROP', '-A INPUT -i eth1 -p tcp --dport 22 -j ACCEPT'), 'unknown', null],
    [
      'what it cannot judge',
      save('DROP', '-A INPUT -m recent --name x --set -p tcp --dport 22 -j ACCEPT'),
      'unknown',
      null,
    ],
  ])('%s', (_, rules, answer, sources) => {
    expect(firewallVerdict(host(rules), 'tcp', 22)).toMatchObject({ answer, sources })
  })

  it('asks every table', () => {
    expect(firewallVerdict(host(save('ACCEPT'), save('DROP')), 'tcp', 22).answer).toBe('blocked')
  })

  it('is unknown where nothing was read', () => {
    expect(firewallVerdict(host(), 'tcp', 22).answer).toBe('unknown')
  })
})

const dport = (port: unknown, protocol = 'tcp'): object => ({
  match: { op: '==', left: { payload: { protocol, field: 'dport' } }, right: port },
})
const saddr = (right: unknown): object => ({
  match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right },
})

function nft(policy: string, ...rules: readonly (readonly object[])[]): object {
  const at = { family: 'inet', table: 'filter' }
  return {
    nftables: [
      { metainfo: { version: '1.0.6' } },
      { table: { family: 'inet', name: 'filter' } },
      { chain: { ...at, name: 'input', hook: 'input', type: 'filter', prio: 0, policy } },
      { chain: { ...at, name: 'own' } },
      ...rules.map((expr, handle) => ({ rule: { ...at, chain: 'input', handle, expr } })),
    ],
  }
}

describe('firewallVerdict of nft', () => {
  it.each([
    ['a policy that drops', nft('drop'), 'blocked', []],
    ['a port', nft('drop', [dport(22), { counter: null }, { accept: null }]), 'open', null],
    [
      'a set of ports',
      nft('drop', [dport({ set: [80, { range: [20, 25] }] }), { accept: null }]),
      'open',
      null,
    ],
    ['another port', nft('drop', [dport(80), { accept: null }]), 'blocked', []],
    [
      'one network',
      nft('drop', [saddr({ prefix: { addr: '192.0.2.0', len: 24 } }), dport(22), { accept: null }]),
      'open',
      ['192.0.2.0/24'],
    ],
    [
      'known connections',
      nft('drop', [
        { match: { op: 'in', left: { ct: { key: 'state' } }, right: ['established', 'related'] } },
        { accept: null },
      ]),
      'blocked',
      [],
    ],
    [
      'the loopback',
      nft('drop', [
        { match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'lo' } },
        { accept: null },
      ]),
      'blocked',
      [],
    ],
    ['a named set', nft('drop', [saddr('@friends'), dport(22), { accept: null }]), 'unknown', null],
    ['a drop', nft('accept', [dport(22), { drop: null }]), 'blocked', []],
    ['a jump to an empty chain', nft('accept', [{ jump: { target: 'own' } }]), 'open', null],
  ])('%s', (_, rules, answer, sources) => {
    expect(firewallVerdict(host(rules), 'tcp', 22)).toMatchObject({ answer, sources })
  })

  it('ends where chains jump in a circle', () => {
    const at = { family: 'inet', table: 'filter', chain: 'own' }
    const rules = {
      nftables: [
        ...(nft('accept', [{ jump: { target: 'own' } }]) as { nftables: object[] }).nftables,
        { rule: { ...at, expr: [{ jump: { target: 'own' } }] } },
      ],
    }
    expect(firewallVerdict(host(rules), 'tcp', 22).answer).toBe('unknown')
  })

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.string({ maxLength: 200 })), (rules) => {
        expect(['open', 'blocked', 'unknown']).toContain(
          firewallVerdict(host(rules, { nftables: rules }), 'tcp', 22).answer,
        )
      }),
      { seed: 6, numRuns: 200 },
    )
  })
})
