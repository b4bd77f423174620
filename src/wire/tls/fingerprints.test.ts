import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readClientHello } from './client-hello.ts'
import { ja3Of, ja3sOf, ja4Of } from './fingerprints.ts'
import { clientHello, type HelloFields, serverHello } from './samples/hellos.ts'
import { readServerHello } from './server-hello.ts'

function read(fields: HelloFields) {
  const hello = readClientHello(clientHello(fields).subarray(4))
  if (hello === null) throw new Error('the sample is a ClientHello')
  return hello
}

/** The worked example of FoxIO's technical_details/JA4.md. */
const EXAMPLE: HelloFields = {
  ciphers: [
    0x1a1a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
    0x009d, 0x002f, 0x0035,
  ],
  serverName: 'pool.example',
  alpn: ['h2', 'http/1.1'],
  versions: [0x2a2a, 0x0304, 0x0303],
  groups: [0x3a3a, 0x001d],
  pointFormats: [0],
  signatures: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
  order: [
    0x4a4a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b,
    0xff01, 0x000b, 0x000a, 0x0015, 0x5a5a,
  ],
}
const { signatures: _, ...WITHOUT_SIGNATURES } = EXAMPLE

describe('JA4', () => {
  it('is that of the worked example', () => {
    expect(ja4Of(read(EXAMPLE))).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1')
  })

  it('does not depend on the order of extensions and ciphers', () => {
    const shuffled = {
      ...EXAMPLE,
      order: EXAMPLE.order?.toReversed() ?? [],
      ciphers: EXAMPLE.ciphers?.toReversed() ?? [],
    }
    expect(ja4Of(read(shuffled))).toBe(ja4Of(read(EXAMPLE)))
  })

  it('ends without an underscore where there are no signature algorithms', () => {
    expect(ja4Of(read(WITHOUT_SIGNATURES))).toBe('t13d1516h2_8daaf6152771_6d807ffa2a79')
  })

  it.each<[string, HelloFields, RegExp]>([
    ['no extensions at all', { order: [] }, /^t12i020000_[0-9a-f]{12}_000000000000$/u],
    ['TLS 1.0', { version: 0x0301, order: [] }, /^t10i020000_[0-9a-f]{12}_000000000000$/u],
    ['SSL 3.0', { version: 0x0300, order: [] }, /^ts3i020000_[0-9a-f]{12}_000000000000$/u],
    ['nothing but GREASE', { ciphers: [0x0a0a], order: [0xfafa] }, /^t12i000000_000000000000_000000000000$/u],
    ['a draft of TLS 1.3', { versions: [0x7f1c, 0x0303] }, /^t00i020100_[0-9a-f]{12}_[0-9a-f]{12}$/u],
    ['a name that is none', { serverName: 'a b' }, /^t12d020100_[0-9a-f]{12}_000000000000$/u],
  ])('%s', (_, fields, expected) => {
    expect(ja4Of(read(fields))).toMatch(expected)
  })

  it('counts no further than 99', () => {
    const ciphers = Array.from({ length: 130 }, (_, i) => 0xc000 + i)
    expect(ja4Of(read({ ciphers, order: [] }))).toMatch(/^t12i990000_/u)
  })

  it.each([
    ['\u00ab', 'ab'],
    ['\u00ab\u00cd', 'ad'],
    ['0\u00ab', '3b'],
    ['01\u00ab\u00cd', '3d'],
    ['0\u00ab\u00cd1', '01'],
    ['x', 'xx'],
    ['http/1.1', 'h1'],
    ['', '00'],
  ])('protocol %j is written %s', (protocol, expected) => {
    expect(ja4Of(read({ alpn: [protocol] }))?.slice(8, 10)).toBe(expected)
  })
})

describe('JA3', () => {
  it('is the MD5 of version, ciphers, extensions, groups and point formats, without GREASE', () => {
    const text = `771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,27-0-51-16-17513-23-45-13-5-35-18-43-65281-11-10-21,29,0`
    expect(ja3Of(read(EXAMPLE))).toBe(hash('md5', text, 'hex'))
  })

  it('is that of a hello without extensions', () => {
    expect(ja3Of(read({ version: 0x0301, ciphers: [4, 5], order: [] }))).toBe(
      hash('md5', '769,4-5,,,', 'hex'),
    )
  })

  it('of a server is the MD5 of version, cipher and extensions', () => {
    const hello = readServerHello(serverHello({ empty: [65_281, 0, 11], alpn: 'h2' }).subarray(4))
    expect(hello === null ? null : ja3sOf(hello)).toBe(hash('md5', '771,49199,65281-0-11-16', 'hex'))
  })
})
