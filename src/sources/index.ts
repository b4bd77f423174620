import { accessLog } from './access-log/index.ts'
import { auditd } from './auditd/index.ts'
import { awsDescribe } from './aws-describe/index.ts'
import { azureActivity } from './azure-activity/index.ts'
import { bill } from './bill/index.ts'
import { cgroupCpu } from './cgroup-cpu/index.ts'
import { cloudtrail } from './cloudtrail/index.ts'
import { cloudwatch } from './cloudwatch/index.ts'
import { dnsLog } from './dns-log/index.ts'
import { falco } from './falco/index.ts'
import { gcpAudit } from './gcp-audit/index.ts'
import { guardduty } from './guardduty/index.ts'
import { hostFiles } from './host-files/index.ts'
import { hostState } from './host-state/index.ts'
import { journald } from './journald/index.ts'
import { kubernetesAudit } from './kubernetes-audit/index.ts'
import { kubernetesObjects } from './kubernetes-objects/index.ts'
import { osquery } from './osquery/index.ts'
import { pcap } from './pcap/index.ts'
import { processTable } from './process-table/index.ts'
import { prometheus } from './prometheus/index.ts'
import { prowler } from './prowler/index.ts'
import { route53 } from './route53/index.ts'
import { sarif } from './sarif/index.ts'
import { shellHistory } from './shell-history/index.ts'
import { suricata } from './suricata/index.ts'
import { syslog } from './syslog/index.ts'
import { sysstat } from './sysstat/index.ts'
import { terraform } from './terraform/index.ts'
import { vpcFlow } from './vpc-flow/index.ts'
import { zeek } from './zeek/index.ts'
import type { Source } from './source.ts'

/** Every source, by id. Adding one: a folder, and one line here. */
export const SOURCES: readonly Source[] = [
  accessLog,
  auditd,
  awsDescribe,
  azureActivity,
  bill,
  cgroupCpu,
  cloudtrail,
  cloudwatch,
  dnsLog,
  falco,
  gcpAudit,
  guardduty,
  hostFiles,
  hostState,
  journald,
  kubernetesAudit,
  kubernetesObjects,
  osquery,
  pcap,
  processTable,
  prometheus,
  prowler,
  route53,
  sarif,
  shellHistory,
  suricata,
  syslog,
  sysstat,
  terraform,
  vpcFlow,
  zeek,
]
