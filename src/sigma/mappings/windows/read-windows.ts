import type { LogSource } from '../../../event/log-record.ts'
import { flattenWindowsEvent, isWindowsEvent } from '../../record/windows-event.ts'
import type { RecordView } from '../../rule.ts'
import { AUDIT_FIELDS, INTEGRITY_LEVELS } from './audit-fields.ts'
import { CATEGORIES, type CategoryRule } from './categories.ts'
import { SERVICE_OF_CHANNEL } from './services.ts'
import { flattenEvtxECmd, isEvtxECmd } from './evtxecmd.ts'
import { flattenWinlogbeat, isWinlogbeat } from './winlogbeat.ts'

export interface WindowsRecord {
  /** Fields under the names of Sigma: of System, of EventData or UserData, and those the Security log calls otherwise. */
  readonly record: RecordView
  readonly logSources: readonly LogSource[]
}

/**
 * A Windows event in any of the shapes tools write: `Event.System`/`EventData` (evtx_dump and the like),
 * winlogbeat (`winlog.event_data`), EvtxECmd (`Payload`), or flat already. Null for what is none.
 */
export function readWindowsRecord(document: RecordView): WindowsRecord | null {
  const flat = flatOf(document)
  if (flat === null) return null
  const record = withSigmaNames(flat)
  return { record, logSources: windowsLogSources(record) }
}

function flatOf(document: RecordView): Record<string, unknown> | null {
  if (isWindowsEvent(document)) return { ...flattenWindowsEvent(document) }
  if (isWinlogbeat(document)) return flattenWinlogbeat(document)
  if (isEvtxECmd(document)) return flattenEvtxECmd(document)
  const isFlat = 'EventID' in document && typeof document['Channel'] === 'string'
  return isFlat ? { ...document } : null
}

function withSigmaNames(flat: Record<string, unknown>): RecordView {
  if (lowerCase(flat['Channel']) !== 'security') return flat
  for (const [name, original] of Object.entries(AUDIT_FIELDS[Number(flat['EventID'])] ?? {})) {
    if (flat[name] === undefined && flat[original] !== undefined) flat[name] = flat[original]
  }
  if (Number(flat['EventID']) === 4688) {
    // Sysmon's ProcessId is the new process; the Security log's is the one that started it.
    if (flat['NewProcessId'] !== undefined) flat['ProcessId'] = flat['NewProcessId']
    const level = INTEGRITY_LEVELS[lowerCase(flat['IntegrityLevel']).toUpperCase()]
    if (level !== undefined) flat['IntegrityLevel'] = level
  }
  return flat
}

const BY_CHANNEL: ReadonlyMap<string, readonly CategoryRule[]> = Map.groupBy(
  CATEGORIES.flatMap((rule) => rule.channels.map((channel) => ({ ...rule, channel }))),
  ({ channel }) => channel,
)

/** What a flat record is: its service, and each category it belongs to. */
export function windowsLogSources(record: RecordView): LogSource[] {
  const channel = lowerCase(record['Channel'])
  const service = SERVICE_OF_CHANNEL[channel]
  const base: LogSource = { product: 'windows', ...(service === undefined ? {} : { service }) }
  const eventId = Number(record['EventID'])
  const categories = (BY_CHANNEL.get(channel) ?? []).filter(
    ({ eventIds, isMet }) => eventIds.includes(eventId) && (isMet === undefined || isMet(record)),
  )
  return [base, ...categories.map(({ category }) => ({ ...base, category }))]
}

function lowerCase(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}
