import * as fc from 'fast-check'
import { existsSync, openAsBlob } from 'node:fs'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { splitLines } from '../../inputs/lines.ts'
import { gapMsOf, isOut, lengthOf, MIN_JUDGED } from '../behaviour/first-packets.ts'
import { judgeFlow } from '../behaviour/judge.ts'
import { FlowModel } from '../behaviour/model.ts'
import { readNumbers, readTime, readTimes } from './arrays.ts'
import { splitCells } from './cells.ts'
import { IpfixReader, isIpfixHeader } from './flow-reader.ts'
import { type IpfixReport, type IpfixRow, readIpfixFlows } from './read-flows.ts'

const HEADER =
  'uint64 BYTES,uint64 BYTES_REV,time TIME_FIRST,time TIME_LAST,uint32 PACKETS,uint32 PACKETS_REV,uint16 DST_PORT,uint16 SRC_PORT,uint8 PROTOCOL,int8* PPI_PKT_DIRECTIONS,uint8* PPI_PKT_FLAGS,uint16* PPI_PKT_LENGTHS,time* PPI_PKT_TIMES'
const ROW =
  '900,450,2026-05-01T10:00:00.250000,2026-05-01T10:00:09.000000,6,5,14444,40112,6,[1|-1|-1],[24|24|16],[223|63|0],[2026-05-01T10:00:01.000000|2026-05-01T10:00:01.040500|2026-05-01T10:00:02.000000]'

async function read(text: string): Promise<{ rows: IpfixRow[]; report: IpfixReport }> {
  const report: IpfixReport = { rows: 0, bad: 0, problems: [] }
  const rows: IpfixRow[] = []
  for await (const row of readIpfixFlows(splitLines([Buffer.from(text)]), report)) rows.push(row)
  return { rows, report }
}

describe('rows', () => {
  it('gives a flow with the packets that carry something', async () => {
    const { rows, report } = await read(`${HEADER}\r\n${ROW}\r\n`)
    expect(report).toEqual({ rows: 1, bad: 0, problems: ['columns missing: SRC_IP, DST_IP'] })
    expect(rows).toMatchObject([
      {
        line: 2,
        offset: HEADER.length + 2,
        flow: {
          srcPort: 40112,
          dstPort: 14444,
          srcIp: null,
          protocol: 6,
          start: Date.UTC(2026, 4, 1, 10) + 250,
          packetsOut: 6,
          bytesIn: 450,
          label: null,
        },
      },
    ])
    const packets = [...(rows[0]?.flow.packets ?? [])]
    expect(packets.map((one) => [isOut(one), lengthOf(one), gapMsOf(one)])).toEqual([
      [true, 223, 0],
      [false, 63, 41],
    ])
  })

  it('finds columns by name, in any order, quoted, with or without types', async () => {
    const text = [
      '"DST_IP","PPI_PKT_TIMES","PPI_PKT_LENGTHS","PPI_PKT_FLAGS","PPI_PKT_DIRECTIONS","EXTRA"',
      '"192.0.2.7","[1777629600.5|1777629601]","[10|20]","[24|24]","[1|-1]","a ""b"", c"',
    ].join('\n')
    const { rows } = await read(text)
    expect(rows[0]?.flow).toMatchObject({ dstIp: '192.0.2.7', srcPort: null, start: null })
    expect([...(rows[0]?.flow.packets ?? [])].map(gapMsOf)).toEqual([0, 500])
  })

  it('counts what makes no sense and goes on', async () => {
    const bad = [
      ROW.replace('[1|-1|-1]', '[1|-1]'),
      ROW.replace('[223|63|0]', '[223|many|0]'),
      ROW.replace('2026-05-01T10:00:02.000000]', 'later]'),
      'no comma at all',
    ]
    const { rows, report } = await read([HEADER, ...bad, '', ROW].join('\n'))
    // A row without its arrays is a flow nothing is known of; arrays that disagree are no flow.
    expect(report).toMatchObject({ rows: 5, bad: 3 })
    expect(rows.map(({ line }) => line)).toEqual([5, 7])
    expect(rows[0]?.flow.packets).toHaveLength(0)
  })

  it('says what is missing where rows cannot be read', async () => {
    const { rows, report } = await read('BYTES,PPI_PKT_LENGTHS\n1,[2]\n')
    expect(rows).toEqual([])
    expect(report.problems[0]).toMatch(/columns missing: PPI_PKT_DIRECTIONS, PPI_PKT_FLAGS, PPI_PKT_TIMES/u)
  })

  it('reads files put behind each other', async () => {
    const { rows } = await read([HEADER, ROW, HEADER, ROW].join('\n'))
    expect(rows.map(({ line }) => line)).toEqual([2, 4])
  })
})

