import type { Event } from '../../event/event.ts'
import type { ProcessEvent } from '../../event/process.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { keeperOf } from '../model/host/maintenance.ts'
import { payloadOf } from '../model/host/payload.ts'
import { isOwnNetwork } from '../model/host/remote.ts'
import type { Command } from '../model/host/shell.ts'
import { unwrap } from '../model/host/unwrap.ts'

type See = (sighting: Sighting) => void

interface Memory {
  /** Machines addressed, by session. */
  reached: { session: string; hosts: string[] }[]
}

const MAX_SESSIONS = 64
const MAX_HOSTS = 20
const SCANNERS: ReadonlySet<string> = new Set(
  'masscan zmap pnscan zgrab zgrab2 unicornscan rustscan fscan kscan naabu hydra medusa ncrack'.split(' '),
)
const WITHOUT_QUESTION = /^(?:-o)?(?:StrictHostKeyChecking[= ](?:no|off|accept-new)|BatchMode[= ]yes)$/iu
/** Options of ssh that take a word. */
const VALUED = /^-[bcDEeFIiJLlmOopQRSWw]$/u

/**
 * From this machine to others: commands sent over SSH to whatever it knows, and scanners for whole networks. A home-made
 * loop over one’s own machines looks alike; what it sends tells them apart.
 */
export const spread = defineHostDetector<Memory>({
  id: 'spread',
  title: 'Spreading from the machine to others',
  attack: ['T1021.004', 'T1018', 'T1046'],
  kinds: ['process'],
  remember: () => ({ reached: [] }),
  look,
  mergeMemory(into, from) {
    into.reached = [...into.reached, ...from.reached].slice(-MAX_SESSIONS)
  },
})

const INTEREST =
  /known_hosts|\bssh\b|sshpass|pssh|masscan|zmap|pnscan|zgrab|unicornscan|rustscan|fscan|kscan|naabu|hydra|medusa|ncrack/u

function look(state: HostState & Memory, event: Event, see: See): void {
  if (event.kind !== 'process' || event.action !== 'exec' || !event.isSuccess) return
  if (!INTEREST.test(event.commandLine.slice(0, 16_384))) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  if (keeper === 'packages' || keeper === 'automation') return
  const { commands } = unwrap(event)
  const isLoop = event.commandLine.includes('known_hosts') && commands.some(isQuiet)
  const isSending = commands.some((command) => isQuiet(command) && payloadOf(sentBy(command)) !== null)
  if (isLoop || isSending) tellSpread(state, event, commands, isSending, see)
  for (const command of commands) {
    if (SCANNERS.has(command.program)) see(scanned(command))
  }
}

function tellSpread(
  state: Memory,
  event: ProcessEvent,
  commands: readonly Command[],
  isSending: boolean,
  see: See,
): void {
  const hosts = commands.filter(isQuiet).flatMap((command) => hostOf(command) ?? [])
  const all = remember(state, event.actor.session ?? `p${event.actor.ppid ?? ''}`, hosts)
  see({
    what: 'spread',
    title: 'Other machines were told over SSH what to run, without a question',
    severity: isSending ? 'high' : 'medium',
    confidence: isSending ? 0.85 : 0.55,
    stage: 'foothold',
    attack: ['T1021.004', 'T1018'],
    path: null,
    remote: all.length === 0 ? null : all.join(' '),
    fold: 'ssh',
  })
}

function remember(state: Memory, session: string, hosts: readonly string[]): string[] {
  const at = state.reached.findIndex((one) => one.session === session)
  const known = at < 0 ? [] : (state.reached.splice(at, 1)[0]?.hosts ?? [])
  const all = [...new Set([...known, ...hosts])].slice(0, MAX_HOSTS)
  state.reached.push({ session, hosts: all })
  if (state.reached.length > MAX_SESSIONS) state.reached.shift()
  return all
}

/** ssh that must not ask. */
function isQuiet({ program, words }: Command): boolean {
  if (program === 'sshpass' || program === 'pssh' || program === 'parallel-ssh') return true
  return (
    program === 'ssh' &&
    words.some(
      (word, at) => WITHOUT_QUESTION.test(word) || (words[at - 1] === '-o' && WITHOUT_QUESTION.test(word)),
    )
  )
}

function operandsOf({ words }: Command): string[] {
  const found: string[] = []
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? ''
    if (found.length === 0 && VALUED.test(word)) at++
    else if (found.length > 0 || !word.startsWith('-')) found.push(word)
  }
  return found
}

function sentBy(command: Command): string {
  return operandsOf(command).slice(1).join(' ')
}

/** A host as written, without the user; variables of a loop name none. */
function hostOf(command: Command): string | null {
  const host = operandsOf(command)[0]?.replace(/^[^@]{0,64}@/u, '') ?? ''
  return /^[\w.:-]{1,253}$/u.test(host) && !host.startsWith('$') ? host : null
}

function scanned({ program, words }: Command): Sighting {
  const range =
    words.find((word, at) => at > 0 && /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/u.test(word)) ?? null
  const isOwn = range !== null && isOwnNetwork(range.replace(/\/.*$/u, ''))
  return {
    what: 'spread',
    title: `Networks were scanned with ${program}`,
    severity: isOwn ? 'low' : 'medium',
    confidence: isOwn ? 0.35 : 0.6,
    stage: isOwn ? 'context' : 'foothold',
    attack: ['T1046'],
    path: program,
    remote: range,
  }
}
