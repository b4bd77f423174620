import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.ts'
import { globMatches } from './glob.ts'
import { parsePolicy, type Statement } from './policy.ts'

function statements(...list: readonly object[]): Statement[] {
  return parsePolicy({ Version: '2012-10-17', Statement: list }) ?? []
}

const RUN = 'ec2:RunInstances'
const allow = (action: string, more: object = {}): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: '*',
  ...more,
})
const deny = (action: string, more: object = {}): object => ({
  Effect: 'Deny',
  Action: action,
  Resource: '*',
  ...more,
})
const region = (operator: string, ...regions: readonly string[]): object => ({
  Condition: { [operator]: { 'aws:RequestedRegion': regions } },
})

describe('evaluate', () => {
  it.each([
    ['nothing said', [], 'denied'],
    ['by name', [allow('ec2:RunInstances')], 'allowed'],
    ['in other letters', [allow('EC2:runinstances')], 'allowed'],
    ['by a star', [allow('*')], 'allowed'],
    ['by a star within', [allow('ec2:Run*')], 'allowed'],
    ['by a question mark', [allow('ec2:RunInstance?')], 'allowed'],
    ['another action', [allow('ec2:Describe*')], 'denied'],
    ['in a list', [{ Effect: 'Allow', Action: ['s3:*', 'ec2:RunInstances'], Resource: ['*'] }], 'allowed'],
    [
      'everything but others',
      [{ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' }],
      'allowed',
    ],
    ['everything but this', [{ Effect: 'Allow', NotAction: 'ec2:*', Resource: '*' }], 'denied'],
    ['a Deny wins', [allow('*'), deny('ec2:*')], 'denied'],
    ['a Deny wins in any order', [deny('ec2:RunInstances'), allow('ec2:*')], 'denied'],
    [
      'a Deny of everything but other actions',
      [allow('*'), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }],
      'denied',
    ],
    ['a Deny of something else', [allow('*'), deny('s3:*')], 'allowed'],
    [
      'a Deny on some resources',
      [allow('*'), deny('ec2:*', { Resource: 'arn:aws:ec2:*:*:volume/*' })],
      'allowed',
    ],
    [
      'a Deny under a condition',
      [allow('*'), deny('*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } })],
      'allowed',
    ],
    [
      'under a condition',
      [allow('ec2:*', { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } })],
      'limited',
    ],
    [
      'on one named resource',
      [allow('ec2:*', { Resource: 'arn:aws:ec2:us-east-1:111122223333:instance/i-0abc' })],
      'limited',
    ],
    ['on all resources of a kind', [allow('ec2:*', { Resource: 'arn:aws:ec2:*:*:*' })], 'allowed'],
  ] as const)('%s', (_, list, answer) => {
    expect(evaluate(RUN, statements(...list), null).answer).toBe(answer)
  })

  it.each([
    ['the boundary allows it', [allow('ec2:*')], 'allowed'],
    ['the boundary does not name it', [allow('s3:*')], 'denied'],
    ['the boundary denies it', [allow('*'), deny('ec2:*')], 'denied'],
    [
      'the boundary allows it under a condition',
      [allow('*', { Condition: { Bool: { 'aws:ViaAWSService': 'true' } } })],
      'limited',
    ],
  ] as const)('%s', (_, boundary, answer) => {
    expect(evaluate(RUN, statements(allow('*')), statements(...boundary)).answer).toBe(answer)
  })

  it.each([
    [
      'an Allow in some',
      [allow('*', region('StringEquals', 'us-east-1', 'eu-west-1'))],
      ['us-east-1', 'eu-west-1'],
    ],
    [
      'a Deny outside of some',
      [allow('*'), deny('*', region('StringNotEquals', 'eu-west-1'))],
      ['eu-west-1'],
    ],
    [
      'both',
      [
        allow('*', region('StringEquals', 'us-east-1', 'eu-west-1')),
        deny('*', region('StringNotEquals', 'eu-west-1')),
      ],
      ['eu-west-1'],
    ],
    ['an Allow everywhere besides', [allow('*', region('StringEquals', 'us-east-1')), allow('ec2:*')], null],
  ] as const)('knows regions: %s', (_, list, regions) => {
    expect(evaluate(RUN, statements(...list), null)).toMatchObject({ answer: 'allowed', regions })
  })

  it('says what it did not evaluate', () => {
    const said = evaluate(
      RUN,
      statements(allow('ec2:*', { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } })),
      null,
    )
    expect(said.notEvaluated).toEqual(['an Allow under aws:sourceip'])
  })
})

describe('parsePolicy', () => {
  it.each([
    ['an object', { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
    ['JSON', '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'],
    [
      'JSON as IAM answers it',
      encodeURIComponent('{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'),
    ],
  ])('reads %s', (_, document) => {
    expect(parsePolicy(document)).toMatchObject([{ isAllow: true, actions: ['*'] }])
  })

  it.each([null, 7, 'no policy', '%', '[1]', []])('takes %s for none', (document) => {
    expect(parsePolicy(document)).toBeNull()
  })

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const list = parsePolicy({ Statement: value }) ?? []
        expect(['allowed', 'limited', 'denied']).toContain(evaluate(RUN, list, list).answer)
      }),
      { seed: 6, numRuns: 200 },
    )
  })
})

describe('globMatches', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '*', '?', ':'), maxLength: 8 })

  it('agrees with the pattern written as a regular expression', () => {
    fc.assert(
      fc.property(piece, piece, (pattern, text) => {
        const source = pattern.replaceAll('?', '.').replaceAll('*', '.*')
        expect(globMatches(pattern, text)).toBe(new RegExp(`^${source}$`, 'iu').test(text))
      }),
      { seed: 6, numRuns: 500 },
    )
  })

  it('takes patterns that are made to take forever', () => {
    expect(globMatches(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000))).toBe(false)
  })
})
