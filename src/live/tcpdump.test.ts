import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findTcpdump, readCounts } from './tcpdump.ts'

describe('what tcpdump says of lost packets', () => {
  it.each([
    [
      'its last words',
      '48 packets captured\n50 packets received by filter\n2 packets dropped by kernel\n',
      48,
      50,
      2,
    ],
    ['one packet', '1 packet captured\n1 packet received by filter\n0 packets dropped by kernel\n', 1, 1, 0],
    [
      'the interface lost some as well',
      '9 packets captured\n9 packets received by filter\n3 packets dropped by kernel\n4 packets dropped by interface\n',
      9,
      9,
      7,
    ],
    [
      'its answer to a signal, then its last words: the newest count',
      'tcpdump: 5 packets captured, 6 packets received by filter, 1 packet dropped by kernel\n9 packets captured\n9 packets received by filter\n2 packets dropped by kernel\n',
      9,
      9,
      2,
    ],
  ])('%s', (_name, words, captured, received, dropped) => {
    expect(readCounts(words)).toEqual({ captured, received, dropped })
  })

  it('is nothing before it has counted', () => {
    expect(
      readCounts('tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 8000 bytes\n'),
    ).toBeNull()
  })

  it('never fails, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (words) => {
        readCounts(words)
      }),
      { seed: 8, numRuns: 200 },
    )
  })
})

describe('tcpdump', () => {
  it('is taken from where systems put it, never from elsewhere', () => {
    expect(findTcpdump([])).toBeNull()
    expect(findTcpdump(['/nonexistent/tcpdump', process.execPath])).toBe(process.execPath)
  })
})
