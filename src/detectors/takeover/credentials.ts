import type { Command } from '../model/host/shell.ts'
import { operands, type Script, type Sign, target } from './sign.ts'

/** The owner, or whoever else knew a password, is locked out; an account of one’s own takes its place. */
export function credentialLockOutsOf({ pipelines }: Script): Sign[] {
  return pipelines.flatMap((pipeline) =>
    pipeline.flatMap((command, at) => ofCommand(command, pipeline[at - 1])),
  )
}

function ofCommand(command: Command, before: Command | undefined): Sign[] {
  const { program, words, isFed } = command
  switch (program) {
    case 'chpasswd':
      return [piped(usersIn(before))]
    case 'passwd':
      return ofPasswd(command, isFed)
    case 'usermod':
      return ofUsermod(command)
    case 'useradd':
    case 'adduser':
      return ofUseradd(command)
    default:
      return ofPasswdFile(words, command)
  }
}

function piped(users: readonly string[]): Sign {
  return {
    category: 'credential-lock-out',
    verb: 'set passwords',
    targets: users.map((user) => target('user', user)),
    isPlain: false,
    tell: 'piped-password',
  }
}

/** `echo "root:secret" | chpasswd`. */
function usersIn(before: Command | undefined): string[] {
  const text = before?.words.slice(1).join(' ').slice(0, 1024) ?? ''
  return [...text.matchAll(/(?:^|\s|\\n)([A-Za-z_][\w.-]{0,31}):/gu)]
    .map(([, user = '']) => user)
    .slice(0, 16)
}

function ofPasswd(command: Command, isFed: boolean): Sign[] {
  const { words } = command
  if (words.some((word) => /^(?:-S|--status|-h|--help|-n|-x|-w|-i)$/u.test(word))) return []
  const users = operands(command).map((user) => target('user', user))
  if (isFed || words.includes('--stdin')) return [{ ...piped([]), targets: users }]
  const isLocking = words.some((word) => /^(?:-l|--lock|-d|--delete)$/u.test(word))
  return [
    {
      category: 'credential-lock-out',
      verb: isLocking ? 'locked accounts' : 'set passwords',
      targets: users,
      isPlain: true,
    },
  ]
}

function ofUsermod(command: Command): Sign[] {
  const { words } = command
  const user = operands(command)
    .slice(-1)
    .map((name) => target('user', name))
  if (isNumberOfRoot(words)) return [secondRoot(user)]
  if (words.some((word) => word === '-p' || word === '--password')) return [{ ...piped([]), targets: user }]
  if (words.some((word) => word === '-L' || word === '--lock'))
    return [{ category: 'credential-lock-out', verb: 'locked accounts', targets: user, isPlain: true }]
  return []
}

function ofUseradd(command: Command): Sign[] {
  const { words } = command
  const user = operands(command)
    .slice(-1)
    .map((name) => target('user', name))
  if (isNumberOfRoot(words)) return [secondRoot(user)]
  const hasPassword = words.some((word) => word === '-p' || word === '--password')
  const hasRights = words.some(
    (word, at) =>
      /^(?:-G|-aG|--groups|-g|--gid)$/u.test(words[at - 1] ?? '') &&
      /\b(?:root|sudo|wheel|admin|docker)\b/u.test(word),
  )
  return [
    {
      category: 'credential-lock-out',
      verb: 'added accounts',
      targets: user,
      isPlain: !(hasPassword && hasRights),
    },
  ]
}

function isNumberOfRoot(words: readonly string[]): boolean {
  return words.some(
    (word, at) =>
      /^(?:--uid=0+|-u0+|-ou0+)$/u.test(word) ||
      (/^(?:-u|-ou|--uid)$/u.test(words[at - 1] ?? '') && /^0+$/u.test(word)),
  )
}

function secondRoot(targets: Sign['targets']): Sign {
  return {
    category: 'credential-lock-out',
    verb: 'added accounts',
    targets,
    isPlain: false,
    tell: 'second-root',
  }
}

/** `echo 'x:…:0:0:…' >> /etc/passwd`. */
function ofPasswdFile(words: readonly string[], { outputs }: Command): Sign[] {
  if (!outputs.some(({ path }) => path === '/etc/passwd' || path === '/etc/shadow')) return []
  const user = /(?:^|\s)["']?([A-Za-z_][\w.-]{0,31}):[^:\s]{0,256}:0{1,4}:/u.exec(
    words.join(' ').slice(0, 1024),
  )?.[1]
  return user === undefined ? [] : [secondRoot([target('user', user)])]
}
