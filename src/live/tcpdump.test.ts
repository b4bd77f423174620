import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { findTcpdump, LiveCapture, readCounts } from './tcpdump.ts'

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

describe('a capture', () => {
  /** Stands in for tcpdump: opens nothing, and ends as it is told to by its interface's name. */
  const program = join(mkdtempSync(join(tmpdir(), 'davylamp-live-')), 'tcpdump')
  writeFileSync(program, '#!/bin/sh\ncase "$2" in killed0) kill -9 $$ ;; *) exec sleep 30 ;; esac\n', {
    mode: 0o755,
  })
  afterAll(() => rmSync(dirname(program), { recursive: true, force: true }))
  const capture = (name: string): LiveCapture =>
    new LiveCapture(program, { interface: name, filter: '', user: null })

  it('that somebody else ends has failed, and says so', async () => {
    const ended = capture('killed0')
    await ended.ended()
    expect(ended).toMatchObject({ exitCode: 1, words: 'it was ended by SIGKILL' })
  })

  it('that was stopped has not', async () => {
    const stopped = capture('eth0')
    stopped.stop()
    await stopped.ended()
    expect(stopped).toMatchObject({ exitCode: 0, words: '' })
  })
})

describe('tcpdump', () => {
  it('is taken from where systems put it, never from elsewhere', () => {
    expect(findTcpdump([])).toBeNull()
    expect(findTcpdump(['/nonexistent/tcpdump', process.execPath])).toBe(process.execPath)
  })
})
