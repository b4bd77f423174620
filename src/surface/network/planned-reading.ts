import type { ResourceEvent } from '../../event/resource.ts'
import { textAt, textsAt } from './attributes.ts'

/** What stands for something of a VPC that it has by itself and that only it names: its main route table and the like. */
export type OwnOfVpc = 'main-table' | 'default-acl' | 'default-group'

const OWN: Readonly<Record<string, OwnOfVpc>> = {
  main_route_table_id: 'main-table',
  default_route_table_id: 'main-table',
  default_network_acl_id: 'default-acl',
  default_security_group_id: 'default-group',
}

/** Ids under a name: those that are known, and those of the resources that an unknown one will be taken from. */
export function idsAt(event: ResourceEvent, name: string): string[] {
  const { attributes, references } = event
  const own = textAt(attributes, name)
  const known = own === null ? textsAt(attributes, name) : [own]
  const promised = (references?.[name] ?? []).map(({ resourceId, attribute }) => {
    const kind = OWN[attribute ?? name]
    return kind === undefined ? resourceId : ownId(resourceId, kind)
  })
  return [...new Set([...known, ...promised])]
}

/** The one id under a name; of several possible ones none is sure. */
export function idAt(event: ResourceEvent, name: string): string | null {
  const ids = idsAt(event, name)
  return ids.length === 1 ? (ids[0] ?? null) : (textAt(event.attributes, name) ?? null)
}

/** Id of what a VPC has by itself, where nobody has given it another. */
export function ownId(vpc: string, kind: OwnOfVpc): string {
  return `${vpc} (${kind})`
}

/** Not known until apply, and nobody says where it will come from either. */
export function isUnknown({ unknownAttributes }: ResourceEvent, name: string): boolean {
  return unknownAttributes.some(
    (path) => path === name || path.startsWith(`${name}[`) || path.startsWith(`${name}.`),
  )
}
