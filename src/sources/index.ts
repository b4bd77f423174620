import { auditd } from './auditd/index.ts'
import { journald } from './journald/index.ts'
import { pcap } from './pcap/index.ts'
import type { Source } from './source.ts'
import { syslog } from './syslog/index.ts'

/** Every source, by id. Adding one: a folder, and one line here. */
export const SOURCES: readonly Source[] = [auditd, journald, pcap, syslog]
