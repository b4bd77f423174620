import { createHash } from 'node:crypto'
import type { Fact } from '../fact.ts'
import { configLines, type Image } from './image.ts'

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

const MAX_PASSWD_BYTES = 4 * 2 ** 20
const MAX_ACCOUNTS = 20_000

/** passwd(5). Passwords stand elsewhere, and are never read. */
export function readAccounts(text: string): Account[] {
  const accounts: Account[] = []
  for (const { line } of configLines(text)) {
    const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':')
    if (name === '' || !/^\d+$/u.test(uid) || accounts.length >= MAX_ACCOUNTS) continue
    accounts.push({ name, uid: Number(uid), gid: Number(gid), home, shell })
  }
  return accounts
}

export function accountsOf(image: Image): Account[] {
  return readAccounts(image.text('/etc/passwd', MAX_PASSWD_BYTES) ?? '')
}

/** Users, who may become root, who logs in by which key. */
export function* accountFacts(image: Image, accounts: readonly Account[]): Generator<Fact> {
  const groups = groupsOf(image)
  for (const { name, uid, gid, home, shell } of accounts) {
    yield {
      type: 'user',
      id: name,
      name,
      attributes: {
        name,
        uid,
        gid,
        home,
        shell,
        groups: groups.get(name) ?? [],
        mayLogIn: !/(?:nologin|false|sync|halt|shutdown)$/u.test(shell),
      },
    }
  }
  for (const account of accounts) yield* keysOf(image, account)
  yield* sudoRules(image)
}

function groupsOf(image: Image): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { line } of configLines(image.text('/etc/group', MAX_PASSWD_BYTES) ?? '')) {
    const [group = '', , , members = ''] = line.split(':')
    for (const member of members.split(',')) {
      if (member === '') continue
      const known = groups.get(member)
      if (known === undefined) groups.set(member, [group])
      else known.push(group)
    }
  }
  return groups
}

const KEY = /(?:^|[\s"])((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+) ([A-Za-z0-9+/=]{32,20000})(?:\s+(.*))?$/u

/** Public keys that open an account: fingerprint as `ssh-keygen -l` writes it, not the key. */
function* keysOf(image: Image, { name, home }: Account): Generator<Fact> {
  if (!home.startsWith('/') || home === '/') return
  for (const file of ['authorized_keys', 'authorized_keys2']) {
    const path = `${home}/.ssh/${file}`
    const content = image.content(path)
    if (content === null) continue
    for (const { line, number } of configLines(content.bytes.toString('utf8'))) {
      const [, type, key = '', comment] = KEY.exec(line) ?? []
      const isKey = type !== undefined
      const digest = createHash('sha256')
        .update(Buffer.from(key, 'base64'))
        .digest('base64')
        .replace(/=+$/u, '')
      const options = isKey ? line.slice(0, line.indexOf(type)).trim() : line
      yield {
        type: 'authorized-key',
        id: `${path}:${number}`,
        name,
        attributes: {
          user: name,
          path,
          line: number,
          keyType: type ?? null,
          fingerprint: isKey ? `SHA256:${digest}` : null,
          comment: comment ?? null,
          options: options === '' ? null : options,
          modifiedAt: content.stats.mtimeMs,
        },
      }
    }
  }
}

function* sudoRules(image: Image): Generator<Fact> {
  for (const path of ['/etc/sudoers', ...image.files('/etc/sudoers.d')]) {
    for (const { line, number } of configLines(image.text(path) ?? '')) {
      if (/^Defaults\b/u.test(line)) continue
      yield {
        type: 'sudo-rule',
        id: `${path}:${number}`,
        name: line.split(/\s/u, 1)[0] ?? null,
        attributes: { path, line: number, rule: line, isWithoutPassword: /\bNOPASSWD:/u.test(line) },
      }
    }
  }
}
