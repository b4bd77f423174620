import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readRuleFiles } from '../../src/cli/sigma-rules.ts'
import type { LogSource } from '../../src/event/log-record.ts'
import { loadIntel } from '../../src/intel/load.ts'
import { RuleRun } from '../../src/pipeline/rule-run.ts'
import { bindRules } from '../../src/sigma/rule-book.ts'
import { EVERYDAY } from './everyday-cloud.ts'
import { EVERYDAY_AZURE, EVERYDAY_GCP } from './everyday-other-clouds.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const CORPUS = join(ROOT, '..', 'shared', 'corpus')
const RECORDINGS = join(CORPUS, 'cloudtrail', 'stratus')
const ABSENT = 'the corpus is not beside the repository'

const book = bindRules(readRuleFiles([join(ROOT, 'rules', 'cloud')]))
const titleByName = new Map(
  [...book.rules.rules, ...book.correlations.correlations.map(({ correlation }) => correlation)].map(
    ({ name, title }) => [name ?? '', title],
  ),
)
const AWS = { product: 'aws', service: 'cloudtrail' }
const GCP = { product: 'gcp', service: 'gcp.audit' }
const AZURE = { product: 'azure', service: 'activitylogs' }
const RANK = ['info', 'informational', 'low', 'medium', 'high', 'critical']
type Fields = Record<string, unknown>

/** Titles of what fired on records of one log, with its level. */
function fired(records: readonly Fields[], logSource: LogSource): Map<string, string> {
  const levels = new Map<string, string>()
  const run = new RuleRun(book, loadIntel(), ({ title, severity }) => levels.set(title, severity))
  const timed = records.map((fields) => ({ fields, time: timeOf(fields) }))
  for (const [line, { fields, time }] of timed.toSorted((a, b) => a.time - b.time).entries()) {
    const witness = { observer: 'account:123456789012', subjects: ['account:123456789012'] } as const
    const origin = { source: 'test', file: 'recording', line: line + 1, offset: line, raw: '' }
    for (const match of run.matchesOf({
      logSource,
      fields,
      time,
      timeQuality: 'exact',
      ...witness,
      origin,
    }))
      if (!run.correlate(match).isSilent) levels.set(match.title, match.level)
    run.advance(time)
  }
  run.settle()
  return levels
}

function timeOf({ eventTime }: Fields): number {
  return typeof eventTime === 'string' ? Date.parse(eventTime) : 0
}

function worst(levels: ReadonlyMap<string, string>): number {
  return Math.max(0, ...[...levels.values()].map((level) => RANK.indexOf(level)))
}

/** Technique → rules of which one must name it; none: nothing above `low`. */
const TECHNIQUES: readonly (readonly [recording: string, names: readonly string[]])[] = [
  ['credential-access.ec2-steal-instance-credentials', ['machine_credentials_taken']],
  ['credential-access.secretsmanager-retrieve-secrets', []],
  ['defense-evasion.cloudtrail-delete', ['trail_deleted']],
  ['defense-evasion.cloudtrail-stop', ['trail_stopped']],
  ['defense-evasion.organizations-leave', ['organization_left']],
  ['discovery.ec2-download-user-data', []],
  ['execution.ec2-launch-unusual-instances', ['large_launch_refused', 'large_launch_many']],
  ['execution.ec2-user-data', []],
  ['execution.ssm-start-session', []],
  ['exfiltration.ec2-share-ami', []],
  ['exfiltration.rds-share-snapshot', []],
  ['initial-access.console-login-without-mfa', ['login_without_factor']],
  ['lateral-movement.ec2-serial-console-send-ssh-public-key', []],
  ['persistence.iam-backdoor-user', ['key_for_another']],
  ['persistence.iam-create-backdoor-role', ['role_backdoor', 'role_trusts_stranger']],
  ['persistence.lambda-backdoor-function', ['function_opened']],
  ['persistence.lambda-overwrite-code', []],
  ['persistence.sts-federation-token', ['federation_token']],
]

describe.skipIf(!existsSync(RECORDINGS))(`recorded techniques (skipped where ${ABSENT})`, () => {
  it('are all in the table', () => {
    const recorded = readdirSync(RECORDINGS).map((file) => file.replace(/^aws\.|\.json$/gu, ''))
    expect(recorded.toSorted()).toEqual(TECHNIQUES.map(([name]) => name).toSorted())
  })

  it.each(TECHNIQUES)('%s', (recording, names) => {
    const text = readFileSync(join(RECORDINGS, `aws.${recording}.json`), 'utf8')
    const levels = fired(z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(text)), AWS)
    if (names.length === 0) {
      expect(worst(levels)).toBeLessThanOrEqual(RANK.indexOf('low'))
      return
    }
    const naming = names.flatMap((name) => levels.get(titleByName.get(name) ?? name) ?? [])
    expect(naming.length).toBeGreaterThan(0)
    expect(Math.max(...naming.map((level) => RANK.indexOf(level)))).toBeGreaterThanOrEqual(
      RANK.indexOf('medium'),
    )
  })
})

describe('everyday work in an account', () => {
  it.each(Object.entries(EVERYDAY))('%s is worth no more than `low`', (_what, calls) => {
    const levels = fired(
      calls.map((fields, second) => ({ ...fields, eventTime: at(second) })),
      AWS,
    )
    expect([...levels].filter(([, level]) => RANK.indexOf(level) > RANK.indexOf('low'))).toEqual([])
  })

  it.each([
    ...Object.entries(EVERYDAY_GCP).map(
      ([what, records]) => [`${what} (Google Cloud)`, records, GCP] as const,
    ),
    ...Object.entries(EVERYDAY_AZURE).map(([what, records]) => [`${what} (Azure)`, records, AZURE] as const),
  ])('%s is worth no more than `low`', (_what, records, logSource) => {
    const levels = fired(
      records.map((fields, second) => ({ ...fields, eventTime: at(second) })),
      logSource,
    )
    expect([...levels].filter(([, level]) => RANK.indexOf(level) > RANK.indexOf('low'))).toEqual([])
  })
})

function at(second: number): string {
  return new Date(Date.UTC(2026, 4, 12, 3, 0, second)).toISOString()
}
