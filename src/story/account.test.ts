import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Asset } from '../assets/asset.ts'
import type { Finding } from '../event/finding.ts'
import { callersOf, isAccount } from './account.ts'
import { Moments } from './moment.ts'
import { finding, host, incident, START } from './samples/findings.ts'
import { summaryOf, titleOf } from './summary.ts'
import { todoOf } from './todo.ts'

const ACCOUNT = '123456789012'
const account = (value: string): Asset => ({
  id: value,
  names: [value],
  identifiers: [`account:${value}`],
  joins: [],
  machine: null,
})

/** A rule that held on records of that source. */
function rule(raws: readonly string[], attack: readonly string[], source = 'cloudtrail'): Finding {
  return finding(0, 'a rule held', {
    rule: 'a-rule',
    attack: [...attack],
    stage: 'foothold',
    facts: host('rule', {}),
    evidence: raws.map((raw, at) => ({
      source,
      file: 'trail.json',
      line: at + 1,
      offset: at,
      raw,
      time: START,
    })),
  })
}

const by = (arn: string, key = 'ASIAEXAMPLEEXAMPLE00'): string =>
  `{"eventVersion":"1.09","userIdentity":{"type":"x","arn":"arn:aws:${arn}","accessKeyId":"${key}","acc`
const storyOf = (findings: readonly Finding[], value = ACCOUNT): ReturnType<typeof incident> =>
  incident({ asset: account(value), findings: [...findings], tenures: [] })

describe('who called', () => {
  it.each([
    [
      `iam::${ACCOUNT}:user/ops/build`,
      'AKIAEXAMPLEEXAMPLE00',
      [{ kind: 'user', name: 'build', accessKeyId: 'AKIAEXAMPLEEXAMPLE00' }],
    ],
    [`iam::${ACCOUNT}:user/build`, '***', [{ kind: 'user', name: 'build', accessKeyId: null }]],
    [`sts::${ACCOUNT}:assumed-role/web/i-0aaaaaaaaaaaaaaa1`, '', [{ kind: 'role', name: 'web' }]],
    [`iam::${ACCOUNT}:root`, '', [{ kind: 'root' }]],
    [`sts::${ACCOUNT}:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling`, '', []],
    [`sts::${ACCOUNT}:federated-user/x`, '', []],
  ])('%s', (arn, key, expected) => {
    expect(callersOf(storyOf([rule([by(arn, key)], [])]))).toEqual(expected)
  })

  it('is told once each, and at most three of them', () => {
    const raws = ['a', 'b', 'a', 'c', 'd'].map((name) => by(`iam::${ACCOUNT}:user/${name}`))
    expect(callersOf(storyOf([rule(raws, [])])).map((one) => one.kind === 'user' && one.name)).toEqual([
      'a',
      'b',
      'c',
    ])
  })
})

describe('the story of an account', () => {
  it('speaks of no machine', () => {
    for (const told of [
      storyOf([rule([by(`iam::${ACCOUNT}:user/build`)], ['T1496.001', 'T1685'])]),
      storyOf([rule(['{"kind":"Event"}'], ['T1610'], 'kubernetes-audit')], 'kubernetes'),
      storyOf([rule(['{}'], ['T1098'], 'gcp-audit')], 'a-project'),
    ]) {
      const text = [titleOf(told), ...summaryOf(told, new Moments('UTC')).map((sentence) => sentence.text)]
      expect(text.join(' ')).not.toMatch(/machine|mines on|SSH/u)
      expect(todoOf(told).length).toBeGreaterThan(2)
      expect(JSON.stringify(todoOf(told))).not.toMatch(/disk|auth\.log|iptables|\/root/u)
    }
  })

  it('names who was used and what is taken', () => {
    const told = storyOf([rule([by(`iam::${ACCOUNT}:user/build`)], ['T1496.001'])])
    expect(titleOf(told)).toBe(`Somebody hijacks computing power in the account ${ACCOUNT}`)
    expect(summaryOf(told, new Moments('UTC'))[0]?.text).toContain('as the user build on')
  })

  it('knows a machine that has an account’s name beside its own', () => {
    expect(isAccount(account(ACCOUNT))).toBe(true)
    expect(isAccount({ ...account(ACCOUNT), identifiers: ['host:web-1', `account:${ACCOUNT}`] })).toBe(false)
  })

  it.each(['build', 'a.b@example.org', 'x+y=z,_-'])('gives commands for %s', (name) => {
    const raws = [
      by(`iam::${ACCOUNT}:user/${name}`, 'AKIAEXAMPLEEXAMPLE00'),
      by(`sts::${ACCOUNT}:assumed-role/${name}/s`),
    ]
    const [user = '', role = ''] = commandsOf(raws)
    expect(wordsOf(user)).toEqual(
      expect.arrayContaining(['attach-user-policy', 'update-access-key', name, 'AKIAEXAMPLEEXAMPLE00']),
    )
    const words = wordsOf(role)
    expect(words).toContain(name)
    expect(JSON.parse(words[words.indexOf('--policy-document') + 1] ?? '')).toMatchObject({
      Statement: [{ Effect: 'Deny' }],
    })
  })

  it.each(["a'; rm -rf / #", '$(id)', '`id`', 'a\nb'])('names nobody who cannot be: %j', (name) => {
    const commands = commandsOf([by(`iam::${ACCOUNT}:user/${name}`)])
    expect(commands.length).toBeGreaterThan(2)
    expect(commands.filter((command) => command.includes(name))).toEqual([])
  })
})

function commandsOf(raws: readonly string[]): string[] {
  return todoOf(storyOf([rule(raws, ['T1496.001', 'T1685.002'])])).flatMap(({ command }) => command ?? [])
}

/** What a shell hands to `aws`, a word a line. */
function wordsOf(command: string): string[] {
  const shell = `aws() { printf '%s\\n' "$@"; }; ${command}`
  const { stdout, stderr } = spawnSync('sh', ['-c', shell], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.split('\n')
}
