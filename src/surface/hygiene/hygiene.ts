import { visible } from '../../text/visible.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure, SurfaceAsset } from '../document.ts'
import { exposureOf, type WayIn } from '../exposure.ts'
import { allowsPasswords, allowsRootWithPassword, type HostState } from '../host/host-state.ts'
import { lossesBehind, nameOf } from '../losses.ts'
import { given } from '../risk/derive.ts'
import { forgottenMachine, oldImage } from './forgotten.ts'
import { unusedServices } from './unused-services.ts'

/** What makes a break-in likelier or nobody notice it: forgotten machines, services nobody uses, passwords, containers. */
export function hygieneExposures(
  ways: ReadonlyMap<string, readonly WayIn[]>,
  context: SurfaceContext,
): Exposure[] {
  const found: Exposure[] = []
  const byId = new Map(context.hosts.map((host) => [host.id, host]))
  for (const asset of context.assets.values()) {
    if (asset.kind !== 'instance' && asset.kind !== 'host') continue
    const reach = ways.get(asset.id) ?? []
    const host = context.hostOf.get(asset.id) ?? byId.get(`host:${asset.id}`) ?? null
    const activity = context.activity.of([
      asset.id,
      ...asset.names,
      ...asset.addresses,
      ...(host?.names ?? []),
    ])
    found.push(
      ...forgottenMachine(asset, reach, host, activity, context),
      ...oldImage(asset, reach, context),
      ...unusedServices(asset, reach, host, activity, context),
      ...(host === null ? [] : [...logins(asset, host, context), ...containers(asset, host, context)]),
    )
  }
  return found
}

export interface HygieneWords {
  readonly key?: readonly (string | number)[]
  readonly title: string
  readonly explanation: string
  readonly fix: string
  readonly why: readonly string[]
  readonly severity?: Exposure['severity']
}

/** A habit, with the chance that its check has in the catalogue. */
export function hygieneOf(
  check: string,
  asset: SurfaceAsset,
  evidence: Exposure['evidence'],
  context: SurfaceContext,
  { key = [], ...words }: HygieneWords,
): Exposure {
  const entry = context.catalogue.check(check)
  return exposureOf({
    kind: 'hygiene',
    check,
    asset: asset.id,
    key,
    likelihood: given('chance that this lets somebody in within 30 days', entry.value, 'chance'),
    losses: lossesBehind(asset, context),
    severity: entry.severity,
    evidence,
    ...words,
  })
}

function logins(asset: SurfaceAsset, host: HostState, context: SurfaceContext): Exposure[] {
  const proofs = host.sshd === null ? [] : [host.sshd.proof]
  const found: Exposure[] = []
  if (allowsPasswords(host) === true)
    found.push(
      hygieneOf('ssh-passwords', asset, proofs, context, {
        title: `SSH on ${nameOf(asset)} takes passwords`,
        explanation:
          'Bots try millions of passwords on SSH day and night; one weak password of one user is enough. A key cannot be guessed.',
        fix: 'Put keys in place for everybody who logs in, then set PasswordAuthentication no and KbdInteractiveAuthentication no in sshd_config and reload sshd. Keep a session open while you try.',
        why: ['the settings of sshd say so'],
      }),
    )
  if (allowsRootWithPassword(host) === true)
    found.push(
      hygieneOf('ssh-root-login', asset, proofs, context, {
        title: `root may log in to ${nameOf(asset)} with a password`,
        explanation: 'Every bot tries root first: its name need not be guessed, and it may do everything.',
        fix: 'Set PermitRootLogin no (or prohibit-password) in sshd_config and reload sshd.',
        why: ['the settings of sshd say PermitRootLogin yes'],
      }),
    )
  return found
}

function containers(asset: SurfaceAsset, host: HostState, context: SurfaceContext): Exposure[] {
  return host.containers.flatMap((container) => {
    const name = visible(container.name ?? container.image ?? 'a container')
    const found: Exposure[] = []
    if (container.mountsDockerSocket)
      found.push(
        hygieneOf('docker-socket-mounted', asset, [container.proof], context, {
          key: [name],
          title: `the container ${name} on ${nameOf(asset)} can control Docker`,
          explanation:
            'It holds the socket of Docker: whoever breaks into this container can start others with full rights over the machine.',
          fix: 'Do not hand the socket in; where a tool needs it, put a proxy between that allows only what it needs.',
          why: ['the socket of the container runtime is mounted into it'],
        }),
      )
    if (container.isPrivileged)
      found.push(
        hygieneOf('container-privileged', asset, [container.proof], context, {
          key: [name],
          title: `the container ${name} on ${nameOf(asset)} runs with all rights of the machine`,
          explanation: 'A privileged container is no wall: whoever breaks into it has the machine.',
          fix: 'Run it without --privileged; add the single rights it needs.',
          why: ['it was started as privileged'],
        }),
      )
    return found
  })
}
