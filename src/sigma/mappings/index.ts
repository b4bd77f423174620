import { dns, dnsQuery, networkDns, zeekDns } from './events/dns.ts'
import { firewall, networkConnection, networkEcs } from './events/flow.ts'
import { proxy, webserver } from './events/http.ts'
import { linuxFileDelete, linuxFileEvent } from './events/linux-file.ts'
import { linuxNetworkConnection } from './events/linux-network.ts'
import { linuxProcessCreation } from './events/linux-process.ts'
import type { EventMapping, Mapping } from './mapping.ts'
import { CLOUD_RECORDS } from './records/cloud.ts'
import { HOST_RECORDS } from './records/host.ts'
import { NETWORK_RECORDS } from './records/network.ts'
import { WINDOWS_RECORDS } from './windows/records.ts'

/** How our events look to rules; one event may be several things. */
export const EVENT_MAPPINGS: readonly EventMapping[] = [
  dns,
  dnsQuery,
  firewall,
  linuxFileDelete,
  linuxFileEvent,
  linuxNetworkConnection,
  linuxProcessCreation,
  networkConnection,
  networkDns,
  networkEcs,
  proxy,
  webserver,
  zeekDns,
]

/** Records that rules see as their producer wrote them. */
export const RECORD_MAPPINGS: readonly Mapping[] = [
  ...CLOUD_RECORDS,
  ...HOST_RECORDS,
  ...NETWORK_RECORDS,
  ...WINDOWS_RECORDS,
]

/** Every log source that rules can be matched against. */
export const MAPPINGS: readonly Mapping[] = [...EVENT_MAPPINGS, ...RECORD_MAPPINGS]
