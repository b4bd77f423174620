import type { ResourceEvent } from '../../event/resource.ts'
import { flagAt, textAt } from './attributes.ts'
import type { Draft } from './draft.ts'
import { idAt, idsAt } from './planned-reading.ts'

type Reader = (event: ResourceEvent, draft: Draft) => void

/** Transit gateways as Terraform has them. */
export const PLANNED_TRANSIT: Readonly<Record<string, Reader>> = {
  aws_ec2_transit_gateway: (event, draft) => {
    const { attributes: all, resourceId: id } = event
    const isOn = (name: string): boolean => textAt(all, name) !== 'disable'
    const associates = isOn('default_route_table_association')
    const propagates = isOn('default_route_table_propagation')
    const table = textAt(all, 'association_default_route_table_id') ?? `${id} (default route table)`
    draft.transitDefaults.set(id, { table, associates, propagates })
    if (associates || propagates)
      draft.transitRouteTables.set(table, { id: table, gateway: id, routes: null, propagations: [] })
  },
  aws_ec2_transit_gateway_vpc_attachment: (event, draft) => {
    const { attributes: all, resourceId: id } = event
    const gateway = idAt(event, 'transit_gateway_id')
    if (gateway === null) return
    draft.transitAttachments.set(id, {
      id,
      gateway,
      kind: 'vpc',
      resource: idAt(event, 'vpc_id'),
      subnets: idsAt(event, 'subnet_ids'),
      isAvailable: true,
      routeTable: null,
    })
    draft.transitJoins.push({
      attachment: id,
      gateway,
      associates: flagAt(all, 'transit_gateway_default_route_table_association') !== false,
      propagates: flagAt(all, 'transit_gateway_default_route_table_propagation') !== false,
    })
  },
  aws_ec2_transit_gateway_route_table: (event, draft) => {
    const id = event.resourceId
    draft.transitRouteTables.set(id, {
      id,
      gateway: idAt(event, 'transit_gateway_id'),
      routes: [],
      propagations: [],
    })
  },
  aws_ec2_transit_gateway_route: (event, draft) => {
    const { attributes: all } = event
    const table = idAt(event, 'transit_gateway_route_table_id')
    const cidr = textAt(all, 'destination_cidr_block')
    if (table === null || cidr === null) return
    draft.transitRoutes.push({
      table,
      route: {
        cidr,
        attachments: idsAt(event, 'transit_gateway_attachment_id'),
        isBlackhole: flagAt(all, 'blackhole') === true,
        isPropagated: false,
      },
    })
  },
  aws_ec2_transit_gateway_route_table_association: (event, draft) => join(event, draft.transitTables),
  aws_ec2_transit_gateway_route_table_propagation: (event, draft) => join(event, draft.transitPropagations),
}

function join(event: ResourceEvent, list: { table: string; attachment: string }[]): void {
  const table = idAt(event, 'transit_gateway_route_table_id')
  const attachment = idAt(event, 'transit_gateway_attachment_id')
  if (table !== null && attachment !== null) list.push({ table, attachment })
}
