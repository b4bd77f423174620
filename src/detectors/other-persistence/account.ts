import type { Lasting } from './index.ts'

/** The account that `useradd`, `adduser` or `usermod` makes or gives the number of root; null = neither. */
export function accountOf(words: readonly string[]): Lasting | null {
  const user = words.slice(1).findLast((word) => !word.startsWith('-')) ?? ''
  const isRoot = words.some(
    (word, at) =>
      /^(?:--uid=0+|-o?u0+)$/u.test(word) ||
      (/^(?:-u|-ou|--uid)$/u.test(words[at - 1] ?? '') && /^0+$/u.test(word)),
  )
  if (isRoot) return secondRoot(user)
  return words[0]?.endsWith('usermod') === true || user === '' ? null : account(user)
}

/** As useradd's own line tells it: `new user: name=sys1, UID=0, …`. */
export function addedAccount(user: string, line: string): Lasting {
  return /\bUID=0,/u.test(line.slice(0, 1024)) ? secondRoot(user) : account(user)
}

function account(user: string): Lasting {
  return {
    what: 'account',
    title: `An account was added: ${user}`,
    path: user,
    attack: 'T1136.001',
    weight: 'context',
  }
}

function secondRoot(user: string): Lasting {
  return {
    what: 'account',
    title: `A second account with the number of root was made: ${user}`,
    path: user,
    attack: 'T1136.001',
    weight: 'intruder',
  }
}
