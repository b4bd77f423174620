import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CostEvent } from '../../event/cost.ts'
import { Event } from '../../event/event.ts'
import { addDecimals, decimalText, parseDecimal, ZERO } from '../../text/decimal.ts'
import { parquetFile } from '../parquet/samples/file.ts'
import { readTexts, type TextFile } from '../samples/read-texts.ts'
import { bill } from './index.ts'

const FOCUS_COLUMNS = [
  'BilledCost',
  'EffectiveCost',
  'BillingCurrency',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'ProviderName',
  'RegionId',
  'ResourceId',
  'ServiceName',
  'SubAccountId',
  'SkuMeter',
  'Tags',
]
const INSTANCE = 'arn:aws:ec2:us-east-1:111122223333:instance/i-0aaaaaaaaaaaaaaaa'

type Row = Partial<Record<string, string>>

function focusRow(row: Row = {}): string[] {
  const whole: Row = {
    BilledCost: '0.0832',
    EffectiveCost: '0.05',
    BillingCurrency: 'USD',
    ChargeCategory: 'Usage',
    ChargeDescription: '$0.0832 per On Demand Linux t3.large Instance Hour',
    ChargePeriodStart: '2026-05-12T03:00:00Z',
    ChargePeriodEnd: '2026-05-12T04:00:00Z',
    ProviderName: 'AWS',
    RegionId: 'us-east-1',
    ResourceId: INSTANCE,
    ServiceName: 'Amazon Elastic Compute Cloud',
    SubAccountId: '111122223333',
    SkuMeter: 'BoxUsage:t3.large',
    Tags: '{"Name": "web-1"}',
    ...row,
  }
  return FOCUS_COLUMNS.map((column) => whole[column] ?? '')
}

