import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isIpv4, readPeer } from './address.ts'

const cases: readonly (readonly [string, string | null, string | null])[] = [
  ['192.0.2.1', '192.0.2.1', null],
  ['0.0.0.0', '0.0.0.0', null],
  ['::ffff:192.0.2.1', '192.0.2.1', null],
  ['::ffff:c000:201', '192.0.2.1', null],
  ['2001:DB8::1', '2001:db8::1', null],
  ['2001:db8:0:0:0:0:0:1', '2001:db8::1', null],
  ['[2001:db8::1]', '2001:db8::1', null],
  ['fe80::1%eth0', 'fe80::1', null],
  ['Gate.Example.org', null, 'gate.example.org'],
  ['192.0.2.999', null, '192.0.2.999'],
  ['192.0.02.1', null, '192.0.02.1'],
  ['UNKNOWN', null, null],
  ['', null, null],
  ['?', null, null],
  ['a:b:c', null, null],
  ['x'.repeat(256), null, null],
]

describe('readPeer', () => {
  it.each(cases)('%s', (text, ip, host) => {
    expect(readPeer(text)).toEqual({ ip, host })
  })

  it('keeps apart addresses that share a place among those at hand', () => {
    const addresses = Array.from({ length: 20_000 }, (_, at) => `10.${at % 7}.${at >> 8}.${at & 255}`)
    for (const ip of [...addresses, ...addresses.toReversed()])
      expect(readPeer(ip)).toEqual({ ip, host: null })
  })

  it('knows every IPv4 address, and takes any text', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => isIpv4(text)),
      { seed: 31 },
    )
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV6()), (text) => readPeer(text) !== null),
      { seed: 32 },
    )
  })
})
