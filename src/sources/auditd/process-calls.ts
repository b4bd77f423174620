import type { ProcessEvent } from '../../event/process.ts'
import type { Call } from './call.ts'
import { argumentsOf, processTitleOf } from './command-line.ts'
import { argument, decimal, decoded, fieldsOf } from './fields.ts'

/** A program started, ended or signalled by the call; null for other calls. */
export function processEventOf(call: Call): ProcessEvent | null {
  switch (call.name) {
    case 'execve':
    case 'execveat':
      return startOf(call)
    case 'exit':
    case 'exit_group':
      return processEvent(call, 'exit', processTitleOf(call.records), null)
    case 'kill':
    case 'tkill':
      return signalOf(call, 'a0', 'a1')
    case 'tgkill':
      return signalOf(call, 'a1', 'a2')
    case 'ptrace':
      return processEvent(call, 'signal', ['ptrace'], pidOf(call.fields.get('a1')))
    default:
      return null
  }
}

function startOf(call: Call): ProcessEvent {
  let args = argumentsOf(call.records)
  // A failed or old event has no EXECVE record; then the title is the caller's own and tells nothing of the program.
  if (args.length === 0 && call.isSuccess) args = processTitleOf(call.records)
  const program = call.items[0]?.path ?? (call.isSuccess ? call.actor.exe : null)
  if (args.length === 0 && program !== null) args = [program]
  const proof = call.records.find((record) => record.type === 'EXECVE') ?? call.syscall
  return processEvent(call, 'exec', args, null, proof)
}

function signalOf(call: Call, target: string, signal: string): ProcessEvent {
  const object = call.records.find((record) => record.type === 'OBJ_PID')
  const fields = object === undefined ? null : fieldsOf(object)
  const pid = decimal(fields?.get('opid')) ?? pidOf(call.fields.get(target))
  const name = object === undefined ? null : decoded(fields?.get('ocomm'), object.isInterpreted)
  const words = ['kill', `-${signalNumber(call.fields.get(signal))}`, String(pid ?? '?')]
  return processEvent(call, 'signal', name === null ? words : [...words, name], pid)
}

const SIGNALS: ReadonlyMap<string, string> = new Map([
  ['SIGHUP', '1'],
  ['SIGINT', '2'],
  ['SIGQUIT', '3'],
  ['SIGKILL', '9'],
  ['SIGTERM', '15'],
  ['SIGCONT', '18'],
  ['SIGSTOP', '19'],
])

/** In decimal, whether written in hexadecimal or, by ausearch -i, by name. */
function signalNumber(value: string | undefined): string {
  return argument(value)?.toString() ?? SIGNALS.get(value ?? '') ?? value ?? '?'
}

/** A process id is a signed 32-bit number. */
function pidOf(value: string | undefined): number | null {
  const number = argument(value)
  return number === null ? null : Number(BigInt.asIntN(32, number))
}

function processEvent(
  call: Call,
  action: ProcessEvent['action'],
  args: string[],
  targetPid: number | null,
  proof = call.syscall,
): ProcessEvent {
  return {
    kind: 'process',
    ...call.at(proof),
    action,
    actor: call.actor,
    args,
    commandLine: args.join(' '),
    cwd: call.cwd,
    paths: call.items.map((item) => item.path),
    isSuccess: call.isSuccess,
    targetPid,
    key: call.key,
  }
}
