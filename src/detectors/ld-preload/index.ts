import type { Event } from '../../event/event.ts'
import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { keeperOf } from '../model/host/maintenance.ts'
import { isHidingPlace } from '../model/host/places.ts'
import { type Command, commandsOf } from '../model/host/shell.ts'

type See = (sighting: Sighting) => void

const PRELOAD_FILE = '/etc/ld.so.preload'

/**
 * A library forced into every program, or into one: how user-space rootkits hide a miner. The file
 * hardly exists on a healthy machine; the variable has honest uses, so only a library in a hiding place counts.
 */
export const ldPreload = defineHostDetector<object>({
  id: 'ld-preload',
  title: 'Libraries forced into programs to hide something',
  attack: ['T1574.006', 'T1014'],
  kinds: ['process', 'file'],
  remember: () => ({}),
  look,
  mergeMemory() {},
})

function look(state: HostState, event: Event, see: See): void {
  if (event.kind === 'file') lookAtFile(state, event, see)
  else if (event.kind === 'process' && event.action === 'exec' && event.isSuccess)
    lookAtCommand(state, event, see)
}

function lookAtFile(state: HostState, event: FileEvent, see: See): void {
  const path = event.action === 'rename' ? event.targetPath : event.path
  if (path !== PRELOAD_FILE || !event.isSuccess || event.action === 'read') return
  const isKept = keeperOf(state.lineage, event.actor, event.time) !== null
  if (event.action === 'delete')
    see({ ...file(true), what: 'ld-preload-removed', title: `${PRELOAD_FILE} was removed` })
  else see(file(isKept || event.action === 'chmod' || event.action === 'chown'))
}

function lookAtCommand(state: HostState, event: ProcessEvent, see: See): void {
  if (!/ld\.so\.preload|LD_PRELOAD/u.test(event.commandLine)) return
  const isKept = keeperOf(state.lineage, event.actor, event.time) !== null
  for (const command of commandsOf(event)) {
    if (isWritten(command)) see(file(isKept || isEmptying(command)))
    for (const word of [...command.assignments, ...(command.program === 'export' ? command.words : [])]) {
      const library = word.startsWith('LD_PRELOAD=') ? word.slice(11) : ''
      if (!isKept && library.split(/[: ]/u).some(isHidingPlace)) see(variable(library))
    }
  }
}

function isWritten({ program, words, outputs }: Command): boolean {
  const isTarget = /^(?:tee|cp|mv|install|ln|chattr)$/u.test(program) && words.at(-1) === PRELOAD_FILE
  return isTarget || outputs.some((output) => output.path === PRELOAD_FILE)
}

/** Whoever cleans up unlocks the file, or writes nothing into it: `echo > FILE`, `: > FILE`, `cp /dev/null FILE`. */
function isEmptying({ program, words, outputs }: Command): boolean {
  const [, ...rest] = words.filter((word) => word !== PRELOAD_FILE)
  if (program === 'chattr') return rest.some((word) => /^-[a-zA-Z]*[ai]/u.test(word))
  const isOverwriting = outputs.some((output) => output.path === PRELOAD_FILE && !output.isAppended)
  const saysNothing = rest.every((word) => /^(?:-[neE]+|\s*|\/dev\/null)$/u.test(word))
  if (isOverwriting) return /^(?:|:|true|echo|printf|cat)$/u.test(program) && saysNothing
  return program === 'cp' && rest.at(-1) === '/dev/null'
}

function file(isContext: boolean): Sighting {
  return {
    what: 'ld-preload',
    title: `A library is forced into every program: ${PRELOAD_FILE} was written`,
    severity: isContext ? 'low' : 'high',
    confidence: isContext ? 0.3 : 0.85,
    stage: isContext ? 'context' : 'persistence',
    attack: ['T1574.006', 'T1014'],
    path: PRELOAD_FILE,
    remote: null,
  }
}

function variable(library: string): Sighting {
  return {
    what: 'ld-preload',
    title: `A program was started with a library from a hiding place: ${library}`,
    severity: 'medium',
    confidence: 0.7,
    stage: 'evasion',
    attack: ['T1574.006'],
    path: library,
    remote: null,
  }
}
