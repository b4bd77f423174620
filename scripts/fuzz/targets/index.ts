import type { Target } from '../target.ts'
import { archives } from './archives.ts'
import { capture, dns, packetText } from './captures.ts'
import { cloudCalls, dnsQueries, flowLogs, flowTables, sensorFindings } from './cloud.ts'
import { dialogue } from './dialogue.ts'
import { audit, journal, lines, sshd, sshdMessage } from './logs.ts'
import { config, inventory } from './owners-files.ts'
import { clusterCalls, eve, falcoAlerts, nameServers, programs, requests, zeekLogs } from './sensors.ts'
import { bills, measurements } from './money.ts'
import { packets } from './packets.ts'
import { story } from './story.ts'
import { escaping, masking } from './text.ts'
import { tls, x509 } from './tls.ts'

/** Everything that is fuzzed. Adding one: a target, and one line here. */
export const TARGETS: readonly Target[] = [
  archives,
  audit,
  bills,
  capture,
  cloudCalls,
  clusterCalls,
  config,
  dialogue,
  dns,
  dnsQueries,
  escaping,
  eve,
  falcoAlerts,
  flowLogs,
  flowTables,
  inventory,
  journal,
  lines,
  masking,
  measurements,
  nameServers,
  packetText,
  packets,
  programs,
  requests,
  sensorFindings,
  sshd,
  sshdMessage,
  story,
  tls,
  x509,
  zeekLogs,
]
