import { describe, expect, it } from 'vitest'
import { at, MINUTE_MS, T0 } from '../samples.ts'
import { type Settler, workUnheard } from './unheard.ts'

function settler(id: string, fields: Partial<Settler> & { steps?: readonly number[] } = {}): Settler {
  return { id, steps: [], logins: [], takeovers: [], evictions: [], ...fields }
}

function times(list: readonly number[]): number[] {
  return list.map(at)
}

function burn(from: number, to: number): { from: number; to: number; sharesAccepted: null } {
  return { from: at(from), to: at(to), sharesAccepted: null }
}

function told(settlers: readonly Settler[], burns: readonly ReturnType<typeof burn>[]): unknown {
  return Object.fromEntries(
    [...workUnheard(settlers, burns)].map(([id, stretches]) => [
      id,
      stretches.map(({ from, to }) => [(from - T0) / MINUTE_MS, (to - T0) / MINUTE_MS]),
    ]),
  )
}

const burns = [burn(60, 200)]

describe('who worked while nobody could hear it', () => {
  it('is who had just started something', () => {
    const [a, b] = [settler('a', { steps: times([20]) }), settler('b', { steps: times([59.5]) })]
    expect(told([a, b], burns)).toEqual({ b: [[59.5, 200]] })
  })

  it('is who had just logged in, where no step is seen', () => {
    expect(told([settler('a', { logins: times([50]) })], burns)).toEqual({ a: [[60, 200]] })
  })

  it('is nobody where nobody did anything', () => {
    expect(told([settler('a', { steps: times([-120]) })], burns)).toEqual({})
  })

  it('is who threw the one before out, from its own start on', () => {
    const a = settler('a', { steps: times([59]), evictions: [{ time: at(120), by: 'b' }] })
    const b = settler('b', { steps: times([118, 121]) })
    expect(told([a, b], burns)).toEqual({ a: [[59, 121]], b: [[121, 200]] })
  })

  it('is who cleared the machine, by whatever names', () => {
    const a = settler('a', { steps: times([59]) })
    const b = settler('b', { steps: times([120.5]), takeovers: times([120]) })
    expect(told([a, b], burns)).toEqual({ a: [[59, 120.5]], b: [[120.5, 200]] })
  })

  it('goes back and forth', () => {
    const a = settler('a', {
      steps: times([59, 150]),
      evictions: [{ time: at(120), by: 'b' }],
      takeovers: times([150]),
    })
    const b = settler('b', { steps: times([120]) })
    expect(told([a, b], burns)).toEqual({
      a: [
        [59, 120],
        [150, 200],
      ],
      b: [[120, 150]],
    })
  })

  it('is the same again after a break, unless people cleared it away', () => {
    const a = settler('a', { steps: times([59]) })
    const again = [burn(60, 100), burn(120, 200)]
    expect(told([a], again)).toEqual({
      a: [
        [59, 100],
        [120, 200],
      ],
    })
    const cleared = { ...a, evictions: [{ time: at(100), by: null }], steps: times([59]) }
    expect(told([cleared], [burn(60, 100), burn(140, 200)])).toEqual({ a: [[59, 100]] })
  })

  it('ends with any number of blows', () => {
    const blows = Array.from({ length: 5000 }, (_, i) => at(62 + i / 40))
    const a = settler('a', { steps: times([59]), evictions: blows.map((time) => ({ time, by: 'b' })) })
    const b = settler('b', { evictions: blows.map((time) => ({ time: time + 700, by: 'a' })) })
    expect(Object.keys(told([a, b], burns) as object).toSorted()).toEqual(['a', 'b'])
  })
})
