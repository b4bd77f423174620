import type { ResourceEvent } from '../../event/resource.ts'
import { type Attributes, objectAt, objectsAt, textAt, textsAt } from './attributes.ts'
import type { Draft } from './draft.ts'
import type { TransitAttachment } from './model.ts'

type Reader = (event: ResourceEvent, draft: Draft) => void

/** Transit gateways, as `aws ec2 describe-transit-gateway-*`, `search-…-routes` and `get-…` give them. */
export const TRANSIT: Readonly<Record<string, Reader>> = {
  aws_ec2_transit_gateway_attachment: ({ attributes: all, resourceId: id }, draft) => {
    const known = draft.transitAttachments.get(id)
    const association = objectAt(all, 'Association')
    const isAssociated = textAt(association, 'State') !== 'disassociated'
    draft.transitAttachments.set(id, {
      id,
      gateway: textAt(all, 'TransitGatewayId') ?? '',
      kind: kindOf(textAt(all, 'ResourceType')),
      resource: textAt(all, 'ResourceId'),
      subnets: known?.subnets ?? [],
      isAvailable: isUp(all),
      routeTable: isAssociated ? textAt(association, 'TransitGatewayRouteTableId') : null,
    })
  },
  aws_ec2_transit_gateway_vpc_attachment: ({ attributes: all, resourceId: id }, draft) => {
    const known = draft.transitAttachments.get(id)
    draft.transitAttachments.set(id, {
      id,
      gateway: textAt(all, 'TransitGatewayId') ?? '',
      kind: 'vpc',
      resource: textAt(all, 'VpcId'),
      subnets: textsAt(all, 'SubnetIds'),
      isAvailable: isUp(all),
      routeTable: known?.routeTable ?? null,
    })
  },
  aws_ec2_transit_gateway_route_table: ({ attributes: all, resourceId: id }, draft) => {
    draft.transitRouteTables.set(id, {
      id,
      gateway: textAt(all, 'TransitGatewayId'),
      routes: null,
      propagations: [],
    })
  },
  aws_ec2_transit_gateway_route: ({ attributes: all }, draft) => {
    const table = textAt(all, 'TransitGatewayRouteTableId')
    const cidr = textAt(all, 'DestinationCidrBlock')
    const state = textAt(all, 'State')
    if (cidr === null || (state !== null && state !== 'active' && state !== 'blackhole')) return
    if (table === null)
      return draft.note(
        'aws_ec2_transit_gateway_route',
        `route ${cidr} does not say of which route table it is: name its file after the table`,
      )
    draft.transitRoutes.push({
      table,
      route: {
        cidr,
        attachments: attachmentsOf(all),
        isBlackhole: state === 'blackhole',
        isPropagated: textAt(all, 'Type') === 'propagated',
      },
    })
  },
  aws_ec2_transit_gateway_route_table_propagation: ({ attributes: all }, draft) => {
    join(all, draft.transitPropagations)
  },
  aws_ec2_transit_gateway_route_table_association: ({ attributes: all }, draft) => {
    join(all, draft.transitTables)
  },
}

function join(all: Attributes, list: { table: string; attachment: string }[]): void {
  const table = textAt(all, 'TransitGatewayRouteTableId')
  const attachment = textAt(all, 'TransitGatewayAttachmentId')
  const state = textAt(all, 'State')
  if (table !== null && attachment !== null && state !== 'disabled' && state !== 'disassociated')
    list.push({ table, attachment })
}

function attachmentsOf(all: Attributes): string[] {
  return objectsAt(all, 'TransitGatewayAttachments').flatMap(
    (one) => textAt(one, 'TransitGatewayAttachmentId') ?? [],
  )
}

function isUp(all: Attributes): boolean {
  const state = textAt(all, 'State')
  return state === null || state === 'available' || state === 'modifying'
}

const KINDS: Readonly<Record<string, TransitAttachment['kind']>> = {
  vpc: 'vpc',
  vpn: 'vpn',
  'direct-connect-gateway': 'direct-connect-gateway',
  peering: 'peering',
  connect: 'connect',
}

function kindOf(text: string | null): TransitAttachment['kind'] {
  return KINDS[text ?? ''] ?? 'other'
}
