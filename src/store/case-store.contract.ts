import { expect, it } from 'vitest'
import { type Plan, PLAN_SCHEMA } from '../plan/document.ts'
import type { AssetEntry, IncidentEntry, StoryFinding } from '../story/document.ts'
import { type Exposure, type Surface, SURFACE_SCHEMA } from '../surface/document.ts'
import type { CaseEntry, CaseStore } from './case-store.ts'

/** What every case store must do; each implementation runs it. */
export function caseStoreContract(open: () => Promise<CaseStore> | CaseStore): void {
  it('gives back what was added', async () => {
    const store = await open()
    await store.add(entry('m1', [incident('inc-1', ['f1', 'f2'])]))
    expect(await store.incident('inc-1')).toEqual(incident('inc-1', ['f1', 'f2']))
    expect(await store.incidentsOf('web-1')).toHaveLength(1)
    expect((await store.finding('f2'))?.incident).toBe('inc-1')
    expect((await store.asset('10.0.3.17'))?.id).toBe('web-1')
    expect((await store.manifests()).map((manifest) => manifest.id)).toEqual(['m1'])
    await store.close()
  })

  it('keeps the surface that was looked at last, and every exposure', async () => {
    const store = await open()
    expect(await store.surface()).toBeNull()
    const { manifest } = entry('m1', [])
    await store.addSurface({ manifest, surface: surfaceOf('exposure-1') })
    const size = await store.size()
    await store.addSurface({ manifest, surface: surfaceOf('exposure-1') })
    expect(await store.size()).toEqual(size)
    await store.addSurface({ manifest: { ...manifest, id: 'm2' }, surface: surfaceOf('exposure-2') })
    expect((await store.surface())?.exposures.map(({ id }) => id)).toEqual(['exposure-2'])
    const both: Surface = {
      ...surfaceOf('exposure-3'),
      exposures: [exposure('exposure-3'), exposure('exposure-1')],
      hygiene: [exposure('exposure-2')],
    }
    await store.addSurface({ manifest, surface: both })
    expect(await store.surface()).toEqual(both)
    expect(await store.exposure('exposure-1')).toEqual(exposure('exposure-1'))
    expect((await store.exposuresOf('i-1')).map(({ id }) => id)).toEqual([
      'exposure-1',
      'exposure-2',
      'exposure-3',
    ])
    expect(await store.exposure('exposure-4')).toBeNull()
    await store.close()
  })

  it('keeps the plan that was made last', async () => {
    const store = await open()
    expect(await store.plan()).toBeNull()
    await store.keepPlan(plan('2026-05-12T08:00:00Z'))
    await store.keepPlan(plan('2026-05-13T08:00:00Z'))
    expect(await store.plan()).toEqual(plan('2026-05-13T08:00:00Z'))
    await store.close()
  })

  it('has null for what it does not know', async () => {
    const store = await open()
    expect(await store.incident('inc-9')).toBeNull()
    expect(await store.finding('f9')).toBeNull()
    expect(await store.asset("'; DROP TABLE assets; --")).toBeNull()
    await store.close()
  })

  it('does not grow when it is told the same twice', async () => {
    const store = await open()
    const told = entry('m1', [incident('inc-1', ['f1', 'f2'])])
    await store.add(told)
    const size = await store.size()
    await store.add(told)
    expect(await store.size()).toEqual(size)
    await store.close()
  })

  it('takes an incident that shares a finding for the one it knows, and keeps the newer id as alias', async () => {
    const store = await open()
    await store.add(entry('m1', [incident('inc-1', ['f1'])]))
    await store.add(entry('m2', [incident('inc-2', ['f0', 'f1'])]))
    const kept = await store.incident('inc-2')
    expect(kept?.id).toBe('inc-1')
    expect(kept?.aliases).toEqual(['inc-2'])
    expect(kept?.findings.map((finding) => finding.id)).toEqual(['f0', 'f1'])
    expect(await store.incidents()).toHaveLength(1)
    expect((await store.finding('f0'))?.incident).toBe('inc-1')
    await store.add(entry('m3', [incident('inc-2', ['f0', 'f1', 'f2'])]))
    expect(await store.incidents()).toHaveLength(1)
    await store.close()
  })

  it('adds all of an entry or nothing of it', async () => {
    const store = await open()
    const broken = { ...entry('m1', [incident('inc-1', ['f1'])]) }
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    const asset = { ...assetEntry(), id: 'other', loop } as AssetEntry
    await expect(store.add({ ...broken, assets: [assetEntry(), asset] })).rejects.toThrow()
    expect(await store.asset('web-1')).toBeNull()
    expect(await store.incident('inc-1')).toBeNull()
    await store.close()
  })
}

