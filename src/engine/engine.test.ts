import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Engine } from './engine.ts'
import type { Keyed } from './keyed.ts'

interface Tick {
  readonly kind: 'tick' | 'other'
  readonly time: number
  readonly keys: string | readonly string[] | null
}

interface Count {
  key: string
  seen: number
}

/** Tells every third tick of a key, and what is left when the state goes. */
function counter(bounds: { windowMs: number; maxKeys: number }): Keyed<Count, Tick, string, null> {
  return {
    id: 'counter',
    kinds: ['tick'],
    ...bounds,
    keysOf: (tick) => tick.keys,
    create: (key) => ({ key, seen: 0 }),
    step(state, _tick, tell) {
      state.seen++
      if (state.seen % 3 === 0) tell(`${state.key}:${state.seen}`)
    },
    merge: (into, from) => ({ key: into.key, seen: into.seen + from.seen }),
    settle(state, tell) {
      tell(`${state.key} settles at ${state.seen}`)
    },
  }
}

function engineWith(bounds: { windowMs: number; maxKeys: number }): {
  engine: Engine<Tick, string, null>
  told: string[]
} {
  const told: string[] = []
  const engine = new Engine<Tick, string, null>([counter(bounds)], null, (text) => told.push(text))
  return { engine, told }
}

const tick = (time: number, keys: Tick['keys']): Tick => ({ kind: 'tick', time, keys })

describe('engine', () => {
  it('counts by key, also under several keys at once, and passes over other kinds', () => {
    const { engine, told } = engineWith({ windowMs: 1000, maxKeys: 10 })
    for (let time = 0; time < 3; time++) engine.accept(tick(time, ['a', 'b']))
    engine.accept({ kind: 'other', time: 3, keys: 'a' })
    engine.accept(tick(3, null))
    expect(told).toEqual(['a:3', 'b:3'])
  })

  it('lets go of state only when the watermark says so, and settles it', () => {
    const { engine, told } = engineWith({ windowMs: 1000, maxKeys: 10 })
    engine.accept(tick(0, 'old'))
    engine.accept(tick(5000, 'young'))
    expect(told).toEqual([])
    engine.advance(4000)
    expect(told).toEqual(['old settles at 1'])
    expect(engine.load()).toEqual([{ id: 'counter', keys: 1, dropped: 0 }])
  })

  it('keeps a key alive that is touched again and again', () => {
    const { engine, told } = engineWith({ windowMs: 1000, maxKeys: 10 })
    for (let time = 0; time <= 10_000; time += 100) {
      engine.accept(tick(time, 'busy'))
      engine.advance(time)
    }
    expect(told.filter((text) => text.includes('settles'))).toEqual([])
    expect(engine.load()[0]?.keys).toBe(1)
  })

  it('holds no more keys than the bound, drops the longest unused first and counts it', () => {
    const { engine, told } = engineWith({ windowMs: 1e9, maxKeys: 3 })
    for (const [time, key] of ['a', 'b', 'c', 'd'].entries()) engine.accept(tick(time, key))
    expect(told).toEqual(['a settles at 1'])
    expect(engine.load()).toEqual([{ id: 'counter', keys: 3, dropped: 1 }])
  })

  it('keeps the busy key when many others come and go', () => {
    const { engine, told } = engineWith({ windowMs: 1e9, maxKeys: 3 })
    for (let time = 0; time < 300; time++) {
      engine.accept(tick(time, 'busy'))
      engine.accept(tick(time, `passer-by ${time}`))
    }
    expect(told.filter((text) => text.startsWith('busy settles'))).toEqual([])
    expect(engine.load()[0]).toMatchObject({ keys: 3, dropped: 298 })
  })

  it('ignores a watermark that goes back', () => {
    const { engine, told } = engineWith({ windowMs: 1000, maxKeys: 10 })
    engine.advance(10_000)
    engine.accept(tick(9900, 'a'))
    engine.advance(0)
    engine.accept(tick(9950, 'a'))
    expect(told).toEqual([])
  })

  it('merges two keys that turned out to be one', () => {
    const { engine, told } = engineWith({ windowMs: 1000, maxKeys: 10 })
    engine.accept(tick(0, 'a'))
    engine.accept(tick(0, 'b'))
    engine.merge('counter', 'a', 'b')
    engine.accept(tick(1, 'a'))
    expect(told).toEqual(['a:3'])
    expect(engine.load()[0]?.keys).toBe(1)
  })

  it('goes on after a snapshot as if nothing had happened, wherever it is cut', () => {
    const ticks = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), gap: fc.integer({ min: 0, max: 400 }) }),
      { maxLength: 80 },
    )
    fc.assert(
      fc.property(ticks, fc.nat(80), (steps, cut) => {
        const whole = engineWith({ windowMs: 1000, maxKeys: 3 })
        const before = engineWith({ windowMs: 1000, maxKeys: 3 })
        const after = engineWith({ windowMs: 1000, maxKeys: 3 })
        let now = 0
        for (const [index, step] of steps.entries()) {
          now += step.gap
          if (index === cut) after.engine.restore(JSON.parse(JSON.stringify(before.engine.snapshot())))
          for (const { engine } of [whole, index < cut ? before : after]) {
            engine.accept(tick(now, step.key))
            engine.advance(now)
          }
        }
        const last = steps.length <= cut ? before : after
        whole.engine.settle()
        last.engine.settle()
        expect([...before.told, ...(last === after ? after.told : [])].toSorted()).toEqual(
          whole.told.toSorted(),
        )
      }),
      { seed: 1, numRuns: 200 },
    )
  })
})