const quoted = (cell: string): string => (/[",\r\n;]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
const csv = (rows: readonly (readonly string[])[], separator = ',', lineEnd = '\n'): string =>
  rows.map((row) => row.map(quoted).join(separator) + lineEnd).join('')
const focus = (...rows: readonly Row[]): string => csv([FOCUS_COLUMNS, ...rows.map((row) => focusRow(row))])

async function read(...texts: readonly (string | Uint8Array | TextFile)[]) {
  const files = texts.map((text, index): TextFile =>
    typeof text === 'string' || text instanceof Uint8Array ? { name: `bill-${index}.csv`, text } : text,
  )
  const { events, reports } = await readTexts(bill, files)
  for (const event of events) Event.parse(event)
  return { events: events.filter((event): event is CostEvent => event.kind === 'cost'), reports }
}

const sum = (events: readonly CostEvent[]): string =>
  decimalText(events.map(({ billed }) => parseDecimal(billed) ?? ZERO).reduce(addDecimals, ZERO))

describe('bill in FOCUS', () => {
  it('adds hours up to days, and keeps resources, meters and categories apart', async () => {
    const { events, reports } = await read(
      focus(
        {},
        { ChargePeriodStart: '2026-05-12T04:00:00Z', ChargePeriodEnd: '2026-05-12T05:00:00Z' },
        { ChargePeriodStart: '2026-05-13T00:00:00Z', ChargePeriodEnd: '2026-05-13T01:00:00Z' },
        { SkuMeter: 'CPUCredits:t3', BilledCost: '0.05' },
        { ResourceId: '', ChargeCategory: 'Tax', ServiceName: 'Tax', BilledCost: '3.1' },
      ),
    )
    const brief = events.map(({ category, meter, billed, rows, instanceType }) => [
      category,
      meter,
      billed,
      rows,
      instanceType,
    ])
    expect(brief.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['tax', 'BoxUsage:t3.large', '3.1', 1, 't3.large'],
      ['usage', 'BoxUsage:t3.large', '0.0832', 1, 't3.large'],
      ['usage', 'BoxUsage:t3.large', '0.1664', 2, 't3.large'],
      ['usage', 'CPUCredits:t3', '0.05', 1, 't3.large'],
    ])
    expect(events[0]).toMatchObject({
      observer: 'account:111122223333',
      currency: 'USD',
      region: 'us-east-1',
      time: Date.UTC(2026, 4, 12),
    })
    expect(events.find(({ rows }) => rows === 2)).toMatchObject({
      subjects: ['instance:i-0aaaaaaaaaaaaaaaa', 'account:111122223333'],
      effective: '0.1',
      end: Date.UTC(2026, 4, 12, 5),
      origin: { line: 2, recordId: '2 rows' },
    })
    expect(reports[0]?.decisions).toEqual(['total 3.3996 USD: tax 3.1, usage 0.2996'])
    expect(reports[0]?.format).toBe('FOCUS 1.1')
  })

  it.each([
    ['Usage', '', 'usage'],
    ['Purchase', '', 'purchase'],
    ['Tax', '', 'tax'],
    ['Credit', '', 'credit'],
    ['Adjustment', '', 'adjustment'],
    ['Usage', 'Correction', 'adjustment'],
    ['Something', '', 'other'],
    ['', '', 'usage'],
  ])('category %s, class %s', async (category, chargeClass, expected) => {
    const { events } = await read(focus({ ChargeCategory: category, ChargeClass: chargeClass }))
    expect(events[0]?.category).toBe(expected)
  })

  it.each<readonly [string, string]>([
    ['plain', '1.5'],
    ['negative', '-1.5'],
    ['exponents', '1.2E-05'],
    ['more places than a float has', '0.123456789012345678901234567'],
    ['large', '123456789012.000000001'],
    ['nothing', ''],
  ])('keeps amounts exact: %s', async (_what, amount) => {
    const { events } = await read(focus({ BilledCost: amount }))
    expect(events[0]?.billed).toBe(decimalText(parseDecimal(amount === '' ? '0' : amount) ?? ZERO))
  })

  it.each([
    ['2026-05-12', Date.UTC(2026, 4, 12)],
    ['2026-05-12T23:30Z', Date.UTC(2026, 4, 12)],
    ['2026-05-12 23:30:00', Date.UTC(2026, 4, 12)],
    ['2026-05-12 23:30:00 UTC', Date.UTC(2026, 4, 12)],
    ['2026-05-12T23:30:00.000Z', Date.UTC(2026, 4, 12)],
    ['2026-05-12T23:30:00-02:00', Date.UTC(2026, 4, 13)],
  ])('reads the date %s', async (start, day) => {
    const { events } = await read(focus({ ChargePeriodStart: start }))
    expect(events[0]?.time).toBe(day)
  })

  it('names what makes no sense and goes on', async () => {
    const { events, reports } = await read(
      `${focus({}, { BilledCost: 'free' }, { ChargePeriodStart: '12 May' }, { BilledCost: '-2' })}1,2\n`,
    )
    expect(sum(events)).toBe('-1.9168')
    expect(reports[0]).toMatchObject({ records: 5, bad: 3 })
    expect(reports[0]?.problems).toEqual([
      '1 row has too few cells',
      '1 row has no amount that is a number',
      '1 row has no date',
    ])
    expect(reports[0]?.decisions).toContain('1 usage row is negative: taken off')
  })

  it('does not add currencies together', async () => {
    const { events, reports } = await read(focus({}, { BillingCurrency: 'EUR' }))
    expect(events.map(({ currency }) => currency).toSorted()).toEqual(['EUR', 'USD'])
    expect(reports[0]?.problems).toEqual(['2 currencies (EUR, USD): not added together'])
    expect(reports[0]?.decisions).toEqual([
      'total 0.0832 EUR: usage 0.0832',
      'total 0.0832 USD: usage 0.0832',
    ])
  })

  it('says what it did about missing columns', async () => {
    const without = FOCUS_COLUMNS.filter(
      (column) => !['BilledCost', 'BillingCurrency', 'ResourceId', 'ChargeCategory'].includes(column),
    )
    const row = focusRow()
    const kept = without.map((column) => row[FOCUS_COLUMNS.indexOf(column)] ?? '')
    const { events, reports } = await read(csv([without, kept]))
    expect(events[0]).toMatchObject({ billed: '0.05', currency: 'USD', resource: null, category: 'usage' })
    expect(reports[0]?.decisions).toHaveLength(5)
    const none = csv([
      ['ChargePeriodStart', 'ChargeCategory', 'BillingCurrency', 'BillingAccountId'],
      ['2026-05-12', 'Usage', 'USD', '1'],
    ])
    expect((await read(none)).reports[0]?.problems).toEqual(['a bill without BilledCost: not read'])
  })

  it('counts an export given twice once, and rows that stand twice in one file twice', async () => {
    const text = focus({}, {}, { BilledCost: '1' })
    const once = await read(text)
    const twice = await read(text, text)
    expect(sum(once.events)).toBe('1.1664')
    expect(sum(twice.events)).toBe('1.1664')
    expect(twice.reports[1]?.duplicates).toBe(3)
    expect(twice.reports[1]?.decisions).toContain('3 rows are in another file already: counted once')
    const overlapping = await read(text, focus({}, { BilledCost: '7' }))
    expect(sum(overlapping.events)).toBe('8.1664')
  })

  const text = focus(
    { RegionId: 'köln-1' },
    { ChargeDescription: 'a "quoted"\nline, and more' },
    { BilledCost: '-0.5' },
  )
  it.each<readonly [string, Uint8Array | string]>([
    ['UTF-8 with BOM', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16LE with BOM', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16BE with BOM', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['CRLF', text.replaceAll(/\n(?=0|-|B|$)/gu, '\r\n')],
    [
      'tabs',
      csv(
        [FOCUS_COLUMNS, focusRow({ RegionId: 'köln-1' }), focusRow(), focusRow({ BilledCost: '-0.5' })],
        '\t',
      ),
    ],
    [
      'semicolons and decimal commas',
      csv(
        [
          FOCUS_COLUMNS,
          focusRow({ RegionId: 'köln-1', BilledCost: '0,0832' }),
          focusRow(),
          focusRow({ BilledCost: '-0,5' }),
        ],
        ';',
      ),
    ],
    ['no line end at the end', text.trimEnd()],
  ])('reads %s', async (_what, bytes) => {
    const input = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    expect(bill.recognise(input)).toBeGreaterThan(0.9)
    const { events, reports } = await read({ name: 'b.csv', text: input, chunkBytes: 37 })
    expect(sum(events)).toBe('-0.3336')
    expect(events.some(({ region }) => region === 'köln-1')).toBe(true)
    expect(reports[0]?.bad).toBe(0)
  })

  it('says so where text is no UTF-8', async () => {
    const { reports } = await read(Buffer.from(text, 'latin1'))
    expect(reports[0]?.decisions).toContain('its text is no UTF-8: read as Latin-1')
  })

  it('adds up what it is given, however it is cut, to the last place', async () => {
    const amount = fc.tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.nat(18))
    const row = fc.record({
      amount,
      resource: fc.constantFrom('i-0aaaaaaaaaaaaaaaa', 'b"c', 'd,e', 'f\ng'),
      day: fc.integer({ min: 1, max: 28 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.integer({ min: 1, max: 300 }),
        async (rows, chunkBytes) => {
          const amounts = rows.map(({ amount: [units, scale] }) => ({ units, scale }))
          const bytes = Buffer.from(
            focus(
              ...rows.map(({ resource, day }, index) => ({
                BilledCost: decimalText(amounts[index] ?? ZERO),
                ResourceId: resource,
                ChargePeriodStart: `2026-05-${String(day).padStart(2, '0')}T00:00:00Z`,
              })),
            ),
          )
          const { events } = await read({ name: 'b', text: bytes, chunkBytes })
          expect(sum(events)).toBe(decimalText(amounts.reduce(addDecimals, ZERO)))
          expect(new Set(events.map(({ resource }) => resource))).toEqual(
            new Set(rows.map(({ resource }) => resource)),
          )
        },
      ),
      { seed: 9, numRuns: 60 },
    )
  })

  it('takes any bytes', async () => {
    const whole = Buffer.from(focus({}, {}, {}))
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(whole.length),
        fc.nat(60),
        async (noise, at, cut) => {
          const bytes = Buffer.concat([
            whole.subarray(0, at),
            noise,
            whole.subarray(Math.min(whole.length, at + cut)),
          ])
          if (bill.recognise(bytes) < 0.5) return
          await read({ name: 'x', text: bytes, chunkBytes: 61 })
        },
      ),
      { seed: 2, numRuns: 150 },
    )
  })
})

const CUR_COLUMNS = [
  'identity_line_item_id',
  'line_item_usage_start_date',
  'line_item_usage_end_date',
  'line_item_usage_account_id',
  'line_item_line_item_type',
  'line_item_product_code',
  'line_item_usage_type',
  'line_item_resource_id',
  'line_item_unblended_cost',
  'line_item_currency_code',
  'product_region_code',
  'reservation_effective_cost',
  'savings_plan_savings_plan_effective_cost',
]
const curRow = (type: string, usageType: string, cost: string, reserved = '', saved = ''): string[] => [
  'x',
  '2026-05-12T03:00:00Z',
  '2026-05-12T04:00:00Z',
  '111122223333',
  type,
  'AmazonEC2',
  usageType,
  'i-0aaaaaaaaaaaaaaaa',
  cost,
  'USD',
  'us-east-1',
  reserved,
  saved,
]
const CUR_ROWS = [
  curRow('Usage', 'BoxUsage:t3.large', '0.0832'),
  curRow('DiscountedUsage', 'BoxUsage:m5.large', '0', '0.06'),
  curRow('SavingsPlanCoveredUsage', 'BoxUsage:c5.large', '0.085', '', '0.05'),
  curRow('SavingsPlanNegation', 'BoxUsage:c5.large', '-0.085'),
  curRow('RIFee', 'HeavyUsage:m5.large', '40'),
  curRow('Tax', '', '4.1'),
  curRow('Credit', 'BoxUsage:t3.large', '-5'),
  curRow('Refund', 'BoxUsage:t3.large', '-1'),
  curRow('EdpDiscount', 'BoxUsage:t3.large', '-0.01'),
]

describe('bill of AWS CUR', () => {
  it.each([
    ['AWS CUR 2.0', CUR_COLUMNS],
    [
      'AWS CUR (legacy)',
      CUR_COLUMNS.map((name) =>
        name
          .replace(
            /^(line_item|identity|product|reservation|savings_plan)_/u,
            (_, group: string) => `${camel(group)}/`,
          )
          .replace(/\/.*$/u, (rest) => `/${camel(rest.slice(1), true)}`),
      ),
    ],
  ])('%s', async (format, columns) => {
    const { events, reports } = await read(csv([columns, ...CUR_ROWS]))
    expect(reports[0]?.format).toBe(format)
    const found = Object.fromEntries(
      events.map(({ category, meter, billed, effective }) => [`${category} ${meter}`, [billed, effective]]),
    )
    expect(found).toEqual({
      'usage BoxUsage:t3.large': ['0.0832', '0.0832'],
      'usage BoxUsage:m5.large': ['0', '0.06'],
      'usage BoxUsage:c5.large': ['0.085', '0.05'],
      'discount BoxUsage:c5.large': ['-0.085', '0'],
      'purchase HeavyUsage:m5.large': ['40', '0'],
      'tax null': ['4.1', '4.1'],
      'credit BoxUsage:t3.large': ['-5', '-5'],
      'refund BoxUsage:t3.large': ['-1', '-1'],
      'discount BoxUsage:t3.large': ['-0.01', '-0.01'],
    })
    expect(sum(events)).toBe('38.1732')
    expect(events[0]?.provider).toBe('AWS')
  })
})

function camel(text: string, isUpper = false): string {
  const joined = text.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase())
  return isUpper ? joined.charAt(0).toUpperCase() + joined.slice(1) : joined
}

