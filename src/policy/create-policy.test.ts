import { describe, expect, it } from 'vitest'
import type { Finding, HostFacts, LoginFacts, MiningFacts } from '../event/finding.ts'
import { createPolicy } from './create-policy.ts'
import type { Known, Operator } from './rules.ts'

const WALLET = `4${'8davyLampMadeUp'.repeat(6)}A1b2C`
const SEEN = Date.UTC(2026, 4, 12)

const mining: MiningFacts = {
  type: 'mining',
  pool: { ip: '198.51.100.7', port: 3333, name: null },
  minerIp: '10.0.3.17',
  dialect: 'cryptonote',
  coin: 'XMR',
  algorithm: null,
  agent: null,
  login: `${WALLET}.rig7+5000`,
  worker: null,
  sharesSubmitted: 1,
  sharesAccepted: 1,
  sharesRejected: 0,
  hashrate: null,
  hashrateError: null,
  reasons: [],
}

const login: LoginFacts = {
  type: 'login',
  service: 'sshd',
  srcIps: ['203.0.113.9'],
  sourceCount: 1,
  users: ['deploy'],
  userCount: 1,
  tries: 12,
  method: 'password',
  style: 'success',
  pid: null,
  session: null,
}

const host: HostFacts = {
  type: 'host',
  what: 'dropper',
  path: '/tmp/.x/run',
  commandLine: null,
  exe: '/opt/render/bin/render',
  pid: null,
  uid: null,
  session: null,
  remote: 'http://198.51.100.7:8080/a.sh',
}

function finding(facts: Finding['facts'], stage: Finding['stage']): Finding {
  return {
    id: 'finding-1',
    detector: 'd',
    title: 't',
    severity: 'high',
    confidence: 1,
    stage,
    attack: [],
    subjects: ['host:web-1'],
    firstSeen: SEEN - 1000,
    lastSeen: SEEN,
    count: 1,
    evidence: [{ source: 's', file: 'f', offset: 0, raw: '', time: SEEN }],
    facts,
  }
}

const MINING = finding(mining, 'mining')
const LOGIN = finding(login, 'way-in')
const HOST = finding(host, 'foothold')

function known(what: Known['what'], value: string, expiresAt: number | null = null): Known {
  return { what, value, reason: 'ours', expiresAt }
}

describe('known', () => {
  it.each([
    ['the wallet before the worker', known('wallet', WALLET), MINING, true],
    ['the wallet written with a worker', known('wallet', `${WALLET}.other`), MINING, true],
    ['another wallet', known('wallet', `${WALLET}x`), MINING, false],
    ['the pool', known('address', '198.51.100.7'), MINING, true],
    ['the network of the pool', known('address', '198.51.100.0/24'), MINING, true],
    ['the miner is not the far end', known('address', '10.0.3.17'), MINING, false],
    ['another network', known('address', '198.51.101.0/24'), MINING, false],
    [
      'an IPv6 network',
      known('address', '2001:db8::/32'),
      finding({ ...mining, pool: { ...mining.pool, ip: '2001:db8::7' } }, 'mining'),
      true,
    ],
    [
      'IPv4 written as IPv6',
      known('address', '198.51.100.0/24'),
      finding({ ...mining, pool: { ...mining.pool, ip: '::ffff:198.51.100.7' } }, 'mining'),
      true,
    ],
    ['the machine, in other letters', known('asset', 'WEB-1'), MINING, true],
    ['the machine, but it was broken into', known('asset', 'web-1'), LOGIN, false],
    ['another machine', known('asset', 'web-2'), MINING, false],
    ['the program', known('process', '/opt/render/bin/render'), HOST, true],
    ['the file', known('process', '/tmp/.x/run'), HOST, true],
    ['another program', known('process', '/opt/render'), HOST, false],
    ['the host of a URL', known('address', '198.51.100.7'), HOST, true],
    ['an address that logs in', known('address', '203.0.113.0/24'), LOGIN, true],
    [
      'some of many addresses',
      known('address', '203.0.113.9'),
      finding({ ...login, style: 'spray', sourceCount: 40 }, 'pressure'),
      false,
    ],
    ['a last day that is not over', known('wallet', WALLET, SEEN + 1), MINING, true],
    ['a last day that is over', known('wallet', WALLET, SEEN), MINING, false],
  ])('%s', (_case, entry, about, isSuppressed) => {
    const verdict = createPolicy({ known: [entry], operators: [] }).suppresses(about, ['web-1', '10.0.3.17'])
    expect(verdict !== null).toBe(isSuppressed)
    if (isSuppressed) expect(verdict?.reason).toBe('ours')
  })

  it('names the entry, a wallet shortened', () => {
    const policy = createPolicy({ known: [known('wallet', WALLET)], operators: [] })
    expect(policy.suppresses(MINING, [])?.what).toBe('known wallet 48davy…1b2C')
  })
})

describe('operators', () => {
  const alice: Operator = {
    name: 'Alice',
    addresses: ['203.0.113.0/28', '2001:db8:1::/48'],
    accounts: ['alice'],
  }
  const anywhere: Operator = { name: null, addresses: [], accounts: ['deploy'] }

  it.each([
    ['the address of an operator', alice, LOGIN, true],
    ['an account that may come from anywhere', anywhere, LOGIN, true],
    [
      'the account from elsewhere, where addresses are given',
      alice,
      finding({ ...login, srcIps: ['198.51.100.1'], users: ['alice'] }, 'way-in'),
      false,
    ],
    ['a stranger', anywhere, finding({ ...login, users: ['root'] }, 'way-in'), false],
    ['slips of an operator', alice, finding({ ...login, style: 'fast' }, 'pressure'), true],
    [
      'guessing at an operator’s account',
      anywhere,
      finding({ ...login, style: 'fast', srcIps: ['198.51.100.1'] }, 'pressure'),
      false,
    ],
    [
      'a crowd with an operator in it',
      alice,
      finding({ ...login, style: 'spray', sourceCount: 9 }, 'pressure'),
      false,
    ],
    ['what is no login', anywhere, MINING, false],
  ])('%s', (_case, operator, about, isSuppressed) => {
    const verdict = createPolicy({ known: [], operators: [operator] }).suppresses(about, [])
    expect(verdict !== null).toBe(isSuppressed)
  })

  it('knows an operator by address or account', () => {
    const policy = createPolicy({ known: [], operators: [alice, anywhere] })
    expect(policy.isOperator('203.0.113.9', null)).toBe(true)
    expect(policy.isOperator('2001:db8:1:7::9', 'x')).toBe(true)
    expect(policy.isOperator(null, 'deploy')).toBe(true)
    expect(policy.isOperator('203.0.113.99', 'alice')).toBe(false)
    expect(policy.isOperator('no address', null)).toBe(false)
    expect(policy.isOperator(null, null)).toBe(false)
  })
})
