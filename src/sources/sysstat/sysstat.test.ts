import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { sysstat } from './index.ts'

async function read(text: string, settings: Parameters<typeof readTexts>[2] = {}) {
  expect(sysstat.recognise(Buffer.from(text))).toBeGreaterThan(0.9)
  const { events, reports } = await readTexts(sysstat, [{ name: 'sa12', text }], settings)
  for (const event of events) Event.parse(event)
  const cpu = events.flatMap((event) => (event.kind === 'cpu' ? [event] : []))
  const metrics = events.flatMap((event) => (event.kind === 'metric' ? [event] : []))
  return { events, cpu, metrics, reports }
}

const sadf = (statistics: readonly object[]): string =>
  JSON.stringify({
    sysstat: {
      hosts: [
        {
          nodename: 'web-1',
          sysname: 'Linux',
          release: '6.1.0',
          machine: 'x86_64',
          'number-of-cpus': 2,
          statistics,
        },
      ],
    },
  })
const at = (time: string, utc = 1) => ({ date: '2026-05-12', time, utc, interval: 600 })
const LOAD = { cpu: 'all', user: 97.5, nice: 0.5, system: 1, iowait: 0.4, steal: 0.1, idle: 0.5 }
const LOAD_ALL = {
  cpu: 'all',
  usr: 90,
  nice: 5,
  sys: 1,
  iowait: 0,
  steal: 0,
  irq: 0.5,
  soft: 0.5,
  guest: 1,
  gnice: 0,
  idle: 2,
}

describe('sysstat JSON', () => {
  it.each([
    ['sadf -j -- -u', { 'cpu-load': [LOAD] }, 0.99, 0.98],
    ['sadf -j -- -u ALL', { 'cpu-load-all': [{ cpu: '0', idle: 100 }, LOAD_ALL] }, 0.98, 0.96],
  ])('%s', async (_what, loads, busyShare, userShare) => {
    const { cpu } = await read(sadf([{ timestamp: at('03:20:01'), ...loads }]))
    expect(cpu).toHaveLength(1)
    expect(cpu[0]?.busyShare).toBeCloseTo(busyShare, 5)
    expect(cpu[0]?.userShare).toBeCloseTo(userShare, 5)
    expect(cpu[0]).toMatchObject({
      time: Date.UTC(2026, 4, 12, 3, 20, 1),
      start: Date.UTC(2026, 4, 12, 3, 10, 1),
      observer: 'host:web-1',
      cores: 2,
      scope: 'machine',
      timeQuality: 'exact',
    })
  })

  it('reads loads and pressure', async () => {
    const { metrics } = await read(
      sadf([
        {
          timestamp: at('03:20:01'),
          queue: { 'runq-sz': 2, 'ldavg-1': 2.04, 'ldavg-5': 2.01, 'ldavg-15': 1.5 },
          psi: { 'psi-cpu': { some_avg10: 1, some_avg60: 2, some_avg300: 3, some_avg: 42.5 } },
        },
      ]),
    )
    expect(metrics.map(({ name, value }) => [name, value])).toEqual([
      ['load-1', 2.04],
      ['load-5', 2.01],
      ['load-15', 1.5],
      ['pressure-cpu-share', 0.425],
    ])
  })

  it('puts local times right where the zone is known', async () => {
    const text = sadf([{ timestamp: at('05:20:00', 0), 'cpu-load': [LOAD] }])
    const known = await read(text, { zoneOf: () => ({ minutesAt: () => 120, why: 'as --timezone says' }) })
    expect(known.cpu[0]).toMatchObject({ time: Date.UTC(2026, 4, 12, 3, 20), timeQuality: 'exact' })
    const unknown = await read(text)
    expect(unknown.cpu[0]).toMatchObject({ time: Date.UTC(2026, 4, 12, 5, 20), timeQuality: 'zone-assumed' })
  })

  it('leaves out what makes no sense', async () => {
    const { cpu, reports } = await read(
      sadf([{}, { timestamp: at('99:00:00') }, { timestamp: at('03:20:01'), 'cpu-load': [LOAD] }]),
    )
    expect(cpu).toHaveLength(1)
    expect(reports[0]).toMatchObject({ records: 3, bad: 2 })
  })

  it('names a document cut off', async () => {
    const text = sadf([{ timestamp: at('03:20:01'), 'cpu-load': [LOAD] }])
    const { events, reports } = await readTexts(sysstat, [{ name: 'x', text: text.slice(0, -20) }])
    expect(events).toEqual([])
    expect(reports[0]?.problems).toEqual(['not valid JSON: damaged or cut off'])
  })
})