const columns = (type: 'text' | 'double' | 'int64') => [
  {
    name: 'BilledCost',
    type,
    ...(type === 'int64' ? { scale: 10 } : {}),
    values: type === 'int64' ? [832_000_000, 1, -3] : ['0.0832', '0.0000000001', '-0.0000000003'],
  },
  {
    name: 'ChargePeriodStart',
    type: 'text' as const,
    values: ['2026-05-12T00:00:00Z', '2026-05-12T01:00:00Z', '2026-05-13T00:00:00Z'],
  },
  { name: 'ChargeCategory', type: 'text' as const, values: ['Usage', 'Usage', 'Usage'] },
  { name: 'BillingCurrency', type: 'text' as const, values: ['USD', 'USD', null] },
  { name: 'ResourceId', type: 'text' as const, values: [INSTANCE, INSTANCE, INSTANCE] },
]

describe('bill in Parquet', () => {
  it.each(['text', 'double', 'int64'] as const)('amounts as %s', async (type) => {
    const bytes = parquetFile(columns(type), 'zstd', 2)
    expect(bill.recognise(bytes.subarray(0, 64), () => bytes)).toBeGreaterThan(0.9)
    const { events, reports } = await read(bytes)
    expect(reports[0]?.problems).toEqual([])
    expect(events.map(({ billed, rows }) => [billed, rows])).toEqual([
      ['0.0832000001', 2],
      ['-0.0000000003', 1],
    ])
  })

  it('leaves Parquet of others alone', () => {
    const bytes = parquetFile([{ name: 'srcaddr', type: 'text', values: ['192.0.2.1'] }])
    expect(bill.recognise(bytes, () => bytes)).toBe(0)
    expect(bill.recognise(bytes, () => null)).toBe(0)
  })

  it('counts the same rows in two files once', async () => {
    const bytes = parquetFile(columns('text'))
    const { events } = await read(bytes, bytes)
    expect(sum(events)).toBe('0.0831999998')
  })

  it('takes damage anywhere', async () => {
    const whole = parquetFile(columns('double'), 'gzip', 2)
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(whole)
        bytes[at] = byte
        if (bill.recognise(bytes, () => bytes) > 0) await read(bytes)
      }),
      { seed: 6, numRuns: 150 },
    )
  })
})

