import { describe, expect, it } from 'vitest'
import { CertificateBook } from './certificate-book.ts'
import { readCertificate } from './certificate.ts'
import { certificate } from './samples/certificates.ts'

describe('a book of certificates', () => {
  it('gives one that it knows without reading it again', () => {
    const book = new CertificateBook()
    const first = book.read(certificate({ dnsNames: ['a.example'] }))
    expect(first).toEqual(readCertificate(certificate({ dnsNames: ['a.example'] })))
    expect(book.read(certificate({ dnsNames: ['a.example'] }))).toBe(first)
  })

  it('is not taken in by the same length and end', () => {
    const book = new CertificateBook()
    const names = ['a.example', 'b.example', 'a.example'].map((name) => {
      // All of them end in the same signature of zeros.
      return book.read(certificate({ dnsNames: [name] }))?.names
    })
    expect(names).toEqual([['a.example'], ['b.example'], ['a.example']])
  })

  it('keeps no bytes of whoever gave them', () => {
    const book = new CertificateBook()
    const bytes = certificate({ dnsNames: ['a.example'] })
    book.read(bytes)
    bytes.fill(0)
    expect(book.read(certificate({ dnsNames: ['a.example'] }))?.names).toEqual(['a.example'])
    expect(book.read(bytes)).toBeNull()
  })
})
