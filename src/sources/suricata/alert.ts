import type { AlertEvent } from '../../event/alert.ts'
import type { Severity } from '../../event/finding.ts'
import { countAt, type Fields, listAt, objectAt, textAt } from '../json/fields.ts'
import { dnsName } from '../programs/dns-line.ts'
import { machineSide } from '../machine-side.ts'
import { addressId, type EveBase, type Ends } from './eve.ts'
import { communityIdOf } from './flow.ts'

/** Suricata's severity is the priority of the rule's class: 1 is the worst. */
const SEVERITIES: readonly Severity[] = ['low', 'high', 'medium', 'low', 'info']

/** Classes and tags with which rule writers say that it is about mining: `Crypto Currency Mining Activity Detected`, ET COINMINER. */
const MINING =
  /\b(?:coin[\s_-]?min(?:er|ing)|crypto[\s_-]?(?:min(?:er|ing)|jacking)|crypto[\s_-]?currency[\s_-]?min(?:er|ing))\b/iu
const MINING_TECHNIQUE = /^T1496(?:\.001)?$/u

export function alertEvent(fields: Fields, ends: Ends, base: EveBase): AlertEvent {
  const alert = objectAt(fields, 'alert')
  const signature = textAt(alert, 'signature') ?? 'unnamed rule'
  const category = textAt(alert, 'category')
  const http = objectAt(fields, 'http')
  const isAboutMining = isMining(alert, signature, category ?? '')
  const isMachineSource =
    machineSide(ends.srcIp, ends.dstIp, meantSide(fields, ends, isAboutMining)) === 'src'
  const both = [addressId(ends.srcIp), addressId(ends.dstIp)]
  const subjects = isMachineSource ? both : both.toReversed()
  return {
    kind: 'alert',
    ...base,
    observer: subjects[0] ?? base.observer,
    subjects,
    sensor: 'suricata',
    rule: ruleOf(alert, signature),
    title: signature,
    severity: SEVERITIES[countAt(alert, 'severity') ?? 3] ?? 'info',
    category,
    isMining: isAboutMining,
    ...ends,
    domain: domainOf(fields, http),
    communityId: communityIdOf(fields, ends),
    user: null,
    commandLine: null,
    count: 1,
  }
}

/** Miners ask; attacks go at who answers, unless the rule says that they go at the client. */
function meantSide(fields: Fields, ends: Ends, isAboutMining: boolean): 'src' | 'dst' {
  const direction = textAt(fields, 'direction')
  const isFromServer =
    direction === null ? ends.srcPort < 1024 && ends.dstPort >= 1024 : direction === 'to_client'
  const targets = texts(objectAt(objectAt(fields, 'alert'), 'metadata'), 'attack_target')
  const isAtClient = isAboutMining || targets.some((target) => target.startsWith('Client'))
  return isAtClient === isFromServer ? 'dst' : 'src'
}

/** Generator and signature number, as Suricata writes them: `1:2034125`. */
function ruleOf(alert: Fields, signature: string): string {
  const id = textAt(alert, 'signature_id')
  return id === null ? signature : `${textAt(alert, 'gid') ?? '1'}:${id}`
}

/** The rule itself says so: by its class, its name's category, its tags or its technique. */
function isMining(alert: Fields, signature: string, category: string): boolean {
  const metadata = objectAt(alert, 'metadata')
  const said = [
    category,
    signature,
    ...texts(metadata, 'former_category'),
    ...texts(metadata, 'tag'),
    ...texts(metadata, 'malware_family'),
  ]
  return (
    said.some((text) => MINING.test(text)) ||
    texts(metadata, 'mitre_technique_id').some((id) => MINING_TECHNIQUE.test(id))
  )
}

function texts(metadata: Fields, name: string): string[] {
  const value = metadata[name]
  if (typeof value === 'string') return [value]
  return listAt(metadata, name).filter((item) => typeof item === 'string')
}

/** The name that the connection was about, where the alert carries its transaction. */
function domainOf(fields: Fields, http: Fields): string | null {
  const name =
    textAt(http, 'hostname') ?? textAt(objectAt(fields, 'tls'), 'sni') ?? queried(objectAt(fields, 'dns'))
  return name === null || name === '' ? null : dnsName(name)
}

function queried(dns: Fields): string | null {
  for (const list of ['query', 'queries']) {
    const [first] = listAt(dns, list)
    if (typeof first === 'object' && first !== null && 'rrname' in first && typeof first.rrname === 'string')
      return first.rrname
  }
  return textAt(dns, 'rrname')
}
