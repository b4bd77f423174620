import type { Mapping } from '../mapping.ts'
import { CATEGORIES } from './categories.ts'
import { SERVICE_OF_CHANNEL } from './services.ts'

const SYSTEM_FIELDS = {
  EventID: 'number of the event',
  Channel: 'log it stands in',
  Provider_Name: 'who wrote it',
  Provider_Guid: 'who wrote it, as an id',
  Computer: 'machine',
  EventRecordID: 'number of the record in its log',
  Level: '1 critical to 5 verbose',
  Task: 'number of the task',
  Opcode: 'number of the operation',
  Keywords: 'bits',
  TimeCreated_SystemTime: 'when, UTC',
  Execution_ProcessID: 'process that wrote it',
  Execution_ThreadID: 'thread that wrote it',
  Security_UserID: 'account, as a SID',
}

/** One table for all: what stands in EventData depends on provider, id and version. */
export const WINDOWS_RECORDS: readonly Mapping[] = [
  {
    id: 'windows',
    title: 'Windows events (Event JSON, winlogbeat, EvtxECmd)',
    logSources: [
      ...[...new Set(Object.values(SERVICE_OF_CHANNEL))].map((service) => ({ product: 'windows', service })),
      ...CATEGORIES.map(({ category, channels }) => ({
        product: 'windows',
        category,
        service: SERVICE_OF_CHANNEL[channels[0] ?? ''] ?? '',
      })),
    ],
    extent: 'open',
    fields: SYSTEM_FIELDS,
  },
]
