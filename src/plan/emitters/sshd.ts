import { quoteShell } from '../../text/shell.ts'
import { comment } from './aws-cli.ts'
import type { EmittedFile, Emitter } from './emitter.ts'
import { fileName } from './file-name.ts'

/** Keywords that a plan may set, with the values they may have. */
const KEYWORDS: Readonly<Record<string, RegExp>> = {
  PasswordAuthentication: /^(?:yes|no)$/u,
  KbdInteractiveAuthentication: /^(?:yes|no)$/u,
  PermitEmptyPasswords: /^(?:yes|no)$/u,
  PermitRootLogin: /^(?:yes|no|prohibit-password|forced-commands-only)$/u,
  MaxAuthTries: /^[1-9]\d?$/u,
  AuthenticationMethods: /^[a-z-]+(?:,[a-z-]+)*$/u,
}
const DROP_IN = '/etc/ssh/sshd_config.d/00-davylamp.conf'

/** A drop-in per host. sshd takes the first value it reads, and reads drop-ins in order, so `00-` comes before others. */
export const sshd: Emitter = {
  id: 'sshd',
  title: 'sshd_config drop-in: one per host, with apply.sh and revert.sh',
  emit(changes) {
    const hosts = new Map<string, Map<string, string>>()
    const refused: string[] = []
    for (const { title, change } of changes) {
      if (change.sshd === undefined) continue
      const settings = hosts.get(change.sshd.host) ?? new Map<string, string>()
      hosts.set(change.sshd.host, settings)
      for (const [keyword, value] of change.sshd.settings) {
        const pattern = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined
        if (pattern?.test(value) === true) settings.set(keyword, value)
        else refused.push(`${comment(title)}: ${comment(keyword)} is not something a plan sets`)
      }
    }
    return { files: [...hosts].flatMap(([host, settings]) => filesOf(host, settings)), refused }
  },
}

function filesOf(host: string, settings: ReadonlyMap<string, string>): EmittedFile[] {
  const name = fileName(host)
  const lines = [...settings].map(([keyword, value]) => `${keyword} ${value}`)
  return [
    {
      path: `${name}/00-davylamp.conf`,
      text: `# For ${comment(host)}\n${lines.join('\n')}\n`,
      isExecutable: false,
    },
    { path: `${name}/apply.sh`, text: APPLY, isExecutable: true },
    { path: `${name}/revert.sh`, text: REVERT, isExecutable: true },
  ]
}

const RELOAD = `if sshd -t; then
  systemctl reload ssh 2>/dev/null || systemctl reload sshd
else
  rm -f ${quoteShell(DROP_IN)}
  echo 'sshd would not start with it: nothing was changed' >&2
  exit 1
fi
`
const APPLY = `#!/bin/sh
# Run it on the host, as root. Keep the session you are in open, and try a second login with your key before you close it.
set -eu
cd "$(dirname "$0")"
install -m 600 00-davylamp.conf ${quoteShell(DROP_IN)}
${RELOAD}`
const REVERT = `#!/bin/sh
set -eu
rm -f ${quoteShell(DROP_IN)}
sshd -t
systemctl reload ssh 2>/dev/null || systemctl reload sshd
`