describe('bill of Cost Explorer', () => {
  const answer = {
    GroupDefinitions: [
      { Type: 'DIMENSION', Key: 'SERVICE' },
      { Type: 'DIMENSION', Key: 'RECORD_TYPE' },
    ],
    ResultsByTime: [
      {
        TimePeriod: { Start: '2026-05-12', End: '2026-05-13' },
        Total: {},
        Groups: [
          {
            Keys: ['Amazon Elastic Compute Cloud - Compute', 'Usage'],
            Metrics: { UnblendedCost: { Amount: '1.9968000001', Unit: 'USD' } },
          },
          { Keys: ['Tax', 'Tax'], Metrics: { UnblendedCost: { Amount: '0.38', Unit: 'USD' } } },
        ],
        Estimated: true,
      },
      { TimePeriod: { Start: '2026-05-13', End: '2026-05-14' }, Total: {}, Groups: [], Estimated: true },
    ],
  }

  it('reads groups', async () => {
    const text = JSON.stringify(answer, null, 2)
    expect(bill.recognise(Buffer.from(text))).toBeGreaterThan(0.9)
    const { events, reports } = await read(text)
    expect(events.map(({ category, service, billed }) => [category, service, billed])).toEqual([
      ['usage', 'Amazon Elastic Compute Cloud - Compute', '1.9968000001'],
      ['tax', 'Tax', '0.38'],
    ])
    expect(reports[0]?.decisions).toContain('its latest days are estimates, as it says itself')
    expect(reports[0]?.decisions).toContain('total 2.3768000001 USD: tax 0.38, usage 1.9968000001')
  })

  it('reads totals without groups', async () => {
    const plain = {
      ResultsByTime: [
        {
          TimePeriod: { Start: '2026-05-12', End: '2026-05-13' },
          Total: { AmortizedCost: { Amount: '2', Unit: 'USD' }, UnblendedCost: { Amount: '3', Unit: 'USD' } },
        },
      ],
    }
    const { events } = await read(JSON.stringify(plain))
    expect(events).toMatchObject([{ billed: '3', effective: '2', resource: null }])
  })

  it.each(['{"ResultsByTime":', '{"ResultsByTime":[null,{"x":1}]}', '{"ResultsByTime":{}}'])(
    'names damage: %s',
    async (text) => {
      const { events, reports } = await read(text)
      expect(events).toEqual([])
      expect(reports[0]?.bad).toBeGreaterThan(0)
    },
  )
})

describe('recognise', () => {
  it.each<readonly [string, string | Uint8Array]>([
    ['a log', 'May 12 03:14:05 web-1 sshd[1]: x'],
    ['another table', 'ts,src_ip,dst_ip\n1,2,3'],
    ['JSON', '{"a":1}'],
    ['gzip', gzipSync('x')],
    ['nothing', ''],
  ])('does not take %s', (_what, text) => expect(bill.recognise(Buffer.from(text))).toBe(0))
})
