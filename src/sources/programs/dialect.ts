import type { Event } from '../../event/event.ts'
import type { ProgramLine } from './program-line.ts'

export type Emit = (event: Event) => void

/** Understands the lines of one program, or of a family that logs alike. Reads each line once, in order of time. */
export interface Dialect {
  /** Takes one line; false if nothing in it becomes an event, now or later. */
  take(line: ProgramLine, emit: Emit): boolean
}

/** A dialect in which one thing is told by several lines, so that some of it waits for the next. */
export interface WaitingDialect extends Dialect {
  /** No line before `time` (epoch ms) will come any more. */
  settle(time: number, emit: Emit): void
  /** Events of lines already taken come out no earlier than this (epoch ms); `Infinity` where nothing waits. */
  readonly heldFrom: number
}
