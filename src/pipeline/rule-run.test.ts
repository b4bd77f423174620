import { describe, expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import type { Finding } from '../event/finding.ts'
import type { LogRecord } from '../event/log-record.ts'
import { loadIntel } from '../intel/load.ts'
import { bindRules } from '../sigma/rule-book.ts'
import { RuleRun } from './rule-run.ts'

const WEB = `
title: A shell in the path
id: 11111111-1111-4111-8111-111111111111
logsource: { category: webserver }
detection: { sel: { cs-uri-stem|contains: /shell } , condition: sel }
level: high
`

const PARENT = `
title: A server starts a shell
id: 22222222-2222-4222-8222-222222222222
logsource: { product: linux, category: process_creation }
detection: { sel: { ParentImage|endswith: /java, Image|endswith: /sh } , condition: sel }
level: high
`

const BURST = `
title: base
id: 33333333-3333-4333-8333-333333333333
name: probe
logsource: { product: aws, service: cloudtrail }
detection: { sel: { eventName: GetServiceQuota } , condition: sel }
level: low
---
title: Quotas asked for in many regions
id: 44444444-4444-4444-8444-444444444444
correlation:
  type: value_count
  rules: [probe]
  group-by: [userIdentity.arn]
  timespan: 10m
  condition: { gte: 3, field: awsRegion }
level: high
`

const origin = { source: 'test', file: 'x.log', line: 1, offset: 0, raw: 'raw' }
const base = {
  time: 1000,
  timeQuality: 'exact' as const,
  observer: 'host:web-1',
  subjects: ['host:web-1'],
  origin,
}

function run(...texts: readonly string[]): { rules: RuleRun; findings: Finding[] } {
  const findings: Finding[] = []
  const book = bindRules(texts.map((text, at) => ({ file: `${at}.yml`, text })))
  expect(book.problems).toEqual([])
  return { rules: new RuleRun(book, loadIntel(), (finding) => findings.push(finding)), findings }
}

function request(offset: number): Event {
  return {
    ...base,
    origin: { ...origin, offset },
    kind: 'http',
    role: 'server',
    srcIp: '203.0.113.9',
    srcHost: null,
    dstIp: null,
    dstPort: null,
    user: null,
    method: 'GET',
    host: null,
    path: '/shell.jsp',
    query: null,
    protocol: null,
    status: 200,
    bytes: null,
    seconds: null,
    referrer: null,
    userAgent: null,
  }
}

function started(pid: number, ppid: number, exe: string): Event {
  return {
    ...base,
    kind: 'process',
    action: 'exec',
    actor: { pid, ppid, exe, name: null, uid: 0, loginUid: null, session: null, tty: null },
    args: [exe],
    commandLine: exe,
    cwd: null,
    paths: [exe],
    isSuccess: true,
    targetPid: null,
    key: null,
  }
}

function call(at: number, awsRegion: string): LogRecord {
  return {
    ...base,
    time: at,
    logSource: { product: 'aws', service: 'cloudtrail' },
    fields: { eventName: 'GetServiceQuota', awsRegion, userIdentity: { arn: 'arn:aws:iam::1:user/a' } },
  }
}

describe('rules of one reading', () => {
  it('hold once where both the record and its event are looked at', () => {
    const { rules } = run(WEB)
    const fields = { 'cs-uri-stem': '/shell.jsp' }
    const record = { ...base, origin: { ...origin, offset: 7 }, logSource: { category: 'webserver' }, fields }
    expect(rules.matchesOf(record).map(({ title }) => title)).toEqual(['A shell in the path'])
    expect(rules.matchesOn(request(7))).toEqual([])
    expect(rules.matchesOn(request(90)).length).toBe(1)
  })

  it('know the parent of a process that was seen to start', () => {
    const { rules } = run(PARENT)
    expect(rules.matchesOn(started(10, 1, '/usr/bin/java'))).toEqual([])
    expect(rules.matchesOn(started(11, 10, '/usr/bin/sh')).length).toBe(1)
    expect(rules.matchesOn(started(12, 9, '/usr/bin/sh'))).toEqual([])
  })

  it('carry the fields that correlations ask for, and speak through them', () => {
    const { rules, findings } = run(BURST)
    for (const [at, region] of ['eu-west-1', 'eu-west-1', 'us-east-1', 'sa-east-1'].entries()) {
      for (const match of rules.matchesOf(call(at * 1000, region))) {
        expect(match.fields).toEqual({ awsRegion: region, 'userIdentity.arn': 'arn:aws:iam::1:user/a' })
        expect(rules.correlate(match)).toEqual({ isSilent: true })
      }
      rules.advance(at * 1000)
    }
    rules.settle()
    expect(findings.map(({ rule, title, severity, stage }) => ({ rule, title, severity, stage }))).toEqual([
      {
        rule: '44444444-4444-4444-8444-444444444444',
        title: 'Quotas asked for in many regions',
        severity: 'high',
        stage: 'foothold',
      },
    ])
  })
})
