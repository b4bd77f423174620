import { expect, test } from 'vitest'
import { readAll, textInput } from './samples/text-input.ts'

/** `seconds type pid op account result`, as one line each. */
function log(...lines: string[]): string {
  return lines
    .map((line, at) => {
      const [second, type, pid, op, account, result, exe = '/usr/sbin/sshd'] = line.split(' ')
      const who = account?.startsWith('id=') === true ? account : `acct="${account}"`
      return `type=${type} msg=audit(${1_778_554_800 + Number(second)}.000:${100 + at}): pid=${pid} uid=0 auid=4294967295 ses=4294967295 msg='op=${op} ${who} exe="${exe}" hostname=203.0.113.9 addr=203.0.113.9 terminal=ssh res=${result}'\n`
    })
    .join('')
}

test.each<[string, string[], string[]]>([
  [
    'PAM and sshd tell of one failure',
    ['1 USER_AUTH 9 PAM:authentication root failed', '3 USER_LOGIN 9 login root failed'],
    ['failure root pam'],
  ],
  [
    'Red Hat tells three times',
    [
      '1 USER_AUTH 9 PAM:authentication root failed',
      '3 USER_AUTH 9 password root failed',
      '4 USER_LOGIN 9 login root failed',
    ],
    ['failure root pam'],
  ],
  [
    'two guesses in one connection',
    [
      '1 USER_AUTH 9 PAM:authentication root failed',
      '3 USER_LOGIN 9 login root failed',
      '4 USER_AUTH 9 PAM:authentication root failed',
      '6 USER_LOGIN 9 login root failed',
    ],
    ['failure root pam', 'failure root pam'],
  ],
  [
    'keyboard-interactive: PAM runs in a process of its own',
    ['1 USER_AUTH 10 PAM:authentication root failed', '3 USER_LOGIN 9 login root failed'],
    ['failure root pam'],
  ],
  [
    'without PAM',
    ['1 USER_LOGIN 9 login root failed', '2 USER_LOGIN 9 login root failed'],
    ['failure root null', 'failure root null'],
  ],
  [
    'a key: the user is known from the steps before',
    [
      '1 USER_AUTH 9 pubkey bob success',
      '2 USER_ACCT 9 PAM:accounting bob success',
      '3 USER_LOGIN 9 login id=1000 success',
      '4 USER_LOGIN 9 login id=1000 success',
    ],
    ['success bob publickey'],
  ],
  [
    'a key on Debian: PAM admits, but authenticated nobody',
    [
      '1 USER_LOGIN 9 login bob failed',
      '2 USER_ACCT 9 PAM:accounting bob success',
      '3 USER_LOGIN 9 login id=1000 success',
    ],
    ['failure bob null', 'success bob publickey'],
  ],
  [
    'keyboard-interactive that succeeds: PAM authenticated in a process of its own',
    [
      '1 USER_AUTH 10 PAM:authentication bob success',
      '2 USER_ACCT 9 PAM:accounting bob success',
      '3 USER_LOGIN 9 login id=1000 success',
    ],
    ['success bob pam'],
  ],
  [
    'refused keys, then a password guess, on a machine known to use PAM',
    [
      '1 USER_ACCT 5 PAM:accounting bob success',
      '2 USER_LOGIN 9 login root failed',
      '2 USER_LOGIN 9 login root failed',
      '3 USER_AUTH 9 PAM:authentication root failed',
      '5 USER_LOGIN 9 login root failed',
    ],
    ['failure root publickey', 'failure root publickey', 'failure root pam'],
  ],
  [
    'Red Hat: three guesses, one USER_LOGIN at the end',
    [
      '1 USER_AUTH 9 PAM:authentication root failed',
      '3 USER_AUTH 9 password root failed',
      '4 USER_AUTH 9 PAM:authentication root failed',
      '6 USER_AUTH 9 password root failed',
      '7 USER_LOGIN 9 login root failed',
      '8 USER_LOGIN 12 login root failed',
    ],
    ['failure root pam', 'failure root pam', 'failure root null'],
  ],
  ['root by number', ['3 USER_LOGIN 9 login id=0 success'], ['success root null']],
  [
    'su has no USER_LOGIN',
    ['1 USER_AUTH 9 PAM:authentication root success /usr/bin/su'],
    ['success root pam'],
  ],
  ['sshd alone proves nothing by USER_AUTH', ['1 USER_AUTH 9 PAM:authentication root success'], []],
])('%s', async (_, lines, expected) => {
  const { events } = await readAll([textInput('audit.log', log(...lines))])
  const told = events.map((event) =>
    event.kind === 'auth' ? `${event.outcome} ${event.user} ${event.method}` : event.kind,
  )
  expect(told).toEqual(expected)
})
