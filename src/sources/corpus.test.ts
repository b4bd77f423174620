import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import { SOURCES } from './index.ts'
import { readTexts } from './samples/read-texts.ts'
import type { Source } from './source.ts'

const corpus = resolve(import.meta.dirname, '../../../shared/corpus/logs')
const hub = join(corpus, 'crowdsec-hub')
const isHere = existsSync(hub)
if (!isHere) console.info(`skipped: no corpus at ${hub}`)

/** Which source should know a log by its content. */
const EXPECTED: Readonly<Record<string, string>> = {
  'apache-cve-2021-41773': 'access-log',
  'apache-http-probing': 'access-log',
  'apache2-logs': 'access-log',
  'apache_log4j2_cve-2021-44228': 'access-log',
  'k8s-audit-pod-exec-file': 'kubernetes-audit',
  'nginx-bad-user-agent': 'access-log',
  'nginx-http-backdoor': 'access-log',
  'nginx-http-malformed': 'access-log',
  'nginx-http-path-traversal': 'access-log',
  'nginx-http-sqli-probing': 'access-log',
  'nginx-http-xss-probing': 'access-log',
  'nginx-proxy-manager-malformed': 'access-log',
  'nginx_http-logs': 'access-log',
  'pam-logs': 'syslog',
  'suricata-logs-evelog': 'suricata',
}

function sourceOf(head: Uint8Array): Source | null {
  const scores = SOURCES.map((source) => ({ source, score: source.recognise(head) }))
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a))
  return best.score > 0.1 ? best.source : null
}

function logOf(folder: string): Buffer {
  const [log = ''] = globSync('*.log', { cwd: join(hub, folder) })
  return readFileSync(join(hub, folder, log))
}

/** What a parser is asserted to find under one of these names in its results, each value once. */
function asserted(folder: string, names: readonly string[]): string[] {
  const text = globSync('*.assert', { cwd: join(hub, folder) })
    .map((file) => readFileSync(join(hub, folder, file), 'utf8'))
    .join('\n')
  const pattern = new RegExp(
    String.raw`\["s01-parse"\].*\.Evt\.(?:Meta|Parsed)\["(?:${names.join('|')})"\] == "(.*)"`,
    'gu',
  )
  const values = Array.from(text.matchAll(pattern), ([, value]) => (value ?? '').replaceAll('\\"', '"'))
  return [...new Set(values)].filter((value) => value !== '' && value !== '-')
}

async function read(folder: string) {
  const text = logOf(folder)
  const source = sourceOf(text.subarray(0, 65_536))
  if (source === null) throw new Error(`${folder} was not recognised`)
  const { events, reports } = await readTexts(source, [{ name: folder, text }])
  return { source: source.id, events, report: reports[0] }
}

const httpEvents = (events: readonly Event[]) => events.filter((event) => event.kind === 'http')

describe.skipIf(!isHere)('logs of the corpus', () => {
  it.each(Object.entries(EXPECTED))('%s is read by %s, and makes sense', async (folder, id) => {
    const { source, events, report } = await read(folder)
    expect(source).toBe(id)
    expect(events.length).toBeGreaterThan(0)
    expect(report?.bad).toBe(0)
  })

  const webLogs = ['apache2-logs', 'nginx_http-logs', 'nginx-http-malformed', 'nginx-proxy-manager-malformed']
  it.each(webLogs)('%s: clients, answers, agents and users as asserted', async (folder) => {
    const events = httpEvents((await read(folder)).events)
    const clients = new Set(events.map(({ srcIp }) => srcIp))
    const told = {
      status: new Set(events.map(({ status }) => String(status))),
      agent: new Set(events.map(({ userAgent }) => userAgent)),
      user: new Set(events.map(({ user }) => user)),
      verb: new Set(events.map(({ method }) => method)),
    }
    // Addresses of error lines are not told: those lines are only counted.
    const access = logOf(folder)
      .toString()
      .split('\n')
      .filter((line) => !/^(?:\[|\d{4}\/)/u.test(line))
    const own = (values: readonly string[]) =>
      values.filter((value) => access.some((line) => line.includes(value)))
    const missing = (values: readonly string[], set: ReadonlySet<string | null>) =>
      own(values).filter((value) => !set.has(value))
    expect(missing(asserted(folder, ['source_ip']), clients)).toEqual([])
    expect(missing(asserted(folder, ['http_status', 'status']), told.status)).toEqual([])
    expect(missing(asserted(folder, ['http_user_agent']), told.agent)).toEqual([])
    expect(missing(asserted(folder, ['http_verb', 'verb']), told.verb)).toEqual([])
    expect(missing(asserted(folder, ['remote_user']), told.user)).toEqual([])
  })

  it('pam-logs: whoever was asserted to fail, and as often', async () => {
    const { events } = await read('pam-logs')
    expect(asserted('pam-logs', ['username'])).toEqual(['zbadguy'])
    expect(
      events.map((event) => (event.kind === 'auth' ? `${event.outcome} ${event.user}` : event.kind)),
    ).toEqual(['failure zbadguy', 'failure zbadguy'])
  })

  it('suricata-logs-evelog: every alert by its rule, flows by their ends', async () => {
    const { events } = await read('suricata-logs-evelog')
    const lines = logOf('suricata-logs-evelog').toString().trim().split('\n')
    const alerts = lines.flatMap((line) => /"signature":"([^"]+)"/u.exec(line)?.[1] ?? [])
    expect(events.flatMap((event) => (event.kind === 'alert' ? [event.title] : [])).toSorted()).toEqual(
      alerts.toSorted(),
    )
    expect(events.filter(({ kind }) => kind === 'flow')).toHaveLength(2)
  })

  it('Kubernetes audit events of Panther’s tests make sense', async () => {
    const logs = kubernetesSamples()
    expect(logs.length).toBeGreaterThan(50)
    for (const log of logs) {
      // Tests leave the times out, which every real record has.
      const text = JSON.stringify({ stageTimestamp: '2026-05-12T03:14:05Z', ...log })
      const source = sourceOf(Buffer.from(text))
      expect(source?.id, text).toBe('kubernetes-audit')
      if (source === null) continue
      const { events } = await readTexts(source, [{ name: 'audit', text }])
      expect(events, text).toHaveLength(1)
      expect(events[0]).toMatchObject({ kind: 'cloud-api', provider: 'kubernetes' })
    }
  })
})

/** Logs of EKS in the tests of the rules. */
function kubernetesSamples(): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = []
  for (const file of globSync('panther/kubernetes_rules/*.yml', { cwd: corpus }).toSorted()) {
    const rule: unknown = load(readFileSync(join(corpus, file), 'utf8'))
    const tests: unknown = typeof rule === 'object' && rule !== null && 'Tests' in rule ? rule.Tests : []
    for (const test of Array.isArray(tests) ? (tests as { Log?: Record<string, unknown> }[]) : []) {
      const { Log: log } = test
      if (log?.['p_log_type'] === 'Amazon.EKS.Audit' && log['kind'] === 'Event') found.push(log)
    }
  }
  if (found.length === 0) throw new Error(`no samples in ${basename(corpus)}`)
  return found
}
