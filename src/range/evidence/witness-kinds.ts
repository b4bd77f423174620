import { CLOUDTRAIL, ROUTE53, VPC_FLOW } from './aws/index.ts'
import { BILL } from './bill/index.ts'
import { NODE_EXPORTER, SYSSTAT } from './cpu/index.ts'
import { FORWARDERS } from './dns/index.ts'
import { SHELL_HISTORIES } from './history/index.ts'
import { JOURNALD } from './journald/index.ts'
import type { CloudWitnessKind, HostWitnessKind } from './witness.ts'

/** Kinds of evidence beside captures, auth.log, audit trails and access logs. */
export const HOST_WITNESS_KINDS: readonly HostWitnessKind[] = [
  FORWARDERS,
  JOURNALD,
  NODE_EXPORTER,
  SHELL_HISTORIES,
  SYSSTAT,
]
export const CLOUD_WITNESS_KINDS: readonly CloudWitnessKind[] = [BILL, CLOUDTRAIL, ROUTE53, VPC_FLOW]
