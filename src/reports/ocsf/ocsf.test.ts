import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { battle } from '../samples/battle.ts'
import { fleet, hostile, nothingFound, pressureOnly } from '../samples/others.ts'
import { ocsf } from './index.ts'
import { hasOcsf, OcsfSchema } from './samples/schema.ts'

const Events = z.array(
  z.looseObject({
    observables: z.array(
      z.object({ name: z.string(), type_id: z.int(), type: z.string(), value: z.string() }),
    ),
  }),
)

function eventsOf(document: ReturnType<typeof battle>): z.infer<typeof Events> {
  return Events.parse(JSON.parse(ocsf.render(document)))
}

const SAMPLES = { battle, fleet, hostile, nothingFound, pressureOnly }

describe.each(Object.entries(SAMPLES))('%s', (_, sample) => {
  it('is one event for each incident, one a line', () => {
    const text = ocsf.render(sample())
    const events = eventsOf(sample())
    expect(events).toHaveLength(sample().incidents.length)
    const lines = text.split('\n').slice(1, -2)
    if (events.length > 0)
      expect(lines.map((line) => JSON.parse(line.replace(/,$/u, '')) as unknown)).toEqual(events)
    expect(text).not.toMatch(/[^\n\P{C}]|\p{Zl}|\p{Zp}/u)
  })

  it('points with each observable at what it is', () => {
    for (const event of eventsOf(sample()))
      for (const { name, value } of event.observables) expect(at(event, name)).toBe(value)
  })

  // The schema is public and lies beside the checkout, not in it.
  it.skipIf(!hasOcsf)('is valid by the schema of OCSF', () => {
    const schema = new OcsfSchema()
    for (const event of eventsOf(sample())) expect(schema.check(event, 'detection_finding')).toEqual([])
  })
})

function at(event: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/u)
    .filter((part) => part !== '')
    .reduce<unknown>((value, part) => (isRecord(value) ? value[part] : undefined), event)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

it('tells what the incident tells', () => {
  const [event] = eventsOf(battle())
  expect(event).toMatchObject({
    class_uid: 2004,
    type_uid: 200_401,
    time: Date.UTC(2026, 4, 12, 9, 30),
    start_time: Date.UTC(2026, 4, 12, 2, 51),
    end_time: Date.UTC(2026, 4, 12, 7, 2, 10),
    severity_id: 5,
    confidence_score: 99,
    status_detail: 'went on when the evidence ended',
    metadata: { uid: 'inc-0123456789ab', product: { name: 'Davylamp', version: '0.1.0' } },
    finding_info: {
      uid: 'inc-0123456789ab',
      attacks: [
        { technique: { uid: 'T1110' }, sub_technique: { uid: 'T1110.001', name: 'Password Guessing' } },
        { technique: { uid: 'T1105', name: 'Ingress Tool Transfer' } },
        { technique: { uid: 'T1053' }, sub_technique: { uid: 'T1053.003', name: 'Cron' } },
        { technique: { uid: 'T1496' }, sub_technique: { uid: 'T1496.001', name: 'Compute Hijacking' } },
      ],
      tags: [
        { name: 'usdSoFar', value: '1.9400' },
        { name: 'usdPerMonth', value: '118.4000' },
      ],
    },
    resources: [{ hostname: 'web-1', ip: '10.0.3.17', labels: ['i-0a1b2c3d', 't3.large'] }],
    evidences: [
      { uid: 'fnd-0123456789ab', src_endpoint: { ip: '203.0.113.9' }, user: { name: 'root' } },
      { uid: 'fnd-1', file: { name: '.x', path: '/dev/shm/.x' } },
      { uid: 'fnd-2', file: { path: '/etc/cron.d/0kz' } },
      { uid: 'fnd-3', dst_endpoint: { ip: '198.51.100.7', port: 443 } },
    ],
    malware: [{ uid: 'unknown-1' }, { uid: '44ex…Zz', name: '8220' }],
  })
  expect(event).not.toHaveProperty('unmapped')
})

describe.skipIf(!hasOcsf)('the schema check', () => {
  const schema = hasOcsf ? new OcsfSchema() : null
  const [good = {}] = eventsOf(battle())

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a missing attribute', { metadata: undefined }, /^metadata: is required/u],
    ['an unknown attribute', { machine: 'web-1' }, /^machine: is no attribute/u],
    ['a value outside the list', { severity_id: 7 }, /^severity_id: 7 is no value/u],
    ['a word that is not that of its number', { severity_id: 4 }, /^severity: must be High/u],
    ['time in seconds with a fraction', { time: 1.5 }, /^time: must be a whole number/u],
    ['a list that is none', { evidences: {} }, /^evidences: must be a list/u],
    [
      'an address that is none',
      { resources: [{ uid: '1', ip: 'web-1' }] },
      /^resources\[0\]\.ip: is not like ip_t/u,
    ],
    ['nothing of what one is needed', { evidences: [{ uid: '1' }] }, /^evidences\[0\]\.: needs one of/u],
    ['a profile that is not named', { attacks: [] }, /^attacks: needs the profile security_control/u],
  ])('sees %s', (_, change, problem) => {
    expect(schema?.check({ ...good, ...change }, 'detection_finding')[0]).toMatch(problem)
  })
})