function plan(generatedAt: string): Plan {
  const range = { low: 0, mid: 0, high: 0 }
  const overhead = { cpuPercent: 0, usdPerMonth: 0, friction: 0, downtimeSeconds: 0 }
  return {
    schema: PLAN_SCHEMA,
    generatedAt,
    tool: { name: 'davylamp', version: '0' },
    surface: { generatedAt, exposures: 0 },
    budget: overhead,
    considered: 0,
    atRiskUsdPerDay: range,
    removesUsdPerDay: range,
    removesShare: 0,
    overhead,
    savesUsdPerMonth: 0,
    optimality: { isExact: true, boundUsdPerDay: 0, gap: 0 },
    chosen: [],
    leftOut: [],
    exposures: [],
    notes: [],
  }
}

function entry(id: string, incidents: readonly IncidentEntry[]): CaseEntry {
  return {
    manifest: { id, createdAt: '2026-05-12T08:00:00.000000Z', toolVersion: '0', commandLine: [], inputs: [] },
    assets: [assetEntry()],
    incidents,
    findings: incidents.flatMap((one) =>
      one.findings.map((body) => ({ asset: one.asset.id, incident: one.id, body })),
    ),
  }
}

function assetEntry(): AssetEntry {
  return { id: 'web-1', names: ['web-1', '10.0.3.17'], status: 'occupied', reason: '', joins: [] }
}

function incident(id: string, findings: readonly string[]): IncidentEntry {
  return {
    id,
    aliases: [],
    asset: { id: 'web-1', names: ['web-1'] },
    severity: 'critical',
    status: 'ongoing',
    firstSeen: '2026-05-12T03:00:00.000000Z',
    lastSeen: '2026-05-12T04:00:00.000000Z',
    title: 'Monero is mined on web-1',
    summary: [],
    wayIn: null,
    occupants: [],
    tenures: [],
    changes: [],
    reach: [],
    money: { usdSoFar: 0.08, usdPerHour: 0.0832, usdPerMonth: 60.74, timesNormal: null, basis: '' },
    findings: findings.map(finding),
    sentences: [],
    strips: [],
    todo: [],
  }
}

function finding(id: string): StoryFinding {
  return {
    id,
    detector: 'pool-mining',
    title: 'Mines Monero',
    severity: 'critical',
    confidence: 1,
    stage: 'mining',
    attack: [],
    firstSeen: '2026-05-12T03:00:00.000000Z',
    lastSeen: '2026-05-12T04:00:00.000000Z',
    count: 1,
    evidence: [
      {
        source: 'pcap',
        file: 'a.pcap',
        packet: 1,
        offset: 24,
        time: '2026-05-12T03:00:00.000000Z',
        raw: 'x',
      },
    ],
  }
}

const nothing = { low: 0, mid: 0, high: 0 }

function exposure(id: string): Exposure {
  return {
    id,
    kind: 'hygiene',
    check: 'image-old',
    title: 'old',
    explanation: '',
    fix: '',
    asset: 'i-1',
    resources: [],
    address: null,
    protocol: null,
    portFrom: null,
    portTo: null,
    sources: [],
    chain: [],
    cutEdge: null,
    door: null,
    doors: [],
    listening: 'unknown',
    listeners: [],
    software: [],
    severity: 'low',
    likelihood: nothing,
    sinks: [],
    usdPerDay: nothing,
    derivation: {
      label: '',
      value: nothing,
      unit: 'usdPerDay',
      operation: 'given',
      note: null,
      source: null,
      parts: [],
    },
    why: [],
    usedIn: [],
    evidence: [],
  }
}

function surfaceOf(id: string): Surface {
  return {
    schema: SURFACE_SCHEMA,
    generatedAt: '2026-05-12T03:14:07.000000Z',
    tool: { name: 'davylamp', version: '0' },
    from: 'internet',
    usdPerDay: nothing,
    totals: { waysIn: 1, machines: 1, machinesReached: 1 },
    inputs: [],
    skipped: [],
    assets: [],
    exposures: [exposure(id)],
    hygiene: [],
    blocked: [],
    attackPaths: [],
    coverage: [],
    notes: [],
  }
}
