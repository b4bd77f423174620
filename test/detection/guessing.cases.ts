import { DAY, type DetectionCase, HOUR, MINUTE, SECOND, START, times } from './evidence/case.ts'
import type { EvidenceFile } from './evidence/investigate.ts'
import { type LogDialect, SshdLog } from './evidence/sshd-log.ts'
import { AuditLog } from './evidence/audit-log.ts'

const GUESSER = '203.0.113.77'
const HOME = '198.51.100.20'
const NAMES = ['admin', 'oracle', 'test', 'ubuntu', 'postgres', 'git', 'ftp', 'user', 'jenkins', 'minecraft']

function logOf(tell: (log: SshdLog) => void, dialect: LogDialect = 'debian-11'): () => EvidenceFile[] {
  return () => {
    const log = new SshdLog({ host: 'web-1', dialect })
    // A log is never only about the attack.
    for (const time of times(3, START - 6 * DAY, 2 * DAY))
      log.login(time, { user: 'maria', ip: '192.0.2.14' }, { by: 'publickey' })
    tell(log)
    return [log.file()]
  }
}

const spread = (at: number): string => `${at % 3 === 0 ? '198.18' : '198.19'}.${at % 251}.${(at * 7) % 250}`

const DIALECTS: readonly LogDialect[] = ['debian-11', 'debian-12', 'ubuntu-24', 'rhel-9', 'journal']

