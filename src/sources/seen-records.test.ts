import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { SeenRecords } from './seen-records.ts'

/** The same, counted in the plainest way. */
class PlainCount {
  readonly #tallies = new Map<string, { time: number; admitted: number; counts: Map<number, number> }>()

  admit(identity: string, time: number, input: number): boolean {
    let tally = this.#tallies.get(identity)
    if (tally === undefined || tally.time !== time) {
      tally = { time, admitted: 0, counts: new Map() }
      this.#tallies.set(identity, tally)
    }
    const count = (tally.counts.get(input) ?? 0) + 1
    tally.counts.set(input, count)
    if (count <= tally.admitted) return false
    tally.admitted = count
    return true
  }
}

it('admits as many of a record as the input that has most of them', () => {
  const Sighting = fc.tuple(fc.integer({ min: 0, max: 600 }), fc.nat(1), fc.integer({ min: 1, max: 6 }))
  fc.assert(
    fc.property(fc.array(Sighting, { maxLength: 3000, size: 'max' }), (sightings) => {
      const seen = new SeenRecords()
      const plain = new PlainCount()
      for (const [name, time, input] of sightings) {
        const identity = `record ${name}`
        expect(seen.admit({ identity, time }, input)).toBe(plain.admit(identity, time, input))
      }
    }),
    { seed: 21, numRuns: 40 },
  )
})

it('remembers a generation of records, and forgets what is older than two', () => {
  const seen = new SeenRecords()
  for (let index = 0; index < 16_000; index++) seen.admit({ identity: `${index}`, time: index }, 1)
  expect(seen.admit({ identity: '0', time: 0 }, 2)).toBe(false)
  for (let index = 16_000; index < 31_000; index++) seen.admit({ identity: `${index}`, time: index }, 1)
  expect(seen.admit({ identity: '15999', time: 15_999 }, 2)).toBe(false)
  for (let index = 31_000; index < 48_001; index++) seen.admit({ identity: `${index}`, time: index }, 1)
  expect(seen.admit({ identity: '15999', time: 15_999 }, 2)).toBe(true)
})
