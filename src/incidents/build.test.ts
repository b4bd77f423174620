import { describe, expect, it } from 'vitest'
import type { SessionLogin } from '../assets/session-logins.ts'
import type { Finding, LoginFacts, MiningFacts } from '../event/finding.ts'
import { buildIncidents } from './build.ts'
import type { Incident } from './incident.ts'
import type { Machines } from './machines.ts'
import { hostFacts, machines as onNobodysWatch, miningFacts, RIVAL, T0, WALLET } from './samples.ts'

const MINUTE = 60_000

function finding(id: string, at: number, fields: Partial<Finding> & { facts: Finding['facts'] }): Finding {
  return {
    id,
    detector: 'test',
    title: id,
    severity: 'high',
    confidence: 0.9,
    stage: 'foothold',
    attack: [],
    subjects: ['host:web-1'],
    firstSeen: T0 + at,
    lastSeen: T0 + at,
    count: 1,
    evidence: [{ source: 'test', file: 'f', offset: at, raw: id, time: T0 + at }],
    ...fields,
  }
}

const loginFacts = (fields: Partial<LoginFacts> = {}): LoginFacts => ({
  type: 'login',
  service: 'sshd',
  srcIps: ['203.0.113.9'],
  sourceCount: 1,
  users: ['root'],
  userCount: 1,
  tries: 400,
  method: 'password',
  style: 'success',
  pid: 811,
  session: null,
  ...fields,
})

const mining = (id: string, at: number, until: number, facts: Partial<MiningFacts> = {}): Finding =>
  finding(id, at, {
    stage: 'mining',
    severity: 'critical',
    subjects: ['ip:10.0.3.17'],
    lastSeen: T0 + until,
    facts: miningFacts(facts),
  })

const wayIn = (id: string, at: number, fields: Partial<Finding> = {}): Finding =>
  finding(id, at, { stage: 'way-in', firstSeen: T0 + at - 30 * MINUTE, facts: loginFacts(), ...fields })

const started = (id: string, from: number, wallet: string): Finding =>
  finding(id, from, {
    stage: 'mining',
    subjects: ['trail:a'],
    facts: hostFacts({ what: 'miner-process', commandLine: `xmrig -o pool.example:443 -u ${wallet}` }),
  })

const span = (from: number, to: number, sharesAccepted = 1): NonNullable<MiningFacts['spans']>[number] => ({
  from: T0 + from * MINUTE,
  to: T0 + to * MINUTE,
  sharesAccepted,
})

const tenuresOf = (incident: Incident | undefined): unknown =>
  incident?.tenures.map((one) => [(one.start - T0) / MINUTE, (one.end - T0) / MINUTE, one.sharesAccepted])

const drop = (id: string, at: number, session: string | null): Finding =>
  finding(id, at, { subjects: ['trail:a'], facts: hostFacts({ session }) })

function machines(networkTo: number | null = null, processTo: number | null = null): Machines {
  return {
    ...onNobodysWatch(),
    sessionOf: (pid) => (pid === 811 ? '77' : null),
    watched: () => ({
      networkFrom: networkTo === null ? null : T0 - 60 * MINUTE,
      networkTo: networkTo === null ? null : T0 + networkTo,
      processTo: processTo === null ? null : T0 + processTo,
      killsTo: null,
      wasWatched: (from, to) => networkTo !== null && from >= T0 - 60 * MINUTE && to <= T0 + networkTo,
    }),
  }
}

/** The incident of a machine that these wallets held, in minutes from T0. */
const held = (...spans: (readonly [login: string, from: number, to: number])[]): Incident | undefined => {
  const findings = [...Map.groupBy(spans, ([login]) => login)].map(([login, own]) => {
    const times = own.map(([, from, to]) => span(from, to))
    const [first, last] = [times[0]?.from ?? T0, times.at(-1)?.to ?? T0]
    return mining(login, first - T0, last - T0, { login, spans: times })
  })
  return buildIncidents(findings, machines(2000 * MINUTE))[0]
}

