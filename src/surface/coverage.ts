import { visible } from '../text/visible.ts'
import type { SurfaceContext } from './context.ts'
import type { SurfaceCoverage } from './document.ts'
import type { NetworkCoverage } from './network/model.ts'

/** What was and was not read: silence must not be taken for safety. */
export function coverageOf(network: readonly NetworkCoverage[], context: SurfaceContext): SurfaceCoverage[] {
  const entries: SurfaceCoverage[] = [...context.coverage]
  for (const { about, account, region, note } of network) {
    entries.push({
      what: TYPES[about] ?? visible(about),
      scope: [account, region].filter((part) => part !== null).join(' ') || 'everything',
      status: /apply/u.test(note) ? 'unknown-until-apply' : 'partial',
      note: visible(note),
      command: null,
    })
  }
  entries.push(...hostCoverage(context), ...accountCoverage(context))
  return folded(entries).toSorted((a, b) => weightOf(a) - weightOf(b) || (a.what < b.what ? -1 : 1))
}

const MAX_SCOPES = 4

/** The same said of several accounts or regions is said once. */
function folded(entries: readonly SurfaceCoverage[]): SurfaceCoverage[] {
  const groups = new Map<string, { first: SurfaceCoverage; scopes: Set<string> }>()
  for (const entry of entries) {
    const key = `${entry.what}\0${entry.note}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { first: entry, scopes: new Set([entry.scope]) })
    else known.scopes.add(entry.scope)
  }
  return [...groups.values()].map(({ first, scopes }) => {
    const all = [...scopes].toSorted()
    const more = all.length > MAX_SCOPES ? ` and ${all.length - MAX_SCOPES} more` : ''
    return { ...first, scope: all.slice(0, MAX_SCOPES).join(', ') + more }
  })
}

/** What changes the answer most comes first. */
const WEIGHTY = ['what listens on machines', 'rights of instance roles', 'credential report', 'quotas']

function weightOf({ what, status }: SurfaceCoverage): number {
  const at = WEIGHTY.indexOf(what)
  return (status === 'read' ? 100 : 0) + (at < 0 ? WEIGHTY.length : at)
}

/** Types of resources in words. */
const TYPES: Readonly<Record<string, string>> = {
  aws_lb: 'load balancers',
  aws_elb: 'classic load balancers',
  aws_lb_listener: 'listeners of load balancers',
  aws_lb_target_group: 'target groups of load balancers',
  aws_network_acl: 'firewalls of subnets (network ACLs)',
  aws_security_group: 'firewalls of machines (security groups)',
  aws_route_table: 'route tables',
  aws_internet_gateway: 'internet gateways',
  aws_network_interface: 'network cards of machines',
  aws_subnet: 'subnets',
  aws_vpc: 'networks (VPCs)',
  aws_instance: 'machines',
  Reservations: 'machines (Reservations)',
  SecurityGroups: 'firewalls of machines (SecurityGroups)',
  SecurityGroupRules: 'rules of the firewalls of machines (SecurityGroupRules)',
  NetworkInterfaces: 'network cards of machines (NetworkInterfaces)',
  NetworkAcls: 'firewalls of subnets (NetworkAcls)',
  RouteTables: 'route tables (RouteTables)',
  ServiceNames: 'services offered within networks (VpcEndpointServices)',
  ServiceDetails: 'services offered within networks (VpcEndpointServices)',
  Firewalls: 'network firewalls',
  WebACLs: 'web application firewalls',
}

function hostCoverage({ network, hostOf, hosts }: SurfaceContext): SurfaceCoverage[] {
  const running = [...network.instances.values()].filter(({ state }) => state !== 'terminated')
  const without = running.filter(({ id }) => !hostOf.has(id))
  const entries: SurfaceCoverage[] = []
  if (without.length > 0) {
    entries.push({
      what: 'what listens on machines',
      scope:
        without.length === 1 ? (without[0]?.id ?? '') : `${without.length} of ${running.length} machines`,
      status: without.length === running.length ? 'missing' : 'partial',
      note: 'an open port counts as if something may listen behind it: the machine itself was not asked',
      command: 'ss -tulpn > listening.txt (on each machine, into a folder named after it)',
    })
  }
  const silent = hosts.filter(
    ({ sshd, sockets }) => sshd === null && (sockets ?? []).some(({ port }) => port === 22),
  )
  for (const host of silent)
    entries.push({
      what: 'settings of sshd',
      scope: host.id,
      status: 'missing',
      note: 'whether SSH takes passwords was not read',
      command: 'sshd -T > sshd.txt (as root)',
    })
  return entries
}

function accountCoverage({ inventory, identities, network, rightsOf }: SurfaceContext): SurfaceCoverage[] {
  if (!inventory.all.some(({ provider }) => provider === 'aws')) return []
  const entries: SurfaceCoverage[] = []
  const scope = 'every account read'
  if (!inventory.has('aws_iam_credential_report'))
    entries.push({
      what: 'credential report',
      scope,
      status: 'missing',
      note: 'whether the root user has a second factor, and how old keys are, was not read',
      command:
        'aws iam generate-credential-report; aws iam get-credential-report --query Content --output text | base64 -d > credential-report.csv',
    })
  const withProfile = [...network.instances.values()].filter(
    ({ instanceProfile }) => instanceProfile !== null,
  )
  const unread = withProfile.filter(({ id }) => !rightsOf.has(id))
  if (unread.length > 0)
    entries.push({
      what: 'rights of instance roles',
      scope: `${unread.length} of ${withProfile.length} machines with a role`,
      status: unread.length === withProfile.length ? 'missing' : 'partial',
      note: 'what their roles may do was not read, so that what a thief could start with them is not counted',
      command: 'aws iam get-account-authorization-details > account-authorization-details.json',
    })
  if (!inventory.has('aws_servicequotas_service_quota'))
    entries.push({
      what: 'quotas',
      scope,
      status: 'missing',
      note: 'how many machines an account may start was not read: the range of money is wide because of that',
      command: 'aws service-quotas list-service-quotas --service-code ec2 --region REGION',
    })
  if (identities.length > 0)
    entries.push({
      what: 'service control policies, session policies and resource policies',
      scope,
      status: 'not-evaluated',
      note: 'they can only take rights away from what is said here',
      command: null,
    })
  return entries
}
