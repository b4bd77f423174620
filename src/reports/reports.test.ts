import { describe, expect, it } from 'vitest'
import { investigation } from './samples/build.ts'
import { REPORTS, reportOf } from './index.ts'
import { Clock } from './clock.ts'
import { FileNames, placeName } from './proof-name.ts'
import { proof } from './samples/build.ts'
import { ticksOf } from './time-axis.ts'

it('renders an empty document in every form', () => {
  for (const report of REPORTS) expect(report.render(investigation())).not.toMatch(/undefined|NaN|Infinity/)
})

it('finds a form by its id', () => {
  expect(reportOf('html')?.extension).toBe('.html')
  expect(reportOf('pdf')).toBeNull()
  expect(new Set(REPORTS.map((report) => report.id)).size).toBe(REPORTS.length)
})

describe('names of places', () => {
  it('names files by as little as tells them apart', () => {
    const names = new FileNames(['a/auth.log', 'b/auth.log', 'x.tar.gz!var/log/audit.log', 'eth0.pcap'])
    expect(names.nameOf('a/auth.log')).toBe('a/auth.log')
    expect(names.nameOf('x.tar.gz!var/log/audit.log')).toBe('audit.log')
    expect(names.nameOf('eth0.pcap')).toBe('eth0.pcap')
    expect(names.nameOf('not/known.log')).toBe('not/known.log')
  })

  it.each([
    [proof(), ':18231'],
    [proof({ recordId: '88412' }), ' #88412'],
    [proof({ recordId: 's='.padEnd(80, 'a') }), ':18231'],
    [proof({ packet: 118_204 }), ' packet 118,204'],
  ])('%#: %s', (where, name) => {
    expect(placeName(where)).toBe(name)
  })
})

describe('ticks', () => {
  const clock = new Clock('UTC')
  const hour = 3_600_000
  it.each([
    ['hours', Date.UTC(2026, 4, 12, 2, 40), 5 * hour, 'UTC', ['03:00', '04:00', '05:00', '06:00', '07:00']],
    [
      'minutes',
      Date.UTC(2026, 4, 12, 2, 41),
      hour / 2,
      'UTC',
      ['02:45', '02:50', '02:55', '03:00', '03:05', '03:10'],
    ],
    ['days', Date.UTC(2026, 4, 12), 96 * hour, 'UTC', ['12 May', '13 May', '14 May', '15 May', '16 May']],
    [
      'a zone with a half hour',
      Date.UTC(2026, 4, 12, 2, 40),
      3 * hour,
      'Asia/Kolkata',
      ['08:30', '09:00', '09:30', '10:00', '10:30', '11:00'],
    ],
  ])('%s', (_, from, span, zone, labels) => {
    expect(ticksOf({ from, to: from + span }, 7, new Clock(zone)).map((tick) => tick.label)).toEqual(labels)
  })

  it('writes ranges shortly', () => {
    expect(clock.range('2026-05-12T03:14:00.000000Z', '2026-05-12T07:02:00.000000Z')).toBe(
      '12 May 2026, 03:14 to 07:02',
    )
    expect(clock.range('2026-05-12T23:14:00.000000Z', '2026-05-13T07:02:00.000000Z')).toBe(
      '12 May 2026, 23:14 to 13 May 2026, 07:02',
    )
  })
})