export const GUESSING: readonly DetectionCase[] = [
  ...DIALECTS.map((dialect): DetectionCase => ({
    name: `fast guessing at root that fails (${dialect})`,
    files: logOf((log) => {
      for (const time of times(120, START, 4 * SECOND)) log.guess(time, { user: 'root', ip: GUESSER })
    }, dialect),
    pressure: [GUESSER],
    tries: 120,
  })),
  ...DIALECTS.map((dialect): DetectionCase => ({
    name: `root guessed after 120 tries (${dialect})`,
    files: logOf((log) => {
      for (const time of times(120, START, 4 * SECOND)) log.guess(time, { user: 'root', ip: GUESSER })
      log.login(START + 10 * MINUTE, { user: 'root', ip: GUESSER })
    }, dialect),
    incidents: 1,
    wayIn: { user: 'root', srcIp: GUESSER },
  })),
  {
    name: 'one try every ten minutes for four days',
    files: logOf((log) => {
      for (const time of times(4 * 144, START, 10 * MINUTE)) log.guess(time, { user: 'root', ip: GUESSER })
    }),
    pressure: [GUESSER],
    tries: 576,
  },
  {
    name: 'one try an hour, names that do not exist',
    files: logOf((log) => {
      for (const [at, time] of times(70, START, HOUR).entries())
        log.guess(time, { user: NAMES[at % NAMES.length] ?? '', ip: GUESSER }, { unknown: true })
    }),
    pressure: [GUESSER],
  },
  {
    name: 'one try every 20 hours',
    files: logOf((log) => {
      for (const time of times(12, START, 20 * HOUR)) log.guess(time, { user: 'root', ip: GUESSER })
    }),
    pressure: [GUESSER],
  },
  {
    name: '500 addresses, three tries each at root',
    files: logOf((log) => {
      for (let at = 0; at < 500; at++)
        for (const time of times(3, START + at * 70 * SECOND, 11 * MINUTE))
          log.guess(time, { user: 'root', ip: spread(at) })
    }),
    tries: 1500,
    check: ({ story }) =>
      story.pressure[0]?.sources === 500 ? null : `${story.pressure[0]?.sources} sources`,
  },
  {
    name: '500 addresses, one try each',
    files: logOf((log) => {
      for (let at = 0; at < 500; at++) log.guess(START + at * 70 * SECOND, { user: 'root', ip: spread(at) })
    }),
    tries: 500,
  },
  {
    name: 'one password sprayed over 200 accounts',
    files: logOf((log) => {
      for (const [at, time] of times(200, START, 9 * SECOND).entries())
        log.guess(time, { user: `employee${at}`, ip: GUESSER })
    }),
    pressure: [GUESSER],
    tries: 200,
  },
  {
    name: 'one password sprayed, and the 140th account opens',
    files: logOf((log) => {
      for (const [at, time] of times(140, START, 9 * SECOND).entries())
        log.guess(time, { user: `employee${at}`, ip: GUESSER })
      log.login(START + 22 * MINUTE, { user: 'employee140', ip: GUESSER })
    }),
    incidents: 1,
    wayIn: { user: 'employee140', srcIp: GUESSER },
  },
  {
    name: 'guessing over IPv6',
    files: logOf((log) => {
      for (const time of times(60, START, 5 * SECOND)) log.guess(time, { user: 'root', ip: '2001:db8:7::66' })
    }),
    pressure: ['2001:db8:7::66'],
  },
  {
    name: 'guessing over IPv6 from one /64, an address a try, that gets in',
    files: logOf((log) => {
      for (const [at, time] of times(60, START, 5 * SECOND).entries())
        log.guess(time, { user: 'root', ip: `2001:db8:7::${(at + 1).toString(16)}` })
      log.login(START + HOUR, { user: 'root', ip: '2001:db8:7::ffff' })
    }),
    incidents: 1,
    wayIn: { user: 'root', srcIp: '2001:db8:7::ffff' },
  },
  {
    name: 'a host that takes keys only: Invalid user lines alone',
    files: logOf((log) => {
      for (const [at, time] of times(40, START, 20 * SECOND).entries())
        log.turnedAway(time, { user: NAMES[at % NAMES.length] ?? '', ip: GUESSER }, true)
    }),
    pressure: [GUESSER],
    tries: 40,
  },
  {
    name: 'a host that takes keys only: preauth disconnects of root alone',
    files: logOf((log) => {
      for (const time of times(40, START, 20 * SECOND))
        log.turnedAway(time, { user: 'root', ip: GUESSER }, false)
    }),
    pressure: [GUESSER],
  },
  {
    name: 'guessing from behind the address the office shares',
    files: logOf((log) => {
      for (const [at, time] of times(30, START - 5 * DAY, 4 * HOUR).entries())
        log.login(
          time,
          { user: at % 2 === 0 ? 'maria' : 'tom', ip: HOME },
          { by: at % 3 === 0 ? 'password' : 'publickey' },
        )
      for (const time of times(80, START, 5 * SECOND)) log.guess(time, { user: 'root', ip: HOME })
      log.login(START + 10 * MINUTE, { user: 'tom', ip: HOME })
    }),
    pressure: [HOME],
  },
  {
    name: 'the office’s guesser gets into root, where nobody from there had been',
    files: logOf((log) => {
      for (const [at, time] of times(30, START - 5 * DAY, 4 * HOUR).entries())
        log.login(time, { user: at % 2 === 0 ? 'maria' : 'tom', ip: HOME })
      for (const time of times(80, START, 5 * SECOND)) log.guess(time, { user: 'root', ip: HOME })
      log.login(START + 10 * MINUTE, { user: 'root', ip: HOME })
    }),
    incidents: 1,
    wayIn: { user: 'root', srcIp: HOME },
  },
  {
    name: 'a bastion in the private network through which many come, and one mistypes',
    files: logOf((log) => {
      for (const [at, time] of times(60, START - 2 * DAY, HOUR).entries()) {
        const user = ['maria', 'tom', 'li', 'omar', 'eva'][at % 5] ?? ''
        if (at % 7 === 0) log.guess(time - MINUTE, { user, ip: '10.0.0.5' }, { tries: 2 })
        log.login(time, { user, ip: '10.0.0.5' })
      }
    }),
  },
  {
    name: 'load balancers and monitors that connect and leave',
    files: logOf((log) => {
      for (const time of times(2000, START, 30 * SECOND)) log.touched(time, '10.0.0.9')
      for (const time of times(2000, START, 31 * SECOND)) log.touched(time, '10.0.1.9', 'no-banner')
    }),
    pressure: 'none',
  },
  {
    name: 'a monitor from outside that connects without logging in',
    files: logOf((log) => {
      for (const time of times(500, START, 5 * MINUTE)) log.touched(time, '192.0.2.200')
    }),
  },
  {
    name: 'ansible with many sessions by key',
    files: logOf((log) => {
      for (const time of times(200, START, 7 * SECOND))
        log.login(time, { user: 'deploy', ip: '192.0.2.30' }, { by: 'publickey', forMs: 3000 })
    }),
    pressure: 'none',
  },
  {
    name: 'an agent offers five wrong keys before the right one',
    files: logOf((log) => {
      log.refusedKeys(START, { user: 'maria', ip: HOME }, 5)
      log.login(START + 2 * SECOND, { user: 'maria', ip: HOME }, { by: 'publickey' })
    }),
    pressure: 'none',
  },
  {
    name: 'an agent runs into MaxAuthTries six times, then logs in',
    files: logOf((log) => {
      for (const time of times(6, START, 20 * SECOND))
        log.refusedKeys(time, { user: 'maria', ip: HOME }, 6, true)
      log.login(START + 5 * MINUTE, { user: 'maria', ip: HOME }, { by: 'publickey' })
    }),
  },
  {
    name: 'four slips, and back the next day',
    files: logOf((log) => {
      log.guess(START, { user: 'tom', ip: HOME }, { tries: 3 })
      log.guess(START + MINUTE, { user: 'tom', ip: HOME })
      log.login(START + DAY, { user: 'tom', ip: HOME })
    }),
  },
  {
    name: 'five slips over two connections, then in',
    files: logOf((log) => {
      log.guess(START, { user: 'tom', ip: HOME }, { tries: 3 })
      log.guess(START + 40 * SECOND, { user: 'tom', ip: HOME }, { tries: 2 })
      log.login(START + 90 * SECOND, { user: 'tom', ip: HOME })
    }),
  },
  {
    name: 'a wrong name first, then the right one',
    files: logOf((log) => {
      log.guess(START, { user: 'tmo', ip: HOME }, { tries: 3, unknown: true })
      log.login(START + 40 * SECOND, { user: 'tom', ip: HOME })
    }),
  },
  {
    name: 'a wrong name and four slips, then in',
    files: logOf((log) => {
      log.guess(START, { user: 'Tom', ip: HOME }, { tries: 3, unknown: true })
      log.guess(START + 40 * SECOND, { user: 'tom', ip: HOME }, { tries: 2 })
      log.login(START + 90 * SECOND, { user: 'tom', ip: HOME })
    }),
  },
  {
    name: 'a password manager with an old password: a client tries every half hour',
    files: logOf((log) => {
      for (const time of times(5, START - 4 * DAY, DAY / 2)) log.login(time, { user: 'tom', ip: HOME })
      for (const time of times(20, START, 30 * MINUTE)) log.guess(time, { user: 'tom', ip: HOME })
      log.login(START + 11 * HOUR, { user: 'tom', ip: HOME })
    }),
  },
  {
    name: 'a backup job whose password was changed, a fortnight of good history',
    files: logOf((log) => {
      for (const time of times(14, START - 14 * DAY, DAY))
        log.login(time, { user: 'backup', ip: '192.0.2.40' })
      for (const time of times(200, START, 10 * MINUTE)) log.guess(time, { user: 'backup', ip: '192.0.2.40' })
      log.login(START + 34 * HOUR, { user: 'backup', ip: '192.0.2.40' })
    }),
  },
  {
    name: 'an attacker whom fail2ban shuts out after five tries, every ten minutes',
    files: logOf((log) => {
      for (const time of times(12, START, 10 * MINUTE))
        log.guess(time, { user: 'root', ip: GUESSER }, { tries: 5 })
    }),
    pressure: [GUESSER],
    tries: 60,
  },
  {
    name: 'a key from the address that had guessed passwords (somebody’s NAT)',
    files: logOf((log) => {
      for (const time of times(60, START, 5 * SECOND)) log.guess(time, { user: 'root', ip: GUESSER })
      log.login(START + HOUR, { user: 'tom', ip: GUESSER }, { by: 'publickey' })
    }),
    pressure: [GUESSER],
  },
  {
    name: 'guessed, and entered hours later from a neighbour of the guesser',
    files: logOf((log) => {
      for (const [at, time] of times(200, START, 15 * SECOND).entries())
        log.guess(time, { user: 'root', ip: `203.0.113.${20 + (at % 4)}` })
      log.login(START + 6 * HOUR, { user: 'root', ip: '203.0.113.99' })
    }),
    incidents: 1,
    wayIn: { user: 'root', srcIp: '203.0.113.99' },
  },
  {
    name: 'success first, failures afterwards',
    files: logOf((log) => {
      log.login(START, { user: 'tom', ip: HOME })
      for (const time of times(30, START + HOUR, 5 * SECOND)) log.guess(time, { user: 'tom', ip: HOME })
    }),
    pressure: [HOME],
  },
  {
    name: 'the whole internet guesses at root while its owner logs in by password from home',
    files: logOf((log) => {
      for (let at = 0; at < 300; at++)
        log.guess(START + at * 4 * MINUTE, { user: 'root', ip: spread(at) }, { tries: 2 })
      log.login(START + 10 * HOUR, { user: 'root', ip: HOME })
    }),
  },
  {
    name: 'root is always entered by key; 300 addresses guess, and a new one gets in by password',
    files: logOf((log) => {
      for (const time of times(8, START - 8 * DAY, DAY))
        log.login(time, { user: 'root', ip: HOME }, { by: 'publickey' })
      for (let at = 0; at < 300; at++)
        log.guess(START + at * 4 * MINUTE, { user: 'root', ip: spread(at) }, { tries: 2 })
      log.login(START + 20 * HOUR, { user: 'root', ip: '203.0.113.9' })
    }),
    incidents: 1,
    wayIn: { user: 'root', srcIp: '203.0.113.9' },
  },
  {
    name: 'a botnet’s member gets in at its own third try',
    files: logOf((log) => {
      for (let at = 0; at < 300; at++)
        log.guess(START + at * MINUTE, { user: NAMES[at % 10] ?? '', ip: spread(at) }, { unknown: true })
      log.guess(START + 5 * HOUR, { user: 'admin', ip: GUESSER }, { unknown: true })
      log.guess(START + 5 * HOUR + 5 * SECOND, { user: 'oracle', ip: GUESSER }, { unknown: true })
      log.guess(START + 5 * HOUR + 10 * SECOND, { user: 'pi', ip: GUESSER }, { unknown: true })
      log.login(START + 5 * HOUR + 15 * SECOND, { user: 'ubuntu', ip: GUESSER })
    }),
    incidents: 1,
    wayIn: { user: 'ubuntu', srcIp: GUESSER },
  },
  {
    name: 'slow guessing that gets in on the third day',
    files: logOf((log) => {
      for (const time of times(3 * 48, START, 30 * MINUTE)) log.guess(time, { user: 'root', ip: GUESSER })
      log.login(START + 3 * DAY + 10 * MINUTE, { user: 'root', ip: GUESSER })
    }),
    incidents: 1,
    wayIn: { user: 'root', srcIp: GUESSER },
  },
  {
    name: 'scanners of many kinds, none names anybody',
    files: logOf((log) => {
      for (let at = 0; at < 60; at++)
        log.touched(
          START + at * 10 * MINUTE,
          spread(at),
          (['closed', 'no-banner', 'reset', 'bad-kex'] as const)[at % 4],
        )
    }),
  },
  {
    name: 'the same tries in auth.log and in the audit trail of a named node',
    files: () => {
      const log = new SshdLog({ host: 'web-1' })
      const audit = new AuditLog({ node: 'web-1', path: 'web-1/audit.log' })
      let pid = 2000
      for (const time of times(40, START, 10 * SECOND)) {
        pid += 2
        log.guess(time, { user: 'root', ip: GUESSER })
        audit.loginFailed(time + 100, 'root', GUESSER, pid)
      }
      return [log.file(), audit.written()]
    },
    pressure: [GUESSER],
    tries: 40,
  },
  {
    name: 'three slips, told by auth.log, journal and audit trail alike',
    files: () => {
      const files: EvidenceFile[] = []
      for (const dialect of ['debian-11', 'journal'] as const) {
        const log = new SshdLog({ host: 'web-1', dialect })
        log.guess(START, { user: 'tom', ip: HOME, port: 50_001 }, { tries: 3 })
        log.login(START + 30 * SECOND, { user: 'tom', ip: HOME, port: 50_002 })
        files.push(log.file())
      }
      const audit = new AuditLog({ node: 'web-1', path: 'web-1/audit.log' })
      for (const time of times(3, START, 3 * SECOND)) audit.loginFailed(time + 100, 'tom', HOME, 2002)
      audit.loggedIn(START + 30 * SECOND, 'tom', HOME, 2004, 9)
      return [...files, audit.written()]
    },
  },
  {
    name: 'thirty slips of a week, five colleagues, each gets in',
    files: logOf((log) => {
      for (const [at, time] of times(30, START, 5 * HOUR).entries()) {
        const user = ['maria', 'tom', 'li', 'omar', 'eva'][at % 5] ?? ''
        const ip = `192.0.2.${100 + (at % 5)}`
        log.guess(time, { user, ip })
        log.login(time + 20 * SECOND, { user, ip })
      }
    }),
  },
  {
    name: 'a morning at the bastion: everybody mistypes before anybody gets in',
    files: logOf((log) => {
      const people = ['maria', 'tom', 'li', 'omar', 'eva', 'noor', 'jan', 'ada']
      for (const [at, user] of people.entries())
        log.guess(START + at * 5 * SECOND, { user, ip: '10.0.0.5' }, { tries: 2 })
      for (const [at, user] of people.entries())
        log.login(START + 2 * MINUTE + at * 5 * SECOND, { user, ip: '10.0.0.5' })
      log.login(START + HOUR, { user: 'newcomer', ip: '10.0.0.5' })
    }),
  },
  {
    name: 'a morning behind the address of the office: slips and logins come mixed',
    files: logOf((log) => {
      const people = ['maria', 'tom', 'li', 'omar', 'eva', 'noor', 'jan', 'ada']
      for (const [at, user] of people.entries()) {
        const begun = START + at * 40 * SECOND
        log.guess(begun, { user, ip: HOME }, { tries: 2 })
        log.login(begun + 50 * SECOND, { user, ip: HOME })
      }
    }),
  },
  {
    name: 'guessed before the log was rotated, entered after it',
    files: () => {
      const [before, after] = [new SshdLog({ host: 'web-1' }), new SshdLog({ host: 'web-1', firstPid: 9000 })]
      for (const time of times(80, START, 20 * SECOND)) before.guess(time, { user: 'root', ip: GUESSER })
      after.login(START + HOUR, { user: 'root', ip: GUESSER })
      return [
        { ...before.file(), path: 'log/auth.log.1' },
        { ...after.file(), path: 'log/auth.log' },
      ]
    },
    incidents: 1,
    wayIn: { user: 'root', srcIp: GUESSER },
  },
  {
    name: 'the operator’s own address guesses and gets in',
    files: logOf((log) => {
      for (const time of times(40, START, 6 * SECOND)) log.guess(time, { user: 'root', ip: HOME })
      log.login(START + 10 * MINUTE, { user: 'root', ip: HOME })
    }),
    options: { config: `operators:\n  - name: Tom\n    addresses: [${HOME}]\n` },
    pressure: 'none',
    check: ({ story }) => (story.suppressed.length > 0 ? null : 'nothing is said of what was left out'),
  },
  {
    name: 'an account that is not allowed: root refused again and again',
    files: logOf((log) => {
      for (const [at, time] of times(30, START, 15 * SECOND).entries())
        log.refused(time, { user: 'root', ip: GUESSER, port: 41_000 + at })
    }),
    pressure: [GUESSER],
    tries: 30,
  },
]