describe('engine, bounded by bytes', () => {
  it('drops the longest unused beyond the bound, counts them, and keeps the count through a snapshot', () => {
    const engine = heavy()
    for (let time = 0; time < 20; time++) engine.accept(tick(time, `key ${time}`))
    expect(engine.load()).toEqual([{ id: 'counter', keys: 5, dropped: 15 }])
    const restored = heavy()
    restored.restore(engine.snapshot())
    for (const one of [engine, restored]) one.accept(tick(20, 'key 20'))
    expect(restored.load()).toEqual(engine.load())
  })
})

/** Each key takes 10 bytes and one per tick; 60 are allowed. */
function heavy(): Engine<Tick, string, null> {
  const definition: Keyed<Count, Tick, string, null> = {
    ...counter({ windowMs: 1e9, maxKeys: 100 }),
    maxBytes: 60,
    bytesOf: ({ seen }) => 10 + seen,
  }
  return new Engine<Tick, string, null>([definition], null, () => {})
}

describe('engine: computations that listen to another', () => {
  const bounds = { windowMs: 1000, maxKeys: 10 }

  /** Says what it hears, and has no state. */
  function listener(id: string, to: Keyed<Count, Tick, string, null>): Keyed<null, Tick, string, null> {
    return {
      id,
      kinds: ['tick'],
      ...bounds,
      listens: { to, hear: (heard: string, tell) => tell(`${id} hears ${heard}`) },
      keysOf: () => null,
      create: () => null,
      step: () => {},
      merge: (into) => into,
    }
  }

  it('runs it once for all of them and lets each hear everything', () => {
    let created = 0
    const shared = counter(bounds)
    const counted: typeof shared = { ...shared, create: (key) => (created++, shared.create(key)) }
    const told: string[] = []
    const definitions = [listener('one', counted), listener('other', counted)]
    const engine = new Engine<Tick, string, null>(definitions, null, (text) => told.push(text))
    for (let time = 0; time < 3; time++) engine.accept(tick(time, 'a'))
    expect(told).toEqual(['one hears a:3', 'other hears a:3'])
    expect(created).toBe(1)
    expect(engine.load()).toEqual([
      { id: 'one', keys: 1, dropped: 0 },
      { id: 'other', keys: 1, dropped: 0 },
    ])
    engine.settle()
    expect(told.slice(2)).toEqual(['one hears a settles at 3', 'other hears a settles at 3'])
  })

  it('saves, restores and merges what is listened to', () => {
    const shared = counter(bounds)
    const told: string[] = []
    const engines = [0, 1].map(
      () => new Engine<Tick, string, null>([listener('one', shared)], null, (text) => told.push(text)),
    )
    engines[0]?.accept(tick(0, 'a'))
    engines[0]?.accept(tick(1, 'b'))
    const saved = engines[0]?.snapshot()
    if (saved !== undefined) engines[1]?.restore(structuredClone(saved))
    engines[1]?.merge('one', 'a', 'b')
    engines[1]?.accept(tick(2, 'a'))
    expect(told).toEqual(['one hears a:3'])
  })
})
