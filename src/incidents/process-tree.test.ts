import { describe, expect, it } from 'vitest'
import type { Finding } from '../event/finding.ts'
import { isOnTree, treeOf } from './process-tree.ts'
import { act, at, deed, fought, mined } from './samples.ts'

/** What process 100, a child of 90, is known to have done for an intruder. */
const SURE = deed('sure', 0, { pid: 100, ppid: 90 })

function context(
  id: string,
  pid: number | null,
  ppid: number | null,
  minutes = 1,
  session: string | null = null,
) {
  return deed(id, minutes, { pid, ppid, session }, { stage: 'context', severity: 'low' })
}

/** Which of these are theirs. */
function theirs(
  others: readonly Finding[],
  sure: readonly Finding[] = [SURE],
  visits: readonly number[] = [],
) {
  const tree = treeOf(sure, [...sure, ...others], visits)
  return others.filter((finding) => isOnTree(finding, tree)).map(({ id }) => id)
}

describe('what is of the tree of a sure step', () => {
  it.each<[string, Finding, boolean]>([
    ['the same process', context('x', 100, 90), true],
    ['its parent', context('x', 90, 80), true],
    ['its child', context('x', 110, 100), true],
    ['its sibling', context('x', 101, 90), true],
    ['nobody it knows', context('x', 200, 190), false],
    ['no process', context('x', null, null), false],
    ['a child in a session', context('x', 110, 100, 1, '57'), false],
    ['a child ten minutes later', context('x', 110, 100, 10), true],
    ['the same number later', context('x', 110, 100, 10.1), false],
    ['a child ten minutes before', context('x', 110, 100, -10), true],
    ['the same number before', context('x', 110, 100, -10.1), false],
    ['a fight of a child', fought('x', [act(1, { pid: 110, ppid: 100 })]), true],
    [
      'a fight in part of a session',
      fought('x', [act(1, { pid: 110, ppid: 100 }), act(1, { pid: 5, session: '57' })]),
      false,
    ],
    ['mining on the wire', mined('x', 1, 2), false],
  ])('%s', (_what, finding, isTheirs) => {
    expect(theirs([finding])).toEqual(isTheirs ? ['x'] : [])
  })

  it('is what it did again, long after', () => {
    const again = deed('sure', 0, { pid: 100, otherProcesses: [{ pid: 300, ppid: 90, time: at(60) }] })
    const late = [context('of the first', 110, 100, 61), context('of the last', 310, 300, 61)]
    expect(theirs(late, [again])).toEqual(['of the last'])
  })

  it('is what it did again, where no process was known at first', () => {
    const again = deed('sure', 0, { pid: null, otherProcesses: [{ pid: 100, ppid: 90, time: at(1) }] })
    expect(theirs([context('x', 110, 100)], [again])).toEqual(['x'])
  })

  it('is no sibling where both lost their parent', () => {
    expect(theirs([context('x', 200, 1)], [deed('sure', 0, { pid: 100, ppid: 1 })])).toEqual([])
  })

  it('is nothing where a session tells whose the sure step was', () => {
    expect(theirs([context('x', 110, 100)], [deed('sure', 0, { pid: 100, session: '57' })])).toEqual([])
  })
})

describe('what lies between', () => {
  const chain = Array.from({ length: 6 }, (_, index) =>
    context(`child ${index + 1}`, 110 + 10 * index, 100 + 10 * index),
  )

  it('joins whom other findings of the same processes tell of', () => {
    const between = context('shell', 91, 80)
    const far = context('far', 92, 91)
    expect(theirs([far], [deed('sure', 0, { pid: 100, ppid: 91 })])).toEqual(['far'])
    expect(theirs([context('cousin', 70, 80)], [deed('sure', 0, { pid: 100, ppid: 91 })])).toEqual([])
    expect(theirs([between, context('cousin', 70, 80)], [deed('sure', 0, { pid: 100, ppid: 91 })])).toEqual([
      'shell',
      'cousin',
    ])
  })

  it('reaches four generations, in whatever order it was found', () => {
    const near = ['child 1', 'child 2', 'child 3', 'child 4']
    expect(theirs(chain)).toEqual(near)
    expect(theirs(chain.toReversed())).toEqual(near.toReversed())
  })

  it('is not reached by way of a session', () => {
    const [first, ...others] = chain
    expect(first).toBeDefined()
    expect(theirs([context('login', 110, 100, 1, '57'), ...others])).toEqual([])
  })

  it('does not take along what an unrelated process did the same', () => {
    const shared = deed('shared', 1, {
      pid: 500,
      ppid: 490,
      otherProcesses: [{ pid: 110, ppid: 100, time: at(1) }],
    })
    expect(theirs([shared, context('of another', 510, 500)])).toEqual(['shared'])
  })
})

describe('what begins when somebody outside spoke to a container engine', () => {
  it.each<[string, number, boolean]>([
    ['at once', 0, true],
    ['a minute later', 1, true],
    ['later than that', 1.1, false],
    ['by a clock that is behind', -5 / 60, true],
    ['before', -0.1, false],
  ])('%s', (_what, minutes, isTheirs) => {
    const visits = [at(30)]
    const told = context('told', 700, 690, 30 + minutes)
    expect(theirs([told], [], visits)).toEqual(isTheirs ? ['told'] : [])
  })

  it('is theirs with its children, and what a login does meanwhile is not', () => {
    const findings = [
      context('told', 700, 690, 30),
      context('child', 710, 700, 35),
      context('login', 800, 790, 30, '57'),
    ]
    expect(theirs(findings, [], [at(30)])).toEqual(['told', 'child'])
  })

  it('is not what another process did the same long before', () => {
    const shared = deed('shared', 0, {
      pid: 500,
      ppid: 490,
      otherProcesses: [{ pid: 700, ppid: 690, time: at(30) }],
    })
    expect(theirs([shared, context('of another', 510, 500, 1)], [], [at(30)])).toEqual(['shared'])
  })
})
