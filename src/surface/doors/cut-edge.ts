import { visible } from '../../text/visible.ts'
import type { SurfaceContext } from '../context.ts'
import type { CutEdge, SurfaceAsset } from '../document.ts'
import { terraformAddressOf } from '../inventory.ts'
import type { Link, Permit, Verdict } from '../network/verdict.ts'
import { linkInWords } from './words.ts'

/** The one link whose change closes it; where several rules let it in, the widest, told as not the only one. */
export function cutEdgeOf(verdict: Verdict, asset: SurfaceAsset, context: SurfaceContext): CutEdge | null {
  const permit = permitOf(verdict)
  const link = verdict.cutEdge ?? permit?.link ?? null
  if (link === null) return null
  const rule = permit?.rule ?? null
  const isRule = rule !== null && (link === permit?.link || link.kind === 'security-group-rule')
  return {
    type: link.kind,
    id: visible(link.id),
    ruleId: isRule ? rule.id : null,
    terraformAddress: addressOfEdge(link, isRule ? rule.id : null, context),
    account: asset.account,
    region: asset.region,
    protocol: isRule ? protocolText(rule.protocol) : null,
    portFrom: isRule ? rule.ports.from : null,
    portTo: isRule ? rule.ports.to : null,
    source: isRule ? peerText(rule) : null,
    isOnly: verdict.cutEdge !== null,
    says: linkInWords(link),
  }
}

function permitOf({ cutEdge, permits }: Verdict): Permit | null {
  if (cutEdge === null) return permits[0] ?? null
  return (
    permits.find(
      ({ link }) => link === cutEdge || (link.id === cutEdge.id && link.detail === cutEdge.detail),
    ) ?? null
  )
}

const RULE_TYPES = ['aws_vpc_security_group_ingress_rule', 'aws_security_group_rule']

/** Of the rule, where it is a resource of its own; else of the group. */
function addressOfEdge(link: Link, rule: string | null, { inventory }: SurfaceContext): string | null {
  const own = rule === null ? [] : RULE_TYPES.flatMap((type) => inventory.find(type, rule) ?? [])
  return terraformAddressOf(own[0] ?? inventory.find('aws_security_group', link.id))
}

const PROTOCOLS: Readonly<Record<number, string>> = {
  [-1]: '-1',
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'icmpv6',
}

function protocolText(protocol: number): string {
  return PROTOCOLS[protocol] ?? String(protocol)
}

function peerText({ peer }: Permit['rule']): string | null {
  return peer.kind === 'cidr' ? peer.cidr : peer.kind === 'unknown' ? null : visible(peer.id)
}
