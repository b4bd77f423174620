import { X509Certificate } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCertificate } from './certificate.ts'
import { certificate, type CertificateFields, der } from './samples/certificates.ts'

describe('a certificate', () => {
  it.each<[string, CertificateFields, object]>([
    [
      'of a pool that signed it itself',
      { dnsNames: ['Pool.Example', '*.pool.example', 'bad name', ''], addresses: [[192, 0, 2, 7]] },
      {
        subject: 'CN=pool.example',
        issuer: 'CN=pool.example',
        names: ['pool.example', '*.pool.example', '192.0.2.7'],
        notBefore: Date.UTC(2026, 0, 1),
        notAfter: Date.UTC(2027, 0, 1),
        isSelfSigned: true,
      },
    ],
    [
      'of somebody else',
      {
        subject: [
          ['C', 'DE', 0x13],
          ['O', 'Example, Inc.'],
          ['CN', 'a.example'],
        ],
        issuer: [['O', 'Example CA']],
      },
      {
        subject: String.raw`CN=a.example,O=Example\, Inc.,C=DE`,
        issuer: 'O=Example CA',
        isSelfSigned: false,
      },
    ],
    [
      'with times of every kind',
      { notBefore: '991231235959Z', notAfter: '99991231235959Z' },
      { notBefore: Date.UTC(1999, 11, 31, 23, 59, 59), notAfter: Date.UTC(9999, 11, 31, 23, 59, 59) },
    ],
    ['of version 1', { isOld: true }, { subject: 'CN=pool.example', names: [] }],
    ['in UTF-16', { subject: [['CN', Uint8Array.of(0, 0x50, 0, 0xf6), 0x1e]] }, { subject: 'CN=Pö' }],
    [
      'with an IPv6 address',
      {
        addresses: [
          [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
          [1, 2, 3],
        ],
      },
      { names: ['2001:db8::1'] },
    ],
    [
      'with more names than are kept',
      { dnsNames: Array.from({ length: 30 }, (_, i) => `n${i}.example`) },
      { names: Array.from({ length: 20 }, (_, i) => `n${i}.example`) },
    ],
    ['of nobody', { subject: [] }, { subject: '', isSelfSigned: true }],
    [
      'with an e-mail address',
      { subject: [['emailAddress', 'a@pool.example', 0x16]] },
      { subject: 'emailAddress=a@pool.example' },
    ],
  ])('%s', (_, fields, expected) => {
    expect(readCertificate(certificate(fields))).toMatchObject(expected)
  })

  it('says what OpenSSL says', () => {
    const bytes = certificate({ dnsNames: ['pool.example'], issuer: [['O', 'Example CA']] })
    const theirs = new X509Certificate(bytes)
    const ours = readCertificate(bytes)
    expect(ours?.sha256).toBe(theirs.fingerprint256.replaceAll(':', '').toLowerCase())
    expect(ours?.subject).toBe(theirs.subject)
    expect(ours?.issuer).toBe(theirs.issuer)
    expect(ours?.notAfter).toBe(theirs.validToDate.getTime())
    expect(theirs.subjectAltName).toBe('DNS:pool.example')
  })

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a lone tag', Uint8Array.of(0x30)],
    ['a length without end', Uint8Array.of(0x30, 0x80, 0, 0)],
    ['a length of many bytes', Uint8Array.of(0x30, 0x88, 1, 1, 1, 1, 1, 1, 1, 1)],
    ['a length beyond the end', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff)],
    ['an empty sequence', der(0x30)],
    ['text', new TextEncoder().encode('-----BEGIN CERTIFICATE-----')],
    ['a month that does not exist', certificate({ notBefore: '261301000000Z' })],
    ['a time that is none', certificate({ notAfter: 'tomorrow, noon' })],
  ])('is not: %s', (_, bytes) => {
    expect(readCertificate(bytes)).toBeNull()
  })

  it('never throws on any bytes', () => {
    const base = certificate({ dnsNames: ['a.example', 'b.example'], addresses: [[10, 0, 0, 1]] })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 10 }), fc.nat(), (edits, cut) => {
        const bytes = base.slice(0, base.length - (cut % 40))
        for (const [at, value] of edits) bytes[at % bytes.length] = value
        const read = readCertificate(bytes)
        if (read === null) return
        expect(read.subject.length).toBeLessThanOrEqual(512)
        expect(read.names.length).toBeLessThanOrEqual(20)
      }),
      { seed: 21, numRuns: 1000 },
    )
  })
})
