import { readFileSync } from 'node:fs'

/** The account that decodes hostile bytes where the command was started by root. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Who should decode: whoever used sudo, else nobody. Null where this is not root, or there is no such account. */
export function decodingAccount(env: NodeJS.ProcessEnv): Account | null {
  if (process.getuid?.() !== 0) return null
  const accounts = readAccounts()
  const name = env['SUDO_USER'] ?? 'nobody'
  const account = accounts.find((one) => one.name === name)
  return account === undefined || account.uid === 0
    ? (accounts.find((one) => one.name === 'nobody') ?? null)
    : account
}

/** Gives up root for good; false where the system does not allow it (a container without those capabilities). */
export function becomeAccount({ uid, gid }: Account): boolean {
  try {
    process.setgroups?.([])
    process.setgid?.(gid)
    process.setuid?.(uid)
    return true
  } catch {
    return false
  }
}

/** How somebody who may not capture can be allowed to, in one line. */
export function howToAllow(program: string, interfaceName: string): string {
  return (
    `run it with sudo, or allow tcpdump once: sudo setcap cap_net_raw,cap_net_admin=eip ${program}; ` +
    `or pipe it in: ssh HOST 'sudo tcpdump -i ${interfaceName} -U -w -' | davylamp wire -`
  )
}

function readAccounts(): Account[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
      .filter(({ uid, gid }) => Number.isInteger(uid) && Number.isInteger(gid))
  } catch {
    return []
  }
}
