import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts, type TextFile } from '../samples/read-texts.ts'
import { readSample } from './exposition.ts'
import { prometheus } from './index.ts'

async function read(...files: readonly (string | TextFile)[]) {
  const inputs = files.map((file, index): TextFile =>
    typeof file === 'string' ? { name: `m${index}`, text: file } : file,
  )
  const { events, reports } = await readTexts(prometheus, inputs)
  for (const event of events) Event.parse(event)
  const cpu = events.flatMap((event) => (event.kind === 'cpu' ? [event] : []))
  const metrics = events.flatMap((event) => (event.kind === 'metric' ? [event] : []))
  return { events, cpu, metrics, reports }
}

const T = Date.UTC(2026, 4, 12, 3) / 1000

/** What node_exporter prints, `minutes` after three o'clock, of two processors of which `busy` seconds were busy each. */
function scrape(minutes: number, busy: number, idle: number, waiting = 0): string {
  return `# HELP node_boot_time_seconds Node boot time, in unixtime.
# TYPE node_boot_time_seconds gauge
node_boot_time_seconds ${T - 3600}
# HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.
# TYPE node_cpu_seconds_total counter
node_cpu_seconds_total{cpu="0",mode="idle"} ${idle}
node_cpu_seconds_total{cpu="0",mode="iowait"} 1
node_cpu_seconds_total{cpu="0",mode="user"} ${busy}
node_cpu_seconds_total{cpu="1",mode="idle"} ${idle}
node_cpu_seconds_total{cpu="1",mode="system"} ${busy}
node_load1 2.5
node_pressure_cpu_waiting_seconds_total ${waiting}
node_time_seconds ${(T + minutes * 60).toExponential()}
node_uname_info{domainname="(none)",machine="x86_64",nodename="web-1",release="6.1.0",sysname="Linux",version="#1 SMP"} 1
`
}

const without = (text: string): string => text.replace(/node_time_seconds.*\n/u, '')

describe('scrapes of node_exporter', () => {
  const first = scrape(0, 100, 3400)
  const second = scrape(10, 640, 3460, 300)

  it.each<readonly [string, readonly string[]]>([
    ['two files', [first, second]],
    ['the other way round', [second, first]],
    ['one file that was appended to', [first + second]],
  ])('%s', async (_what, files) => {
    const { cpu, metrics } = await read(...files)
    const measured = cpu.filter(({ isLifetime }) => !isLifetime)
    expect(measured).toHaveLength(1)
    expect(measured[0]).toMatchObject({
      observer: 'host:web-1',
      start: T * 1000,
      time: (T + 600) * 1000,
      cores: 2,
    })
    expect(measured[0]?.busyShare).toBeCloseTo(0.9)
    expect(metrics.find(({ name }) => name === 'pressure-cpu-share')?.value).toBeCloseTo(0.5)
    expect(metrics.filter(({ name }) => name === 'load-1')).toHaveLength(2)
  })

  it('tells the mean since the start of a machine from one scrape', async () => {
    const { cpu } = await read(first)
    expect(cpu).toMatchObject([{ isLifetime: true, start: (T - 3600) * 1000, time: T * 1000 }])
  })

  it('takes counters that went back for a new start', async () => {
    const { cpu } = await read(second + scrape(20, 3, 5))
    expect(cpu.filter(({ isLifetime }) => !isLifetime)).toEqual([])
  })

  it('takes the date of the file where a scrape has no time', async () => {
    const { cpu, reports } = await read(
      { name: 'a', text: without(first), modifiedAt: T * 1000 },
      { name: 'b', text: without(second), modifiedAt: (T + 600) * 1000 },
    )
    expect(cpu.filter(({ isLifetime }) => !isLifetime)).toHaveLength(1)
    expect(reports[0]?.decisions).toEqual(["its time: the file's date, because it has no node_time_seconds"])
  })
})