describe('cells', () => {
  it.each([
    ['a,b,,c', ['a', 'b', '', 'c']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a""b",c', ['a"b', 'c']],
    ['"open,c', ['open,c']],
    ['a,', ['a', '']],
    ['"a",', ['a', '']],
  ])('%s', (line, cells) => expect(splitCells(line)).toEqual(cells))

  it.each([
    ['[1|-1|1]', [1, -1, 1]],
    ['[]', []],
    ['', []],
    ['1;2', [1, 2]],
    ['[1, 2]', [1, 2]],
    ['[1||2]', null],
    ['[x]', null],
  ])('numbers %s', (cell, values) => expect(readNumbers(cell, 100)).toEqual(values))

  it.each([
    ['2021-12-14T16:43:03.704953', Date.UTC(2021, 11, 14, 16, 43, 3) + 704.953],
    ['2021-12-14 16:43:03Z', Date.UTC(2021, 11, 14, 16, 43, 3)],
    ['1639500183', 1_639_500_183_000],
    ['1639500183000', 1_639_500_183_000],
    ['2021-13-14T16:43:03', null],
    ['yesterday', null],
  ])('time %s', (text, time) => {
    if (time === null) expect(readTime(text)).toBeNull()
    else expect(readTime(text)).toBeCloseTo(time, 2)
  })

  it('bounds arrays', () => expect(readTimes(`[${'1639500183|'.repeat(5_000)}1]`, 8)).toHaveLength(8))
})

describe('anything at all', () => {
  it('is read without an error', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('[1|-1]', '[24|24]', '"', '[', '[1|', '""', '1e999', '-0'),
    )
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 20 }), (cells) => {
        const row = cells.join(',')
        expect(() => new IpfixReader(HEADER).row(row)).not.toThrow()
        expect(() => new IpfixReader(row).row(ROW)).not.toThrow()
        expect(typeof isIpfixHeader(row)).toBe('boolean')
      }),
      { numRuns: 500, seed: 22 },
    )
  })
})

const design = resolve(import.meta.dirname, '../../../../shared/corpus/flows/cesnet-miner22/design.csv')

describe.skipIf(!existsSync(design))('CESNET-MINER22 (skipped where the corpus is absent)', () => {
  it('reads every flow, and the model tells the two kinds apart', async () => {
    const model = FlowModel.parse(
      JSON.parse(readFileSync(new URL('../../intel/data/flow-model.json', import.meta.url), 'utf8')),
    )
    const report: IpfixReport = { rows: 0, bad: 0, problems: [] }
    const counts = { Miner: [0, 0], Other: [0, 0] }
    for await (const { flow } of readIpfixFlows(splitLines((await openAsBlob(design)).stream()), report)) {
      if (flow.packets.length < MIN_JUDGED) continue
      const own = flow.label === 'Miner' ? counts.Miner : counts.Other
      own[0] = (own[0] ?? 0) + 1
      if (judgeFlow(model, flow.packets).miningProbability >= 0.5) own[1] = (own[1] ?? 0) + 1
    }
    expect(report).toMatchObject({ rows: 2468, bad: 0 })
    const [share = 0, falseShare = 1] = [counts.Miner, counts.Other].map(([all = 1, hits = 0]) => hits / all)
    expect(share).toBeGreaterThan(0.95)
    expect(falseShare).toBeLessThan(0.01)
  })
})
