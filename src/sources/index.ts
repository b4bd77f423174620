import { accessLog } from './access-log/index.ts'
import { auditd } from './auditd/index.ts'
import { azureActivity } from './azure-activity/index.ts'
import { cloudtrail } from './cloudtrail/index.ts'
import { dnsLog } from './dns-log/index.ts'
import { falco } from './falco/index.ts'
import { gcpAudit } from './gcp-audit/index.ts'
import { guardduty } from './guardduty/index.ts'
import { journald } from './journald/index.ts'
import { kubernetesAudit } from './kubernetes-audit/index.ts'
import { pcap } from './pcap/index.ts'
import { route53 } from './route53/index.ts'
import { suricata } from './suricata/index.ts'
import { syslog } from './syslog/index.ts'
import { vpcFlow } from './vpc-flow/index.ts'
import { zeek } from './zeek/index.ts'
import type { Source } from './source.ts'

/** Every source, by id. Adding one: a folder, and one line here. */
export const SOURCES: readonly Source[] = [
  accessLog,
  auditd,
  azureActivity,
  cloudtrail,
  dnsLog,
  falco,
  gcpAudit,
  guardduty,
  journald,
  kubernetesAudit,
  pcap,
  route53,
  suricata,
  syslog,
  vpcFlow,
  zeek,
]