const answer = (result: readonly object[], resultType = 'matrix'): string =>
  JSON.stringify({ status: 'success', data: { resultType, result } })

const series = (metric: object, values: readonly number[]) => ({
  metric: { instance: '10.0.3.17:9100', job: 'node', ...metric },
  values: values.map((value, index) => [T + index * 300, String(value)]),
})

describe('answers of Prometheus', () => {
  it.each<readonly [string, readonly object[], readonly number[]]>([
    [
      'counters',
      [
        series({ __name__: 'node_cpu_seconds_total', cpu: '0', mode: 'idle' }, [0, 150, 150]),
        series({ __name__: 'node_cpu_seconds_total', cpu: '0', mode: 'user' }, [0, 150, 450]),
      ],
      [0.5, 1],
    ],
    [
      'rates by mode and processor',
      [
        series({ cpu: '0', mode: 'idle' }, [0.5, 0]),
        series({ cpu: '0', mode: 'user' }, [0.5, 1]),
        series({ cpu: '1', mode: 'idle' }, [0.5, 0]),
        series({ cpu: '1', mode: 'system' }, [0.5, 1]),
      ],
      [0.5, 1],
    ],
    ['the mean of idle alone', [series({ mode: 'idle' }, [0.87, 0.01])], [0.13, 0.99]],
  ])('%s', async (_what, result, shares) => {
    const { cpu } = await read(answer(result))
    expect(cpu.map(({ busyShare }) => Number(busyShare?.toFixed(6)))).toEqual(shares)
    expect(cpu[0]?.observer).toBe('ip:10.0.3.17')
  })

  it('reads loads and pressure, and names what it does not know', async () => {
    const { metrics, reports } = await read(
      answer([
        series({ __name__: 'node_load1' }, [1, 2]),
        series({ __name__: 'node_pressure_cpu_waiting_seconds_total' }, [0, 150]),
        series({ __name__: 'up' }, [1]),
      ]),
    )
    expect(metrics.map(({ name, value }) => [name, value])).toEqual([
      ['load-1', 1],
      ['load-1', 2],
      ['pressure-cpu-share', 0.5],
    ])
    expect(reports[0]?.decisions).toEqual(['not used: up'])
  })

  it.each([
    ['web-1:9100', 'host:web-1'],
    ['[2001:db8::7]:9100', 'ip:2001:db8::7'],
    ['web-1.example.com', 'host:web-1.example.com'],
  ])('knows %s', async (instance, observer) => {
    const { metrics } = await read(answer([series({ __name__: 'node_load1', instance }, [1])]))
    expect(metrics[0]?.observer).toBe(observer)
  })

  it('says nothing of errors', async () => {
    const { events, reports } = await read('{"status":"error","data":{"resultType":"matrix"}}')
    expect(events).toEqual([])
    expect(reports[0]?.problems).toHaveLength(1)
  })
})

describe('readSample', () => {
  it.each([
    ['node_load1 0.5', { name: 'node_load1', labels: {}, value: 0.5 }],
    ['a{b="c\\"d\\\\",e="f,}"} 1e3 1700000000', { name: 'a', labels: { b: 'c"d\\', e: 'f,}' }, value: 1000 }],
    ['a{} +Inf', { name: 'a', labels: {}, value: Infinity }],
    ['# HELP a b', null],
    ['a{b="c" 1', null],
    ['a', null],
    ['a x', null],
    ['', null],
  ])('%s', (line, expected) => {
    const sample = readSample(line)
    expect(sample === null ? null : { ...sample, labels: { ...sample.labels } }).toEqual(expected)
  })

  it('takes any text', async () => {
    const whole = scrape(0, 1, 2)
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 40 }), fc.nat(whole.length), async (noise, place) => {
        readSample(noise)
        await read(whole.slice(0, place) + noise + whole.slice(place))
      }),
      { seed: 3, numRuns: 100 },
    )
  })
})
