import type { Basis, Control, MeasureDraft } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { onExposures, withCheck } from './scene.ts'

/** Fixes that take a person: what is done is told, not written as commands. */
interface Fix {
  readonly id: string
  readonly checks: readonly string[]
  readonly title: string
  readonly what: string
  readonly layer: string
  readonly share: number
  readonly why: string
  readonly friction: number
  readonly frictionWhy: string
  readonly needs: readonly string[]
  /** The one thing to do. */
  readonly step: string
}

const FIXES: readonly Fix[] = [
  {
    id: 'root-mfa',
    checks: ['root-without-mfa'],
    title: 'A second factor for the root user',
    what: 'The root user may do everything, and a policy cannot stop it. With a second factor (an app or a key on a chain) a stolen password is not enough.',
    layer: 'authentication',
    share: 0.95,
    why: 'passwords that leak or are reused are worth nothing alone; 5 % stay for who is tricked out of the code',
    friction: 0.5,
    frictionWhy: 'root is hardly ever used',
    needs: ['a phone or a key that is kept with a second one, in a safe'],
    step: 'log in as root, open Security credentials, assign an MFA device; then a second one',
  },
  {
    id: 'root-key',
    checks: ['root-access-key'],
    title: 'No access keys of the root user',
    what: 'An access key of root is a password that may do everything and never asks for a second factor. Nothing needs one.',
    layer: 'key',
    share: 0.99,
    why: 'a key that is gone cannot be stolen',
    friction: 1,
    frictionWhy: 'a program may still use it: deactivate first, delete after a month',
    needs: ['the last use in the credential report is explained'],
    step: 'log in as root, open Security credentials, deactivate the key; after a month without complaints delete it',
  },
  {
    id: 'user-mfa',
    checks: ['user-without-mfa'],
    title: 'A second factor for people who log in to the console',
    what: 'A password alone is guessed, reused or phished. A second factor stops that.',
    layer: 'authentication',
    share: 0.9,
    why: 'as for root, and more people are tricked out of codes',
    friction: 1,
    frictionWhy: 'one more step at every login',
    needs: ['everybody has a device'],
    step: 'have the user assign an MFA device under Security credentials',
  },
  {
    id: 'old-keys',
    checks: ['access-key-old', 'access-key-unused'],
    title: 'Deactivate keys that are old or that nobody uses',
    what: 'An access key lies in files, laptops and build systems for years, and every copy can leak. A key that nobody used for months is missed by nobody; an old one is replaced by a new one. Deactivated keys can be switched on again.',
    layer: 'key',
    share: 0.97,
    why: 'a key that does not work cannot be misused; 3 % stay for its successor',
    friction: 1,
    frictionWhy: 'who used it has to put in the new one',
    needs: ['for keys that are used: the new key is in place'],
    step: 'find the id of the key (aws iam list-access-keys --user-name …), then aws iam update-access-key --status Inactive; to go back, --status Active',
  },
  {
    id: 'role-trust',
    checks: ['role-public-trust', 'role-wide-trust'],
    title: 'Roles that only your own accounts and services may take on',
    what: 'A role says who may take it on. Where it says "everybody", strangers may.',
    layer: 'trust',
    share: 0.98,
    why: 'who may not take a role on gets nothing of it',
    friction: 1,
    frictionWhy: 'whoever takes it on today has to be named',
    needs: ['CloudTrail events AssumeRole of the role: who uses it now'],
    step: 'replace the principal "*" in the trust policy by the accounts, users or services that need the role',
  },
  {
    id: 'rbac',
    checks: ['rbac-anonymous', 'rbac-wildcard'],
    title: 'No rights for everybody in the cluster',
    what: 'Somebody bound a role of the cluster to users that anybody can be, or gave a program the right to everything.',
    layer: 'authorization',
    share: 0.95,
    why: 'a stranger without rights can start no pods',
    friction: 1.5,
    frictionWhy: 'what used those rights stops working until it gets its own',
    needs: ['the audit log of the cluster: who uses the binding now'],
    step: 'delete the binding, or bind a role with the verbs and resources that are needed',
  },
  {
    id: 'docker-socket',
    checks: ['docker-socket-mounted'],
    title: "Docker's socket not inside containers",
    what: 'A container that can talk to /var/run/docker.sock can start another one that owns the machine.',
    layer: 'isolation',
    share: 0.9,
    why: 'who takes the container stays in it',
    friction: 2,
    frictionWhy:
      'what managed containers from inside has to do it another way (a proxy that allows reading alone)',
    needs: [],
    step: 'take the mount of docker.sock out of the container, or put a read-only proxy before it',
  },
  {
    id: 'unprivileged',
    checks: ['container-privileged'],
    title: 'Containers without privileges of the host',
    what: 'A privileged container is root on the machine as soon as somebody is root in it.',
    layer: 'isolation',
    share: 0.85,
    why: 'who takes the container stays in it, but for holes in the kernel',
    friction: 2,
    frictionWhy: 'the container has to name the single capabilities that it needs',
    needs: [],
    step: 'take privileged: true out, add the capabilities that are missing one by one',
  },
  {
    id: 'new-image',
    checks: ['image-old'],
    title: 'Build machines anew from a current image',
    what: 'What was in the image when it was made has had its holes found since.',
    layer: 'software',
    share: 0.6,
    why: 'closes what is known of the base system; what was installed later has its own holes',
    friction: 2,
    frictionWhy: 'building anew is work, and shows what was never written down',
    needs: ['the machine can be built again from something written down'],
    step: 'build it from the newest image of the same system, try it, switch over',
  },
]

const JUDGEMENT = (why: string): Basis => ({ kind: 'judgement', why })

function controlOf(fix: Fix): Control {
  return {
    id: fix.id,
    title: fix.title,
    what: fix.what,
    layer: fix.layer,
    share: fix.share,
    shareBasis: JUDGEMENT(fix.why),
    overhead: { ...NO_OVERHEAD, friction: fix.friction },
    overheadBasis: JUDGEMENT(fix.frictionWhy),
    needs: fix.needs,
    measures: (scene) =>
      withCheck(scene, ...fix.checks).map((exposure): MeasureDraft => ({
        target: exposure.id,
        targets: exposure.resources.length > 0 ? exposure.resources : [exposure.asset],
        title: `${exposure.title}: ${fix.title.charAt(0).toLowerCase()}${fix.title.slice(1)}`,
        effects: onExposures([exposure], fix.share),
        carriers: [],
        changes: [{ what: `${exposure.resources[0] ?? exposure.asset}: ${fix.step}` }],
        closes: [exposure.id],
      })),
  }
}

export const accountFixes: readonly Control[] = FIXES.map(controlOf)
