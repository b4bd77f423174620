import type { Dialect, Emit } from './dialect.ts'
import { digitsEnd } from './endpoint.ts'
import { fileEvent, lineActor, processEvent, serviceEvent } from './line-events.ts'
import type { ProgramLine } from './program-line.ts'

/** `[12345.678901] `, which the kernel writes before its messages. */
function behindClock(text: string): number {
  if (text.charCodeAt(0) !== 91) return 0
  const close = text.indexOf('] ')
  return close > 0 && close < 24 ? close + 2 : 0
}

const KILLED = 'Killed process '
const TAINTS = ': loading out-of-tree module taints kernel'
const MSR = 'msr: Write to unrecognized MSR '

/**
 * The few lines of the kernel that tell of an intruder's tools: model-specific registers written from user
 * space (miners tune the processor so), modules that belong to no kernel, and processes killed because memory ran out.
 */
export class KernelReader implements Dialect {
  take(line: ProgramLine, emit: Emit): boolean {
    const text = line.message
    const start = behindClock(text)
    if (text.startsWith(MSR, start)) return registerWritten(line, start + MSR.length, emit)
    const taint = text.indexOf(TAINTS, start)
    if (taint > start) return moduleLoaded(line, text.slice(start, taint), emit)
    const killed = text.indexOf(KILLED, start)
    return killed >= 0 && isOutOfMemory(text, start, killed) && processKilled(line, killed, emit)
  }
}

/** `msr: Write to unrecognized MSR 0x1a4 by xmrig (pid: 4711).`; before 5.11 without the number. */
function registerWritten(line: ProgramLine, start: number, emit: Emit): boolean {
  const text = line.message
  const by = text.indexOf(' by ', start)
  if (by < 0) return false
  const open = text.indexOf(' (pid: ', by)
  const end = open < 0 ? nameEnd(text, by + 4) : open
  const digits = open < 0 ? '' : text.slice(open + 7, digitsEnd(text, open + 7))
  const pid = digits === '' || digits.length > 10 ? null : Number(digits)
  const actor = lineActor(line, { name: text.slice(by + 4, end), pid, uid: 0 })
  emit(fileEvent(line, { action: 'write', actor, path: '/dev/cpu/*/msr' }))
  return true
}

function nameEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code <= 32 || code === 44) return at
  }
  return text.length
}

function moduleLoaded(line: ProgramLine, unit: string, emit: Emit): boolean {
  if (unit.includes(' ')) return false
  emit(serviceEvent(line, { action: 'start', unit, detail: 'out-of-tree kernel module', isSuccess: true }))
  return true
}

/** `Out of memory: Killed process 4711 (xmrig) …`, `Memory cgroup out of memory: Killed process …`, `oom-kill: …` */
function isOutOfMemory(text: string, start: number, killed: number): boolean {
  return killed === start || text.slice(start, killed).toLowerCase().includes('out of memory')
}

function processKilled(line: ProgramLine, killed: number, emit: Emit): boolean {
  const text = line.message
  const from = killed + KILLED.length
  const end = digitsEnd(text, from)
  const open = text.charCodeAt(end) === 32 ? end + 1 : end
  const close = text.indexOf(')', open)
  if (end === from || end - from > 10 || text.charCodeAt(open) !== 40 || close < 0) return false
  const name = text.slice(open + 1, close)
  const args = ['oom-kill', '-9', text.slice(from, end), name]
  const actor = lineActor(line, { pid: null })
  const event = processEvent(line, {
    actor,
    args,
    commandLine: args.join(' '),
    cwd: null,
    isSuccess: true,
  })
  emit({ ...event, action: 'signal', targetPid: Number(text.slice(from, end)) })
  return true
}
