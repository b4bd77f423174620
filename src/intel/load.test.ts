import { readFileSync } from 'node:fs'
import { getDomain, getPublicSuffix } from 'tldts'
import { describe, expect, it } from 'vitest'
import { dataSources, loadIntel } from './load.ts'

const intel = loadIntel()
const { hosts, addresses }: { hosts: [string][]; addresses: [string, number][] } = JSON.parse(
  readFileSync(new URL('data/pools.json', import.meta.url), 'utf8'),
)

describe('poolByHost', () => {
  it.each([
    ['pool.supportxmr.com', 'SupportXMR'],
    ['POOL.SupportXMR.com.', 'SupportXMR'],
    ['xmr-new-region9.nanopool.org', 'Nanopool'],
    ['gulf.moneroocean.stream', 'MoneroOcean'],
    ['de.some-coin.herominers.com', 'HeroMiners'],
    ['eu1.ethermine.org', 'Ethermine'],
  ])('%s belongs to %s', (host, name) => {
    expect(intel.poolByHost(host)?.name).toBe(name)
  })

  it.each([
    '',
    '.',
    'com',
    'org',
    'mooo.com',
    'shop.mooo.com',
    'box.duckdns.org',
    'ec2-192-0-2-7.compute-1.amazonaws.com',
    'www.cloudflare.com',
    'example.org',
    'notsupportxmr.com',
    'supportxmr.com.example.org',
    '192.0.2.7',
    '__proto__',
    'a.'.repeat(40_000),
  ])('%.40s belongs to none', (host) => {
    expect(intel.poolByHost(host)).toBeNull()
  })

  it.each([
    ['far-away.supportxmr.com', { listed: 'supportxmr.com', isShared: false }],
    [
      'asia-erg.2miners.com',
      { listed: 'asia-erg.2miners.com', confidence: 'confirmed', ports: [8888, 18_888] },
    ],
    ['d1pool.ddns.net', { listed: 'd1pool.ddns.net', isShared: true, confidence: 'candidate' }],
  ])('%s is known as far as a list names it', (host, expected) => {
    expect(intel.poolByHost(host)).toMatchObject(expected)
  })

  it('knows the coin where the host tells it', () => {
    expect(intel.poolByHost('xmr.2miners.com')?.coin).toBe('XMR')
    expect(intel.poolByHost('2miners.com')?.coin).toBeNull()
  })
})

describe('the other tables', () => {
  it('knows a pool by address only together with its port', () => {
    const [ip, port] = addresses[0] ?? ['', 0]
    expect(intel.poolByAddress(ip, port)).toMatchObject({ name: null, confidence: 'candidate' })
    expect(intel.poolByAddress(ip, port + 1)).toBeNull()
  })

  it.each([
    ['104.16.1.1', true],
    ['2606:4700::6810:1', true],
    ['151.101.1.6', true],
    ['198.51.100.7', false],
    ['10.0.0.1', false],
    ['2001:db8::1', false],
    ['no address', false],
    ['', false],
  ])('%s is shared by many names: %s', (ip, expected) => {
    expect(intel.isSharedAddress(ip)).toBe(expected)
  })

  it('prices an instance type', () => {
    expect(intel.priceOf('t3.medium')).toMatchObject({ usdPerHour: 0.0416, region: 'us-east-1' })
    expect(intel.priceOf('made.up')).toBeNull()
  })

  it.each([
    ['T1110.001', 'Password Guessing', null],
    ['T1110.003', 'Password Spraying', null],
    ['T1078', 'Valid Accounts', null],
    ['T1496.001', 'Compute Hijacking', null],
    ['T1685', 'Disable or Modify Tools', 'T1562.001'],
    ['T1685.006', 'Clear Linux or Mac System Logs', 'T1070.002'],
    ['T1686', 'Disable or Modify System Firewall', 'T1562.004'],
  ])('knows %s', (id, name, v18) => {
    expect(intel.technique(id)).toMatchObject({ id, name, v18 })
  })

  it('knows no technique that v19 retired', () => {
    expect(intel.technique('T1562.001')).toBeNull()
  })
})

describe('the pool table', () => {
  const names = hosts.map(([host]) => host)

  it('holds no public suffix, so that the parents of a host may be asked for', () => {
    const suffixes = names.filter((host) => getPublicSuffix(host, { allowPrivateDomains: true }) === host)
    expect(suffixes).toEqual([])
    expect(names.filter((host) => getDomain(host, { allowPrivateDomains: true }) === null)).toEqual([])
  })

  it('holds no domain that strangers share', () => {
    const { domains }: { domains: string[] } = JSON.parse(
      readFileSync(new URL('../../scripts/intel/shared-domains.json', import.meta.url), 'utf8'),
    )
    expect(names.filter((host) => domains.includes(host))).toEqual([])
  })
})

describe('dataSources', () => {
  it('names source, licence, date and size of every table', () => {
    for (const { table, source, licence, date, how, entries } of dataSources()) {
      expect(table).toMatch(/^(?:attack|doors|families|flow-model|pools|prices|shared-addresses)$/u)
      expect(source).not.toBe('')
      expect(licence).toMatch(/^(?:Apache-2\.0|MIT|CC0-1\.0)$/u)
      expect(date).toMatch(/^\d{4}-\d\d-\d\d$/u)
      expect(how).not.toBe('')
      expect(entries).toBeGreaterThan(10)
    }
  })
})
