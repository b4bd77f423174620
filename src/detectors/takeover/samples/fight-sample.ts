import { readFileSync } from 'node:fs'
import type { Event } from '../../../event/event.ts'
import { eventsFrom } from '../../samples/host-sample.ts'

export interface FightSample {
  readonly expected: readonly unknown[]
  readonly events: readonly Event[]
}

/** First line: what must be told of the events below it, in the order first told. */
export function readExpecting(url: URL): FightSample {
  const [first = '', ...rest] = readFileSync(url, 'utf8').trim().split('\n')
  const { expect }: { expect: unknown[] } = JSON.parse(first)
  return { expected: expect, events: eventsFrom(rest) }
}
