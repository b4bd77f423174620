import type { RecordView } from '../../rule.ts'

/** When a record belongs to a category of Sigma: its channel, its ids, and what else it must say. */
export interface CategoryRule {
  readonly category: string
  /** In lower case. */
  readonly channels: readonly string[]
  readonly eventIds: readonly number[]
  readonly isMet?: (record: RecordView) => boolean
}

const SYSMON = ['microsoft-windows-sysmon/operational']
const SECURITY = ['security']
const POWERSHELL = ['microsoft-windows-powershell/operational', 'powershellcore/operational']
const CLASSIC = ['windows powershell']

const sysmon = (
  category: string,
  eventIds: readonly number[],
  isMet?: CategoryRule['isMet'],
): CategoryRule => ({
  category,
  channels: SYSMON,
  eventIds,
  ...(isMet === undefined ? {} : { isMet }),
})

/** Event 12 tells of keys made and of keys and values removed. */
function isRemoval({ EventType }: RecordView): boolean {
  return typeof EventType === 'string' && EventType.toLowerCase().startsWith('delete')
}

/** %%1904 new value, %%1905 changed value, %%1906 removed value: the message table of event 4657. */
function says(code: string, words: string): (record: RecordView) => boolean {
  return ({ OperationType }) =>
    typeof OperationType === 'string' &&
    (OperationType === code || OperationType.toLowerCase().includes(words))
}

/** SigmaHQ taxonomy appendix 2.1, "Windows Folder / Category", and what pySigma's Windows pipelines take from the Security log. */
export const CATEGORIES: readonly CategoryRule[] = [
  sysmon('process_creation', [1]),
  sysmon('file_change', [2]),
  sysmon('network_connection', [3]),
  sysmon('sysmon_status', [4, 16]),
  sysmon('process_termination', [5]),
  sysmon('driver_load', [6]),
  sysmon('image_load', [7]),
  sysmon('create_remote_thread', [8]),
  sysmon('raw_access_thread', [9]),
  sysmon('process_access', [10]),
  sysmon('file_event', [11]),
  sysmon('registry_event', [12, 13, 14]),
  sysmon('registry_add', [12], (record) => !isRemoval(record)),
  sysmon('registry_delete', [12], isRemoval),
  sysmon('registry_set', [13]),
  sysmon('registry_rename', [14]),
  sysmon('create_stream_hash', [15]),
  sysmon('pipe_created', [17, 18]),
  sysmon('wmi_event', [19, 20, 21]),
  sysmon('dns_query', [22]),
  sysmon('file_delete', [23, 26]),
  sysmon('clipboard_capture', [24]),
  sysmon('process_tampering', [25]),
  sysmon('file_delete_detected', [26]),
  sysmon('file_block_executable', [27]),
  sysmon('file_block_shredding', [28]),
  sysmon('file_executable_detected', [29]),
  sysmon('sysmon_error', [255]),
  { category: 'process_creation', channels: SECURITY, eventIds: [4688] },
  { category: 'process_termination', channels: SECURITY, eventIds: [4689] },
  { category: 'network_connection', channels: SECURITY, eventIds: [5156] },
  { category: 'registry_event', channels: SECURITY, eventIds: [4657] },
  {
    category: 'registry_add',
    channels: SECURITY,
    eventIds: [4657],
    isMet: says('%%1904', 'new registry value'),
  },
  {
    category: 'registry_set',
    channels: SECURITY,
    eventIds: [4657],
    isMet: says('%%1905', 'existing registry value'),
  },
  {
    category: 'registry_delete',
    channels: SECURITY,
    eventIds: [4657],
    isMet: says('%%1906', 'registry value deleted'),
  },
  { category: 'ps_module', channels: POWERSHELL, eventIds: [4103] },
  { category: 'ps_script', channels: POWERSHELL, eventIds: [4104] },
  { category: 'ps_classic_start', channels: CLASSIC, eventIds: [400] },
  { category: 'ps_classic_provider_start', channels: CLASSIC, eventIds: [600] },
  { category: 'ps_classic_script', channels: CLASSIC, eventIds: [800] },
]