describe('incidents', () => {
  it('joins what happened on one machine, whatever it was called, in time order', () => {
    const [incident, ...others] = buildIncidents(
      [
        mining('m', 2 * MINUTE, 60 * MINUTE),
        finding('drop', MINUTE, { subjects: ['trail:a'], facts: hostFacts() }),
        wayIn('in', 0),
      ],
      machines(62 * MINUTE),
    )
    expect(others).toEqual([])
    expect(incident?.findings.map((one) => one.id)).toEqual(['in', 'drop', 'm'])
    expect(incident).toMatchObject({
      severity: 'critical',
      status: 'ongoing',
      firstSeen: T0,
      lastSeen: T0 + 60 * MINUTE,
    })
    expect(incident?.wayIn).toMatchObject({
      kind: 'ssh-password',
      user: 'root',
      tries: 400,
      session: '77',
      time: T0,
    })
    expect(incident?.tenures).toMatchObject([
      { start: T0 + 2 * MINUTE, end: T0 + 60 * MINUTE, startKnown: true, endKnown: false },
    ])
  })

  it('makes none of guessing, nor of what an administrator could have done', () => {
    const guessing = finding('g', 0, {
      stage: 'pressure',
      severity: 'low',
      facts: loginFacts({ style: 'fast' }),
    })
    const unit = finding('u', 0, {
      stage: 'context',
      severity: 'medium',
      facts: hostFacts({ what: 'systemd' }),
    })
    const mild = finding('w', 0, {
      stage: 'evasion',
      severity: 'low',
      facts: hostFacts({ what: 'log-wipe' }),
    })
    expect(buildIncidents([guessing, unit, mild], machines())).toEqual([])
  })

  it("takes in context of the hour before, and of the intruder's session at any time", () => {
    const near = finding('near', -30 * MINUTE, { stage: 'context', severity: 'low', facts: hostFacts() })
    const far = finding('far', -300 * MINUTE, { stage: 'context', severity: 'low', facts: hostFacts() })
    const theirs = finding('theirs', 500 * MINUTE, {
      stage: 'context',
      severity: 'low',
      facts: hostFacts({ session: '77' }),
    })
    const [incident] = buildIncidents([far, near, wayIn('in', 0), theirs], machines())
    expect(incident?.findings.map((one) => one.id)).toEqual(['in', 'near', 'theirs'])
  })

  it('counts one login once that two witnesses tell', () => {
    const [incident] = buildIncidents(
      [
        wayIn('sshd', 0),
        wayIn('audit', 400, { subjects: ['trail:a'], facts: loginFacts({ session: '77', tries: 398 }) }),
        wayIn('later', 90 * MINUTE, { facts: loginFacts({ pid: 990 }) }),
      ],
      machines(),
    )
    expect(incident?.wayIn).toMatchObject({ time: T0, tries: 400, session: '77' })
    expect(incident?.wayIn?.evidence).toHaveLength(2)
  })

  it('knows the guessing that led up to the way in', () => {
    const same = finding('same', -60 * MINUTE, {
      stage: 'pressure',
      severity: 'low',
      facts: loginFacts({ style: 'fast' }),
    })
    const other = finding('other', -60 * MINUTE, {
      stage: 'pressure',
      severity: 'low',
      facts: loginFacts({ style: 'fast', srcIps: ['192.0.2.1'] }),
    })
    const spray = finding('spray', -60 * MINUTE, {
      stage: 'pressure',
      severity: 'low',
      facts: loginFacts({ style: 'spray', srcIps: ['192.0.2.2'] }),
    })
    const [incident] = buildIncidents([same, other, spray, wayIn('in', 0)], machines())
    expect(incident?.guessing.map((one) => one.id)).toEqual(['same', 'spray'])
  })

  it('tells occupants apart by wallet, and their change of hands', () => {
    const [incident] = buildIncidents(
      [mining('one', 0, 60 * MINUTE), mining('two', 61 * MINUTE, 90 * MINUTE, { login: `${RIVAL}.rig7` })],
      machines(200 * MINUTE),
    )
    expect(incident?.occupants.map((one) => one.wallet)).toEqual([WALLET, RIVAL])
    expect(incident?.changes).toMatchObject([{ from: '4AAA…AAAA', to: '8BBB…BBBB', time: T0 + 61 * MINUTE }])
    expect(incident?.status).toBe('ended')
  })

  it('makes no occupant of a rule that says mining, unless nobody else says who', () => {
    const rule: Finding = {
      ...finding('rule', 70 * MINUTE, { stage: 'mining', facts: hostFacts({ what: 'rule' }) }),
      rule: 'a-rule',
    }
    const known = [
      mining('one', 0, 60 * MINUTE),
      mining('two', 61 * MINUTE, 65 * MINUTE, { login: `${RIVAL}.rig7` }),
    ]
    const [incident] = buildIncidents([...known, rule], machines(200 * MINUTE))
    expect(incident?.occupants.map((one) => one.wallet)).toEqual([WALLET, RIVAL])
    expect(incident?.findings).toContainEqual(rule)
    const [alone] = buildIncidents([rule], machines(200 * MINUTE))
    expect(alone?.occupants.map((one) => one.id)).toEqual(['unknown-1'])
  })

  it("joins a miner's command line with its dialogue by wallet, and an unnamed one with the only occupant", () => {
    const command = finding('cmd', -MINUTE, {
      stage: 'mining',
      subjects: ['trail:a'],
      facts: hostFacts({ what: 'miner-process', commandLine: `./x -o 198.51.100.7:443 -u ${WALLET} -p x` }),
    })
    const unnamed = mining('mid', 30 * MINUTE, 40 * MINUTE, { login: null })
    const [incident] = buildIncidents([command, mining('m', 0, 20 * MINUTE), unnamed], machines(45 * MINUTE))
    expect(incident?.occupants).toHaveLength(1)
    expect(incident?.tenures).toMatchObject([
      { start: T0 - MINUTE, startKnown: true, end: T0 + 40 * MINUTE, sharesAccepted: 20 },
    ])
  })

  it('does not claim to know a beginning or an end that the evidence does not show', () => {
    const [incident] = buildIncidents(
      [mining('m', -60 * MINUTE, 60 * MINUTE, { login: null })],
      machines(61 * MINUTE),
    )
    expect(incident?.tenures).toMatchObject([{ startKnown: false, endKnown: false, occupant: 'unknown-1' }])
  })

  it('keeps intrusions apart that are a week apart', () => {
    const week = 8 * 24 * 60 * MINUTE
    expect(
      buildIncidents([mining('a', 0, MINUTE), mining('b', week, week + MINUTE)], machines()),
    ).toHaveLength(2)
  })

  it('has an id that depends on its first proof alone', () => {
    const one = buildIncidents([wayIn('in', 0), mining('m', MINUTE, 2 * MINUTE)], machines())[0]
    const renamed = wayIn('in', 0)
    const moved = {
      ...renamed,
      evidence: renamed.evidence.map((proof) => ({ ...proof, file: 'other.gz', offset: 99 })),
    }
    const two = buildIncidents([mining('m', MINUTE, 9 * MINUTE), moved], machines())[0]
    expect(two?.id).toBe(one?.id)
  })

  const opened: SessionLogin = {
    time: T0,
    user: 'deploy',
    srcIp: '203.0.113.9',
    method: 'publickey',
    pid: 900,
    evidence: { source: 'auditd', file: 'audit.log', offset: 0, raw: 'login', time: T0 },
  }
  const withSession = (to = Number.POSITIVE_INFINITY): Machines => ({
    ...machines(),
    sessionAt: (_asset, session, time) =>
      session === '5' && time >= T0 ? { from: T0, to, login: opened } : null,
  })

  it('takes the login whose session did it for the way in, where nothing spoke against that login', () => {
    const [incident] = buildIncidents([drop('drop', MINUTE, '5')], withSession())
    expect(incident?.wayIn).toMatchObject({
      kind: 'ssh-key',
      user: 'deploy',
      tries: 0,
      session: '5',
      confidence: 0.6,
    })
    expect(buildIncidents([drop('drop', MINUTE, null)], withSession())[0]?.wayIn).toBeNull()
  })

  it('takes a doubtful login shortly before for the way in, and makes no incident of it alone', () => {
    const doubtful = wayIn('doubt', 0, { severity: 'low', confidence: 0.3 })
    expect(buildIncidents([doubtful], machines())).toEqual([])
    const [near] = buildIncidents([doubtful, mining('m', 5 * MINUTE, 60 * MINUTE)], machines())
    expect(near?.wayIn).toMatchObject({ user: 'root', confidence: 0.3 })
    const [far] = buildIncidents([doubtful, mining('m', 300 * MINUTE, 360 * MINUTE)], machines())
    expect(far?.wayIn).toBeNull()
  })

  it('leaves to others what they do in a session of the same number after a boot', () => {
    const context = finding('key', 200 * MINUTE, {
      stage: 'context',
      severity: 'low',
      facts: hostFacts({ what: 'authorized-keys', session: '5' }),
    })
    const [incident] = buildIncidents([drop('drop', MINUTE, '5'), context], withSession(T0 + 100 * MINUTE))
    expect(incident?.findings.map((one) => one.id)).toEqual(['drop'])
    const [longer] = buildIncidents([drop('drop', MINUTE, '5'), context], withSession())
    expect(longer?.findings.find((one) => one.id === 'key')?.stage).toBe('persistence')
  })

  it('does not take what people do during weeks of mining into the incident', () => {
    const work = finding('work', 600 * MINUTE, { stage: 'context', severity: 'low', facts: hostFacts() })
    const [incident] = buildIncidents([mining('m', 0, 1200 * MINUTE), work], machines(1300 * MINUTE))
    expect(incident?.findings.map((one) => one.id)).toEqual(['m'])
  })

  describe('tenures', () => {
    it('part where nothing was done for more than ten minutes, under watch', () => {
      expect(tenuresOf(held([WALLET, 0, 60], [WALLET, 90, 120], [WALLET, 600, 660]))).toEqual([
        [0, 60, 1],
        [90, 120, 1],
        [600, 660, 1],
      ])
    })

    it('part where somebody else was at work meanwhile: it changes hands twice', () => {
      const incident = held([WALLET, 0, 60], [RIVAL, 65, 85], [WALLET, 90, 120])
      expect(tenuresOf(incident)).toEqual([
        [0, 60, 1],
        [65, 85, 1],
        [90, 120, 1],
      ])
      expect(incident?.changes.map((change) => (change.time - T0) / MINUTE)).toEqual([65, 90])
    })

    it('beside each other are no change of hands, also when one is left: nobody was thrown out', () => {
      expect(held([WALLET, 0, 200], [RIVAL, 30, 205])?.changes).toEqual([])
      expect(held([WALLET, 0, 200], [RIVAL, 30, 600])?.changes).toEqual([])
    })

    it('of a miner whose start alone is seen go on until the trail ends or somebody else begins', () => {
      const [incident] = buildIncidents(
        [started('a', 0, WALLET), started('b', 60 * MINUTE, RIVAL)],
        machines(null, 300 * MINUTE),
      )
      expect(tenuresOf(incident)).toEqual([
        [0, 60, null],
        [60, 300, null],
      ])
      expect(incident?.tenures.map((one) => one.endKnown)).toEqual([false, false])
      expect(incident?.changes).toHaveLength(1)
    })

    it('of a miner that works a little for its authors are its owner’s', () => {
      const incident = held([WALLET, 0, 600], [RIVAL, 99, 100], [RIVAL, 199, 200])
      expect(incident?.occupants).toHaveLength(1)
      expect(tenuresOf(incident)).toEqual([[0, 600, 3]])
    })
  })
})
