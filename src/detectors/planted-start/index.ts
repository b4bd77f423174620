import type { ResourceEvent } from '../../event/resource.ts'
import { defineHostDetector, type Sighting } from '../model/host/host-detector.ts'
import { type Payload, payloadOf } from '../model/host/payload.ts'
import { isHidingPlace } from '../model/host/places.ts'
import { parseScript } from '../model/host/shell.ts'

/** What starts by itself, as it stands on the machine: jobs, units, profiles, what logins run, keys of known gangs. */
export const plantedStart = defineHostDetector<object>({
  id: 'planted-start',
  title: 'Jobs, units and profiles that bring an intruder back, as they were found',
  attack: ['T1053.003', 'T1543.002', 'T1546.004', 'T1556.003', 'T1098.004'],
  kinds: ['resource'],
  remember: () => ({}),
  look(_state, event, see) {
    if (event.kind !== 'resource' || event.provider !== 'host') return
    const sighting = LOOKS[event.resourceType]?.(event) ?? null
    if (sighting !== null) see(sighting)
  },
  mergeMemory() {},
})

const LOOKS: Readonly<Record<string, (event: ResourceEvent) => Sighting | null>> = {
  'cron-job': (event) =>
    planted(event, [textAt(event, 'command')], { what: 'cron', thing: 'A cron job', attack: 'T1053.003' }),
  service: (event) =>
    planted(event, listAt(event, 'starts').map(withoutMarks), {
      what: 'systemd',
      thing: 'A systemd unit',
      attack: 'T1543.002',
    }),
  'start-script': (event) =>
    planted(event, textAt(event, 'text').split('\n').slice(0, MAX_LINES), {
      what: 'profile',
      thing: 'A start script',
      attack: 'T1546.004',
    }),
  'pam-rule': pamRule,
  'authorized-key': gangKey,
}

const MAX_LINES = 4000

interface Kind {
  readonly what: string
  readonly thing: string
  readonly attack: string
}

const DOES: Readonly<Record<Payload['reason'], string>> = {
  'fetch-and-run': 'fetches something and runs it',
  'decode-and-run': 'unpacks hidden text and runs it',
  'hiding-place': 'starts a program in a hiding place',
  'shell-over-network': 'opens a shell over the network',
}

function planted(
  event: ResourceEvent,
  texts: readonly string[],
  { what, thing, attack }: Kind,
): Sighting | null {
  for (const text of texts) {
    if (text === '' || text.trimStart().startsWith('#')) continue
    const payload = payloadOf(text)
    // A script names places for many reasons: there only what is started counts.
    if (payload === null || (what === 'profile' && !isStarted(payload, text))) continue
    const path = textAt(event, 'path')
    const isSure = payload.reason !== 'hiding-place'
    return {
      what,
      title: `${thing} ${DOES[payload.reason]}${payload.remote === null ? '' : ` (${payload.remote})`}: ${text.trim().slice(0, 160)}`,
      severity: isSure ? 'high' : 'medium',
      confidence: isSure ? 0.8 : 0.6,
      stage: 'persistence',
      attack: [attack],
      path: path === '' ? null : path,
      remote: payload.remote,
      fold: `${path}|${text.slice(0, 200)}`,
    }
  }
  return null
}

const STARTERS: ReadonlySet<string> = new Set([
  'nohup',
  'setsid',
  'exec',
  'sh',
  'bash',
  'nice',
  'source',
  '.',
])

function isStarted({ reason }: Payload, text: string): boolean {
  if (reason !== 'hiding-place') return true
  return parseScript(text).some(({ words }) => {
    const program = words.find((word) => !STARTERS.has(word) && !word.startsWith('-')) ?? ''
    return program.startsWith('/') && isHidingPlace(program)
  })
}

/** systemd.service(5): what stands before a program says how it is run. */
function withoutMarks(start: string): string {
  return start.replace(/^[-@:+!|]{1,4}/u, '')
}

function pamRule(event: ResourceEvent): Sighting | null {
  const rule = textAt(event, 'rule')
  const hidden = rule.split(/\s+/u).find((word) => word.startsWith('/') && isHidingPlace(word))
  if (hidden === undefined) return null
  return {
    what: 'pam',
    title: `Every login runs ${hidden} (${textAt(event, 'path')})`,
    severity: 'high',
    confidence: 0.8,
    stage: 'persistence',
    attack: ['T1556.003'],
    path: hidden,
    remote: null,
  }
}

/** Names that gangs put on the keys they leave, as honeypots see them again and again. */
const GANG_COMMENT = /^mdrfckr$/u

function gangKey(event: ResourceEvent): Sighting | null {
  const comment = textAt(event, 'comment').trim()
  if (!GANG_COMMENT.test(comment)) return null
  return {
    what: 'authorized-keys',
    title: `The key of a known gang opens the account ${textAt(event, 'user')} (${comment})`,
    severity: 'high',
    confidence: 0.95,
    stage: 'persistence',
    attack: ['T1098.004'],
    path: textAt(event, 'path'),
    remote: null,
  }
}

function textAt({ attributes }: ResourceEvent, name: string): string {
  const value = attributes[name]
  return typeof value === 'string' ? value : ''
}

function listAt({ attributes }: ResourceEvent, name: string): string[] {
  const value = attributes[name]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}
