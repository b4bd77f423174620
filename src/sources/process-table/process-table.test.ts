import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { processTable } from './index.ts'

const WRITTEN = Date.UTC(2026, 4, 12, 0, 1, 1)
const block = (
  clock: string,
  idle: number,
): string => `top - ${clock} up 10 days,  1:02,  1 user,  load average: 2.02, 1.90, 0,50
Tasks: 120 total,   2 running, 118 sleeping,   0 stopped,   0 zombie
%Cpu(s): ${(99 - idle).toFixed(1)} us,  1.0 sy,  0.0 ni, ${idle} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st
MiB Mem :   3936.0 total,    200.0 free,   2600.0 used,   1100.0 buff/cache
MiB Swap:      0.0 total,      0.0 free,      0.0 used.   1000.0 avail Mem

    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND
   4711 root      20   0 2449760   2.0g   4096 S 195.3  52.1 300:01.02 [kworker/0:1] --config /tmp/.x
      1 root      20   0  166800  11000   8000 S   0.3   0.3   0:10.00 systemd

`

async function read(text: string, modifiedAt: number | null = WRITTEN) {
  expect(processTable.recognise(Buffer.from(text))).toBeGreaterThan(0.8)
  const { events, reports } = await readTexts(processTable, [{ name: 'top.txt', text, modifiedAt }])
  for (const event of events) Event.parse(event)
  return { events, cpu: events.flatMap((event) => (event.kind === 'cpu' ? [event] : [])), reports }
}

describe('top', () => {
  it('dates blocks back from when the file was written, over midnight', async () => {
    const { cpu, events } = await read(block('23:59:00', 86) + block('00:00:00', 2) + block('00:01:00', 1))
    const machine = cpu.filter(({ scope }) => scope === 'machine')
    expect(
      machine.map(({ time, isLifetime, busyShare }) => [time, isLifetime, Number(busyShare?.toFixed(3))]),
    ).toEqual([
      [Date.UTC(2026, 4, 11, 23, 59), true, 0.14],
      [Date.UTC(2026, 4, 12), false, 0.98],
      [Date.UTC(2026, 4, 12, 0, 1), false, 0.99],
    ])
    expect(machine[1]?.start).toBe(Date.UTC(2026, 4, 11, 23, 59))
    expect(cpu.filter(({ scope }) => scope === 'process')).toMatchObject([
      { pid: 4711, user: 'root', name: '[kworker/0:1] --config /tmp/.x', busyCores: 1.953, isLifetime: true },
      { busyCores: 1.953, isLifetime: false },
      { busyCores: 1.953, isLifetime: false },
    ])
    expect(events.filter(({ kind }) => kind === 'metric')).toHaveLength(3)
  })

  it('is not used where nothing tells its day', async () => {
    const { events, reports } = await read(block('00:00:00', 2), null)
    expect(events).toEqual([])
    expect(reports[0]?.problems).toHaveLength(1)
  })
})

describe('ps', () => {
  const PS = `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root           1  0.0  0.3 166800 11000 ?        Ss   May02   0:10 /sbin/init
www-data    4711  196 52.1 2449760 2100000 ?     Sl   03:14 300:01 /tmp/.x/kinsing -c /tmp/.x/config.json
nonsense
`

  it('reads ps aux', async () => {
    const { cpu, reports } = await read(PS)
    expect(cpu).toMatchObject([
      {
        scope: 'process',
        pid: 4711,
        user: 'www-data',
        busyCores: 1.96,
        isLifetime: true,
        time: WRITTEN,
        name: '/tmp/.x/kinsing -c /tmp/.x/config.json',
      },
    ])
    expect(reports[0]).toMatchObject({ records: 3, bad: 1, unused: 1 })
  })

  it('reads columns that somebody chose', async () => {
    const { cpu } = await read('    PID %CPU COMMAND\n   4711 99.9 ./x -o y\n')
    expect(cpu).toMatchObject([{ pid: 4711, user: null, name: './x -o y' }])
  })

  it('takes any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(PS, block('00:00:00', 2)),
        fc.string({ maxLength: 40 }),
        fc.nat(900),
        async (whole, noise, place) => {
          const text = whole.slice(0, place) + noise + whole.slice(place)
          const { events } = await readTexts(processTable, [
            { name: 'x', text, modifiedAt: WRITTEN, chunkBytes: 41 },
          ])
          for (const event of events) Event.parse(event)
        },
      ),
      { seed: 3, numRuns: 150 },
    )
  })
})
