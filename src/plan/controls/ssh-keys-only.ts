import type { Control } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { nameOf, onExposures } from './scene.ts'

const SHARE = 0.95
const SETTINGS: ReadonlySet<string> = new Set(['ssh-passwords', 'ssh-root-login'])

/** No passwords for SSH. */
export const sshKeysOnly: Control = {
  id: 'ssh-keys-only',
  title: 'SSH with keys only',
  what: 'Passwords can be guessed, and are, thousands of times a day. With keys only, guessing has no end. One small file in /etc/ssh/sshd_config.d does it; sessions that are open stay open.',
  layer: 'authentication',
  share: SHARE,
  shareBasis: {
    kind: 'judgement',
    why: 'guessing passwords is how SSH is taken (Google Threat Horizons 2021: weak or no passwords in 48 % of compromised instances); 5 % stay for stolen keys and holes in sshd',
  },
  overhead: { ...NO_OVERHEAD, friction: 1 },
  overheadBasis: {
    kind: 'measured',
    why: 'reloading sshd keeps sessions and takes under a second; who logged in with a password needs a key',
  },
  needs: [
    'everybody who logs in has a key in ~/.ssh/authorized_keys: try it in a second session before closing the first',
  ],
  measures(scene) {
    const hosts = new Map<string, (typeof scene.exposures)[number][]>()
    for (const exposure of scene.exposures) {
      const isSsh = exposure.door === 'ssh' || SETTINGS.has(exposure.check)
      const takesKeysOnly = exposure.why.some((reason) => reason.includes('keys only'))
      if (!isSsh || takesKeysOnly) continue
      hosts.set(exposure.asset, [...(hosts.get(exposure.asset) ?? []), exposure])
    }
    return [...hosts].map(([asset, exposures]) => {
      const host = nameOf(scene, asset)
      return {
        target: asset,
        targets: [asset],
        title: `${host}: SSH with keys only`,
        effects: onExposures(exposures, SHARE),
        carriers: [],
        changes: [
          {
            what: `sshd of ${host}: no passwords, root with a key only`,
            sshd: {
              host,
              settings: [
                ['PasswordAuthentication', 'no'],
                ['KbdInteractiveAuthentication', 'no'],
                ['PermitEmptyPasswords', 'no'],
                ['PermitRootLogin', 'prohibit-password'],
              ],
            },
          },
        ],
        closes: exposures.filter(({ check }) => SETTINGS.has(check)).map(({ id }) => id),
      }
    })
  },
}