const SAR = `Linux 6.1.0-18-amd64 (web-1) \t05/12/2026 \t_x86_64_\t(2 CPU)

11:40:01 PM     CPU     %user     %nice   %system   %iowait    %steal     %idle
11:50:01 PM     all     12.00      0.00      1.00      0.50      0.00     86.50
12:00:01 AM     all     98.00      0.00      1.00      0.00      0.00      1.00
Average:        all     55.00      0.00      1.00      0.25      0.00     43.75

11:40:01 PM   runq-sz  plist-sz   ldavg-1   ldavg-5  ldavg-15   blocked
11:50:01 PM         1       150      0.20      0.18      0.15         0
12:00:01 AM         3       151      2.10      1.18      0.55         0
Average:            2       150      1.15      0.68      0.35         0
`

describe('sysstat text', () => {
  it('reads tables over midnight', async () => {
    const { cpu, metrics, reports } = await read(SAR)
    expect(
      cpu.map(({ time, start, busyShare, cores }) => [time, start, Number(busyShare?.toFixed(4)), cores]),
    ).toEqual([
      [Date.UTC(2026, 4, 12, 23, 50, 1), Date.UTC(2026, 4, 12, 23, 40, 1), 0.13, 2],
      [Date.UTC(2026, 4, 13, 0, 0, 1), Date.UTC(2026, 4, 12, 23, 50, 1), 0.99, 2],
    ])
    expect(metrics.filter(({ name }) => name === 'load-1').map(({ value }) => value)).toEqual([0.2, 2.1])
    expect(reports[0]?.bad).toBe(0)
    expect(reports[0]?.decisions).toContain(
      'its date is read month first (LC_TIME=C); sadf -j writes dates that are clear',
    )
  })

  it.each([
    ['24 hours, ISO date', 'Linux 6.1 (web-1) \t2026-05-12 \t_x86_64_\t(2 CPU)'],
    ['a German date', 'Linux 6.1 (web-1) \t12.05.2026 \t_x86_64_\t(2 CPU)'],
    ['day and month that are clear', 'Linux 6.1 (web-1) \t13/05/26 \t_x86_64_\t(2 CPU)'],
  ])('%s', async (_what, header) => {
    const day = header.includes('13/05') ? 13 : 12
    const text = `${header}\n\n00:00:01        CPU     %usr     %nice      %sys   %iowait    %steal      %irq     %soft    %guest    %gnice     %idle\n00:10:01        all    97,00      0,00      1,00      0,00      0,00      0,00      0,50      0,00      0,00      1,50\n00:10:01          0    97,00      0,00      1,00      0,00      0,00      0,00      0,50      0,00      0,00      1,50\n\n00:15:00     LINUX RESTART\t(2 CPU)\n`
    const { cpu, reports } = await read(text)
    expect(cpu.map(({ time, busyShare }) => [time, Number(busyShare?.toFixed(4))])).toEqual([
      [Date.UTC(2026, 4, day, 0, 10, 1), 0.985],
    ])
    expect(reports[0]?.bad).toBe(0)
  })

  it.each(['Linux kernel (6.1)', 'Linux 6.1 (web-1) 99/99/2026 _x86_64_', 'May 12 03:14:05 web-1 x'])(
    'does not take %s',
    (text) => expect(sysstat.recognise(Buffer.from(text))).toBe(0),
  )

  it('takes any bytes', async () => {
    const texts = [SAR, sadf([{ timestamp: at('03:20:01'), 'cpu-load': [LOAD] }])]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.string({ maxLength: 60 }),
        fc.nat(700),
        async (whole, noise, place) => {
          const text = whole.slice(0, place) + noise + whole.slice(place)
          await readTexts(sysstat, [{ name: 'x', text, chunkBytes: 53 }])
        },
      ),
      { seed: 3, numRuns: 150 },
    )
  })
})
