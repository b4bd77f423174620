import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FlowEvent } from '../../event/flow.ts'
import { openInputs } from '../../inputs/open.ts'
import { eventsOf } from '../samples/read-records.ts'
import { emptyReport } from '../reading.ts'
import { vpcFlow } from './index.ts'
import { type Codec, type Column, parquetFile } from '../parquet/samples/file.ts'

const START = Date.UTC(2026, 4, 12, 3) / 1000
const ROWS = 250
const every = <T>(value: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => value(row))

const COLUMNS: Column[] = [
  { name: 'version', type: 'int32', values: every(() => 5) },
  { name: 'account_id', type: 'text', values: every(() => '123456789012') },
  { name: 'interface_id', type: 'text', values: every(() => 'eni-1') },
  { name: 'srcaddr', type: 'text', values: every(() => '10.0.3.17') },
  { name: 'dstaddr', type: 'text', values: every((row) => `198.51.100.${row}`) },
  { name: 'srcport', type: 'int32', values: every((row) => 40_000 + row) },
  { name: 'dstport', type: 'int32', values: every(() => 3333) },
  { name: 'protocol', type: 'int32', values: every(() => 6) },
  { name: 'packets', type: 'int64', values: every((row) => row + 1) },
  { name: 'bytes', type: 'int64', values: every((row) => 100 * (row + 1)) },
  { name: 'start', type: 'int64', values: every((row) => START + row) },
  { name: 'end', type: 'int64', values: every((row) => START + row + 60) },
  { name: 'action', type: 'text', values: every(() => 'ACCEPT') },
  { name: 'log_status', type: 'text', values: every((row) => (row === 7 ? 'NODATA' : 'OK')) },
  {
    name: 'instance_id',
    type: 'text',
    values: every((row) => (row % 2 === 0 ? 'i-0aaaaaaaaaaaaaaa1' : null)),
  },
  { name: 'tcp_flags', type: 'int32', values: every(() => 2) },
  { name: 'hour', type: 'text', values: every(() => '03') },
]

function expectAll(events: readonly FlowEvent[]): void {
  expect(events).toHaveLength(ROWS - 1)
  expect(events[3]).toMatchObject({
    time: (START + 63) * 1000,
    start: (START + 3) * 1000,
    observer: 'ip:10.0.3.17',
    srcPort: 40_003,
    dstIp: '198.51.100.3',
    packetsOut: 4,
    bytesOut: 400,
    origin: {
      file: expect.any(String),
      recordId: 'row 4',
      raw: `5 123456789012 eni-1 10.0.3.17 198.51.100.3 40003 3333 6 4 400 ${START + 3} ${START + 63} ACCEPT OK - 2`,
    },
  })
  expect(events[4]).toMatchObject({ observer: 'instance:i-0aaaaaaaaaaaaaaa1' })
}

describe('flow logs as Parquet', () => {
  it.each<Codec>(['none', 'gzip', 'zstd'])('packed with %s', async (codec) => {
    const file = parquetFile(COLUMNS, codec)
    expect(vpcFlow.recognise(file)).toBe(0.5)
    const { events, report } = await eventsOf(vpcFlow, 'flow', file)
    expect(report).toMatchObject({
      format: 'vpc-flow',
      records: ROWS,
      unused: 1,
      bad: 0,
      problems: [],
      bytes: file.length,
    })
    expectAll(events)
  })

  it('are read in place from disk, and from a compressed file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpc-flow-'))
    try {
      writeFileSync(join(folder, 'a.parquet'), parquetFile(COLUMNS))
      writeFileSync(join(folder, 'b.parquet.gz'), gzipSync(parquetFile(COLUMNS)))
      const opened = await openInputs([folder])
      expect(opened.inputs.map((input) => input.whole?.() !== null)).toEqual([true, false])
      for (const input of opened.inputs) {
        const report = emptyReport(input.name)
        const env = {
          now: 0,
          zoneOf: () => null,
          datedRanges: [],
          matchesOf: () => [],
          isAsked: () => false,
          reportOf: () => report,
        }
        const events: FlowEvent[] = []
        for await (const batch of vpcFlow.read([input], env))
          for (const event of batch.events) if (event.kind === 'flow') events.push(event)
        expect(report.problems).toEqual([])
        expectAll(events)
      }
      opened.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('of other things are named', async () => {
    const { events, report } = await eventsOf(
      vpcFlow,
      'flow',
      parquetFile([{ name: 'a', type: 'int32', values: [1] }]),
    )
    expect(events).toEqual([])
    expect(report.problems).toEqual(['a Parquet file without the columns of a flow log: not read'])
  })

  it('cut off are named', async () => {
    const file = parquetFile(COLUMNS)
    const { events, report } = await eventsOf(vpcFlow, 'flow', file.subarray(0, -20))
    expect(events).toEqual([])
    expect(report.problems).toHaveLength(1)
  })

  it('stand any damage', async () => {
    const file = parquetFile(
      COLUMNS.map((column) => ({ ...column, values: column.values.slice(0, 20) })),
      'none',
      8,
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(file.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), {
          minLength: 1,
          maxLength: 6,
        }),
        async (changes) => {
          const damaged = Buffer.from(file)
          for (const [at, byte] of changes) damaged[at < 4 ? 4 : at] = byte
          const { report } = await eventsOf(vpcFlow, 'flow', damaged)
          expect(report.records).toBeLessThanOrEqual(40)
        },
      ),
      { seed: 4, numRuns: 400 },
    )
  })
})
