import { type EventMapping, eventMapping } from '../mapping.ts'
import { userOf } from './linux-process.ts'

/** Names as Sysmon for Linux writes them (event 3). */
export const linuxNetworkConnection: EventMapping = eventMapping({
  id: 'linux-network-connection',
  title: 'connections of programs on Linux (audit records)',
  kind: 'socket',
  logSources: [{ product: 'linux', category: 'network_connection' }],
  isFor: ({ action, ip }) => action !== 'bind' && ip !== null,
  fields: {
    Image: ['path of the program', (event) => event.actor.exe],
    Computer: ['machine that it ran on', (event) => event.observer],
    ProcessId: ['process id', (event) => event.actor.pid],
    User: ['effective user: root, else the number', (event) => userOf(event.actor)],
    Initiated: ['true: this machine opened it', (event) => event.action !== 'accept'],
    SourceIp: [
      'who connected, of connections taken in',
      (event) => (event.action === 'accept' ? event.ip : null),
    ],
    SourcePort: ['its port', (event) => (event.action === 'accept' ? event.port : null)],
    DestinationIp: ['whom it connected to', (event) => (event.action === 'accept' ? null : event.ip)],
    DestinationPort: ['its port', (event) => (event.action === 'accept' ? null : event.port)],
  },
})
