import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { falco } from './index.ts'

const RECORD = {
  hostname: 'node-1',
  output:
    '03:14:05.123456789: Critical Possible miner running (command=/tmp/x -o stratum+tcp://pool.example.net:3333 container_id=0a1b)',
  output_fields: {
    'container.id': '0a1b2c3d4e5f',
    'evt.time': 1778555645123456,
    'proc.cmdline': '/tmp/x -o stratum+tcp://pool.example.net:3333',
    'user.name': 'root',
    'fd.name': '10.0.0.7:40022->203.0.113.9:3333',
  },
  priority: 'Critical',
  rule: 'Detect crypto miners using the Stratum protocol',
  source: 'syscall',
  tags: ['container', 'mitre_impact', 'T1496'],
  time: '2026-05-12T03:14:05.123456789Z',
}

const variants: readonly {
  title: string
  said: Record<string, unknown>
  expected: Record<string, unknown>
}[] = [
  {
    title: 'everything',
    said: {},
    expected: {
      kind: 'alert',
      sensor: 'falco',
      time: Date.UTC(2026, 4, 12, 3, 14, 5) + 123.456,
      rule: 'Detect crypto miners using the Stratum protocol',
      title: 'Possible miner running',
      severity: 'high',
      isMining: true,
      observer: 'host:node-1',
      subjects: ['host:node-1', 'container:0a1b2c3d4e5f'],
      user: 'root',
      commandLine: '/tmp/x -o stratum+tcp://pool.example.net:3333',
      srcIp: '10.0.0.7',
      dstIp: '203.0.113.9',
      dstPort: 3333,
    },
  },
  { title: 'error', said: { priority: 'Error' }, expected: { severity: 'medium' } },
  { title: 'warning', said: { priority: 'Warning' }, expected: { severity: 'medium' } },
  { title: 'notice', said: { priority: 'Notice' }, expected: { severity: 'low' } },
  { title: 'debug', said: { priority: 'DEBUG' }, expected: { severity: 'info' } },
  {
    title: 'on the host itself, by a rule about something else',
    said: {
      output_fields: { 'container.id': 'host', 'user.name': '<NA>' },
      rule: 'Read sensitive file',
      tags: ['T1555'],
    },
    expected: { subjects: ['host:node-1'], user: null, isMining: false, dstIp: null },
  },
  {
    title: 'without tags, by the name of its rule',
    said: { tags: null, rule: 'Detect outbound connections to common miner pool ports' },
    expected: { isMining: true },
  },
  {
    title: 'from the audit log of a cluster, on no machine',
    said: { hostname: undefined, source: 'k8s_audit', output_fields: {} },
    expected: { observer: 'host:k8s_audit' },
  },
]

async function read(record: unknown) {
  const { events } = await readTexts(falco, [{ name: 'falco.json', text: JSON.stringify(record) }])
  for (const event of events) Event.parse(event)
  return events
}

describe('falco', () => {
  it.each(variants)('$title', async ({ said, expected }) => {
    expect((await read({ ...RECORD, ...said }))[0]).toMatchObject(expected)
  })

  it.each([
    ['its own', RECORD, 1],
    ['less of it', { rule: 'x', priority: 'Notice', time: RECORD.time }, 0.3],
    ['other JSON', { rule: 'x', time: 5 }, 0],
  ])('recognises %s', (_what, record, score) =>
    expect(falco.recognise(Buffer.from(JSON.stringify(record)))).toBe(score),
  )

  it('takes any values in any field', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(RECORD)), fc.jsonValue(), async (name, value) => {
        await read({ ...RECORD, [name]: value })
      }),
      { seed: 23, numRuns: 200 },
    )
  })
})
