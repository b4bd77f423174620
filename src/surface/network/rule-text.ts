import type { SecurityGroupRule } from './model.ts'
import { protocolName } from './protocol.ts'
import type { Link } from './verdict.ts'

export function ruleLink(group: string, rule: SecurityGroupRule): Link {
  return { kind: 'security-group-rule', id: rule.id ?? group, detail: `${group}: ${ruleText(rule)}` }
}

export function ruleText({ protocol, ports, peer, direction }: SecurityGroupRule): string {
  const icmp = protocol === 1 || protocol === 58
  const which = icmp
    ? icmpText(ports)
    : ports.from === 0 && ports.to === 65_535
      ? 'all ports'
      : ports.from === ports.to
        ? `${ports.from}`
        : `${ports.from}-${ports.to}`
  const who = peer.kind === 'cidr' ? peer.cidr : peer.kind === 'unknown' ? 'not known yet' : peer.id
  const what = protocol === -1 ? 'all traffic' : `${protocolName(protocol)} ${which}`
  return `${what} ${direction === 'ingress' ? 'from' : 'to'} ${who}`
}

function icmpText({ from, to }: SecurityGroupRule['ports']): string {
  if (from === 0 && to === 65_535) return 'all types'
  const type = `type ${from >> 8}`
  return to - from >= 255 ? type : `${type} code ${from & 0xff}`
}
