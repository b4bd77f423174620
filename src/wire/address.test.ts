import { describe, expect, it } from 'vitest'
import { addressBytes, endpointText, formatAddress } from './address.ts'

describe('addresses as text', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['::1', '::1'],
    ['fe80::', 'fe80::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ])('%s is written %s', (given, expected) => {
    const bytes = addressBytes(given)
    expect(formatAddress(bytes, 0, bytes.length === 16)).toBe(expected)
  })

  it('puts IPv6 in brackets before a port', () => {
    expect(endpointText('2001:db8::1', 80)).toBe('[2001:db8::1]:80')
    expect(endpointText('192.0.2.1', 80)).toBe('192.0.2.1:80')
  })
})
