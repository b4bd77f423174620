import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResourceEvent } from '../../src/event/resource.ts'

/** How the answers of the AWS command line name their list. */
const LISTS = new Map([
  ['aws_vpc', 'Vpcs'],
  ['aws_internet_gateway', 'InternetGateways'],
  ['aws_route_table', 'RouteTables'],
  ['aws_subnet', 'Subnets'],
  ['aws_network_acl', 'NetworkAcls'],
  ['aws_security_group', 'SecurityGroups'],
])

/** Writes an inventory as `davylamp surface --aws-commands` would leave it. */
export function writeDump(folder: string, events: readonly ResourceEvent[]): void {
  const region = join(folder, 'us-east-1')
  mkdirSync(region, { recursive: true })
  for (const [type, list] of LISTS) {
    const all = events.filter(({ resourceType }) => resourceType === type).map(({ attributes }) => attributes)
    writeFileSync(join(region, `${list}.json`), JSON.stringify({ [list]: all }, null, 4))
  }
  const instances = events.filter(({ resourceType }) => resourceType === 'aws_instance')
  const Reservations = instances.map(({ attributes }) => ({
    OwnerId: '111122223333',
    Instances: [{ InstanceType: 't3.large', LaunchTime: '2025-01-01T00:00:00Z', ...attributes }],
  }))
  writeFileSync(join(region, 'Reservations.json'), JSON.stringify({ Reservations }, null, 4))
}
