import { describe, expect, it } from 'vitest'
import { stagedSurface } from '../../../bench/plan/surface.ts'
import type { AwsCall } from '../change.ts'
import { measuresOf } from '../build-problem.ts'
import { parseRange } from '../../policy/address-set.ts'
import { sceneOf } from '../scene.ts'
import { CONTROLS } from './index.ts'
import { ADMIN_PORTS, PUBLIC_PORTS } from './open-ports.ts'

const surface = stagedSurface(400, 3)
const OPERATORS = ['198.51.100.0/24', '2001:db8:1::/48']
const known = { incidents: [], egress: new Map(), poolNames: ['pool.example'] }
const withOperators = measuresOf(CONTROLS, sceneOf(surface, { ...known, operators: OPERATORS }))
const withoutOperators = measuresOf(CONTROLS, sceneOf(surface, { ...known, operators: [] }))

function isIngress({ operation }: AwsCall): boolean {
  return operation.endsWith('security-group-ingress')
}

describe('controls', () => {
  it('have ids of their own, words, and a basis for every number', () => {
    expect(new Set(CONTROLS.map(({ id }) => id)).size).toBe(CONTROLS.length)
    for (const control of CONTROLS) {
      expect(control.id).toMatch(/^[a-z]+(?:-[a-z0-9]+)*$/u)
      expect(control.share).toBeGreaterThan(0)
      expect(control.share).toBeLessThan(1)
      expect(control.overhead.friction).toBeGreaterThanOrEqual(0)
      expect(control.overhead.friction).toBeLessThanOrEqual(10)
      for (const text of [control.title, control.what, control.shareBasis.why, control.overheadBasis.why])
        expect(text.length).toBeGreaterThan(3)
    }
  })

  it('give every measure an id of its own, a title and something to do or a reason why not', () => {
    expect(new Set(withOperators.map(({ id }) => id)).size).toBe(withOperators.length)
    for (const { draft } of withOperators) {
      expect(draft.title).not.toBe('')
      expect(draft.changes.length > 0 || draft.obstacle !== undefined, draft.title).toBe(true)
    }
  })

  it('act on what the surface shows, and have a way back for every command', () => {
    const ids = new Set([...surface.exposures, ...surface.hygiene].map(({ id }) => id))
    for (const { draft } of withOperators) {
      for (const effect of draft.effects)
        if (effect.on === 'exposure') expect(ids.has(effect.exposure)).toBe(true)
      for (const id of draft.closes) expect(ids.has(id)).toBe(true)
      for (const { aws } of draft.changes)
        if (aws !== undefined) expect(aws.revert.length, draft.title).toBeGreaterThan(0)
    }
  })

  it('let operators in before they shut anybody out of SSH and the like', () => {
    const changes = withOperators
      .filter(({ control }) => control.id === 'operators-only')
      .flatMap(({ draft }) =>
        draft.changes.flatMap(({ aws }) => (aws === undefined ? [] : [aws.apply.filter(isIngress)])),
      )
    expect(changes.length).toBeGreaterThan(0)
    for (const calls of changes) {
      expect(calls.map(({ operation }) => operation.split('-')[0])).toEqual(['authorize', 'revoke'])
      const allowed = JSON.stringify(calls[0]?.input)
      for (const network of OPERATORS) expect(allowed).toContain(network)
    }
  })

  it('touch no port of administration where nobody said who the operators are', () => {
    for (const { draft } of withoutOperators) {
      if (draft.obstacle !== undefined) continue
      for (const { aws, nft } of draft.changes) {
        for (const { portFrom, portTo } of nft?.input ?? [])
          expect(ADMIN_PORTS.some((port) => port >= portFrom && port <= portTo)).toBe(false)
        for (const { input } of aws?.apply.filter(isIngress) ?? [])
          expect(JSON.stringify(input)).not.toContain('"FromPort":22,')
      }
    }
  })

  it('close no port of a web site', () => {
    const web = new Set(
      surface.exposures.filter(({ portFrom }) => PUBLIC_PORTS.includes(portFrom ?? 0)).map(({ id }) => id),
    )
    expect(web.size).toBeGreaterThan(0)
    const closing = withOperators.filter(({ control }) => control.layer === 'reach')
    for (const { draft } of closing)
      for (const id of draft.closes) expect(web.has(id), draft.title).toBe(false)
  })

  it('allow in a firewall of a host what is a network, and nothing else', () => {
    const allowed = withOperators.flatMap(({ draft }) =>
      draft.changes.flatMap(({ nft }) => nft?.input.flatMap(({ allow }) => allow) ?? []),
    )
    for (const network of allowed) expect(parseRange(network)).not.toBeNull()
  })
})
