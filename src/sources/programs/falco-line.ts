import type { AlertEvent } from '../../event/alert.ts'
import type { Severity } from '../../event/finding.ts'
import { identifier } from '../../event/identifier.ts'
import { readPeer } from './address.ts'
import type { Dialect, Emit } from './dialect.ts'
import { eventBase, type ProgramLine } from './program-line.ts'

/** What Falco says, in its own terms. */
export interface FalcoSaid {
  readonly rule: string
  readonly priority: string
  readonly output: string
  readonly tags: readonly string[]
  readonly fields: Readonly<Record<string, unknown>>
}

/** Falco's priorities are those of syslog. */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  emergency: 'high',
  alert: 'high',
  critical: 'high',
  error: 'medium',
  warning: 'medium',
  notice: 'low',
  informational: 'info',
  info: 'info',
  debug: 'info',
}

const PRIORITY = new Set(Object.keys(SEVERITIES))
/** A tag of the rule that says what it is about; ATT&CK's technique of that name, and what the rule files call it. */
const MINING_TAGS = /^(?:T1496(?:\.001)?|mitre_resource_hijacking|crypto_?(?:mining|jacking|miner)|miner)$/iu
/** Falco's own rules on mining carry no telling tag in every release: their names are known. */
const MINING_RULES = /\b(?:crypto ?(?:min(?:er|ers|ing)|jacking)|miner (?:binar|pool)|stratum protocol)/iu

/** The parts of an alert that Falco's own text and its JSON have in common. */
export function falcoAlert(
  base: ReturnType<typeof eventBase>,
  { rule, priority, output, tags, fields }: FalcoSaid,
): AlertEvent {
  const container = textOf(fields, ['container.id', 'container_id'])
  const isInContainer = container !== null && container !== 'host'
  const subjects = isInContainer ? [...base.subjects, identifier('container', container)] : base.subjects
  const ends = endsOf(fields)
  return {
    kind: 'alert',
    ...base,
    subjects,
    sensor: 'falco',
    rule,
    title: output === '' ? rule : output,
    severity: SEVERITIES[priority.toLowerCase()] ?? 'low',
    category: priority,
    isMining: tags.some((tag) => MINING_TAGS.test(tag)) || MINING_RULES.test(rule),
    ...ends,
    domain: null,
    communityId: null,
    user: textOf(fields, ['user.name', 'user_name', 'user']),
    commandLine: textOf(fields, ['proc.cmdline', 'proc_cmdline', 'command', 'cmdline']),
    count: 1,
  }
}

type Ends = Pick<AlertEvent, 'srcIp' | 'srcPort' | 'dstIp' | 'dstPort'>

/** `fd.name` and `connection=` are `10.0.0.7:40022->192.0.2.9:3333` for a connection. */
function endsOf(fields: FalcoSaid['fields']): Ends {
  const named = textOf(fields, ['fd.name', 'connection']) ?? ''
  const arrow = named.indexOf('->')
  const [client, server] = arrow < 0 ? ['', ''] : [named.slice(0, arrow), named.slice(arrow + 2)]
  const src = endpointOf(client)
  const dst = endpointOf(server)
  return { srcIp: src.ip, srcPort: src.port, dstIp: dst.ip, dstPort: dst.port }
}

function endpointOf(text: string): { ip: string | null; port: number | null } {
  const colon = text.lastIndexOf(':')
  const { ip } = readPeer(text.slice(0, Math.max(0, colon)))
  const port = Number(text.slice(colon + 1))
  return ip === null ? { ip, port: null } : { ip, port: port >= 0 && port < 65_536 ? Math.trunc(port) : null }
}

function textOf(fields: FalcoSaid['fields'], names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields[name]
    if (typeof value === 'string' && value !== '' && value !== '<NA>' && value !== 'N/A') return value
  }
  return null
}

/**
 * Reads Falco's text: `16:13:46.123456789: Warning Shell in a container (user=root command=bash …)`, where the clock
 * may be missing. The text does not name its rule: the sentence before the brackets stands for it.
 */
export function parseFalcoText(text: string): FalcoSaid | null {
  const start = /^\d\d:\d\d:\d\d[.\d]{0,11}[+\-\d]{0,5}: /u.exec(text)?.[0].length ?? 0
  const space = text.indexOf(' ', start)
  const priority = space < 0 ? '' : text.slice(start, space)
  if (!PRIORITY.has(priority.toLowerCase())) return null
  const open = text.indexOf(' (', space)
  const hasFields = open > 0 && text.trimEnd().endsWith(')')
  const sentence = text.slice(space + 1, hasFields ? open : text.length).trim()
  if (sentence === '') return null
  const fields = hasFields ? fieldsOf(text.slice(open + 2, text.lastIndexOf(')'))) : {}
  return { rule: sentence, priority, output: sentence, tags: [], fields }
}

/** `user=root command=bash -c id container_id=0a1b`: a value goes on until the next name. */
function fieldsOf(text: string): Record<string, string> {
  const fields: [string, string][] = []
  let name = ''
  let start = 0
  for (let at = 0; at <= text.length;) {
    const space = text.indexOf(' ', at)
    const end = space < 0 ? text.length : space
    const equals = text.indexOf('=', at)
    if (equals > at && equals < end && isName(text.slice(at, equals))) {
      if (name !== '') fields.push([name, text.slice(start, at - 1)])
      name = text.slice(at, equals)
      start = equals + 1
    }
    at = end + 1
  }
  if (name !== '') fields.push([name, text.slice(start)])
  return Object.fromEntries(fields.slice(0, 64))
}

/** What Falco's rules call their fields: a command line has names with `=` of its own. */
const FIELD_NAMES = new Set(
  (
    'user user_uid user_loginuid user_loginname process proc_exepath proc_exeline proc_cwd proc_name proc_pname parent parent_exe ' +
    'gparent ggparent gggparent command cmdline pcmdline terminal exe_flags evt_type evt_res evt_args file fd path connection lport ' +
    'rport fd_type fd_proto container container_id container_name container_image container_image_repository container_image_tag ' +
    'image image_repository image_tag k8s_ns k8s_pod_name k8s_ns_name pid ppid tid shell uid gid mode flags target name symlink linkpath ' +
    'launching_pid launching_process'
  ).split(' '),
)

function isName(text: string): boolean {
  return (
    FIELD_NAMES.has(text) ||
    /^(?:container|evt|fd|fs|group|k8s|ka|proc|thread|user)\.[a-z][a-z0-9_.[\]]{0,40}$/u.test(text)
  )
}

export class FalcoReader implements Dialect {
  take(line: ProgramLine, emit: Emit): boolean {
    const said = parseFalcoText(line.message)
    if (said === null) return false
    emit(falcoAlert(eventBase(line), said))
    return true
  }
}
