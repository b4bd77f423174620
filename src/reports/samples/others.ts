import { type AttentionEntry, Investigation } from '../../story/document.ts'
import { battle, battleIncident } from './battle.ts'
import { at, auditProof, finding, input, investigation } from './build.ts'

export function nothingFound(): Investigation {
  return investigation({
    inputs: [input()],
    assets: [{ id: 'web-1', names: ['web-1'], status: 'clean', reason: 'logins seen throughout', joins: [] }],
    coverage: [{ asset: 'web-1', kind: 'login', from: at('00:00:01'), to: at('07:02:10'), note: 'auth.log' }],
  })
}

function lookOf(part: Parameters<typeof finding>[0]): AttentionEntry {
  return { ...finding({ stage: 'context', ...part }), asset: '111122223333' }
}

/** Nobody got in for certain, and there is something to look at all the same. */
export function worthALook(): Investigation {
  return investigation({
    ...nothingFound(),
    attention: [
      lookOf({ title: 'The log of the account was stopped', severity: 'medium', rule: 'a-rule' }),
      ...Array.from({ length: 20 }, (_, n) =>
        lookOf({ title: `A launch was refused (${n})`, severity: 'medium', count: 12 }),
      ),
      lookOf({ title: 'A name of a pool was looked up', severity: 'low' }),
    ],
  })
}

export function nothingRead(): Investigation {
  return investigation({ skipped: [{ file: 'notes.docx', reason: 'not a format I know' }] })
}

export function pressureOnly(): Investigation {
  const whole = battle()
  return {
    ...whole,
    incidents: [],
    assets: whole.assets.filter((asset) => asset.status !== 'occupied'),
    skipped: [],
  }
}

/** A fleet: `count` occupied machines, each its own name and money, and as many that are only tried. */
export function fleet(count = 50): Investigation {
  const whole = battle()
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  return {
    ...whole,
    incidents: numbers.map((n) => ({
      ...battleIncident(),
      id: `inc-${String(n).padStart(12, '0')}`,
      asset: {
        id: `worker-${n}.eu-west.internal.example`,
        names: [`worker-${n}.eu-west.internal.example`, `10.1.0.${n}`],
      },
      title: `Monero is mined on worker-${n}`,
      money: { ...battleIncident().money, usdSoFar: 200 - n },
    })),
    assets: numbers.flatMap((n) => [
      {
        id: `worker-${n}.eu-west.internal.example`,
        names: [`10.1.0.${n}`],
        status: 'occupied' as const,
        reason: 'mining and a way in',
        joins: [],
      },
      { id: `edge-${n}`, names: [], status: 'pressure' as const, reason: 'guessing only', joins: [] },
    ]),
    pressure: numbers.map((n) => ({
      asset: `edge-${n}`,
      kind: 'SSH password spraying',
      count: n * 1000,
      sources: n,
      sourceIps: [],
      firstSeen: at('01:00:00'),
      lastSeen: at('06:00:00'),
    })),
  }
}

const HOSTILE_TEXTS: readonly string[] = [
  '<script>window.pwned=1</script>',
  '"><img src=x onerror="window.pwned=1">',
  "' onmouseover='window.pwned=1",
  'javascript:window.pwned=1',
  '</style><svg onload=window.pwned=1>',
  '--><!--<iframe src=https://198.51.100.7/>',
  '![x](https://198.51.100.7/x.png) [y](javascript:alert(1)) <https://198.51.100.7>',
  'a|b\n|c\n\n# heading ```code``` ``` @someone #12 http://198.51.100.7/ www.example.com',
  '\x1b[2J\x1b]0;owned\x07\x1b]8;;http://198.51.100.7\x1b\\link\x9b31m',
  'safe\u202egnp.exe \u2066x\u2069 z\u200be\u200dr\ufeffo \u{e0041}\ud800',
  '$(touch /tmp/pwned) `id` "; rm -rf / #',
  '漢字かなカナ한글 '.repeat(20),
  'e\u0301\u0302\u0303'.repeat(60),
  'x'.repeat(700),
  '👩‍👩‍👧‍👦🏴‍☠️'.repeat(20),
  '',
]

/** Every text of a document replaced by a hostile one, in turn; times, ids of the schema and enumerations stay. */
export function hostile(): Investigation {
  let next = 0
  const kept = new Set([
    'schema',
    'severity',
    'status',
    'stage',
    'generatedAt',
    'time',
    'from',
    'to',
    'start',
    'end',
    'firstSeen',
    'lastSeen',
    'version',
    'occupant',
  ])
  const poison = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      const isTime = /^\d{4}-\d\d-\d\dT/.test(value)
      if (kept.has(key) && (isTime || !['from', 'to', 'start', 'end'].includes(key))) return value
      next += 1
      return HOSTILE_TEXTS[next % HOSTILE_TEXTS.length]
    }
    if (Array.isArray(value)) return value.map((item) => poison(item, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, name === 'tool' ? item : poison(item, name)]),
    )
  }
  return Investigation.parse(poison(battle(), ''))
}

/** The same hands on machines of a fleet, who went on from one to the next and to one that nobody holds. */
export function gang(count = 3): Investigation {
  const whole = fleet(count)
  const occupants = whole.incidents.map(({ id, asset, occupants }) => ({
    incident: id,
    asset: asset.id,
    occupant: occupants.at(-1)?.id ?? '',
  }))
  const step = {
    how: 'Other machines were told over SSH what to run',
    evidence: [auditProof('90201', 'type=EXECVE')],
  }
  const nameOf = (index: number): string => occupants[index]?.asset ?? ''
  return {
    ...whole,
    campaigns: [
      {
        id: 'camp-000000000001',
        name: '8220-like',
        occupants,
        sharedBy: [{ type: 'host', value: '198.51.100.4', assets: occupants.map(({ asset }) => asset) }],
        spread: [
          { ...step, from: nameOf(0), to: nameOf(1), time: at('05:40:00') },
          { ...step, from: nameOf(1), to: '<b>db-9</b>', time: at('06:10:00') },
        ],
      },
    ],
  }
}
