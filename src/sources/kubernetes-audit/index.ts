import type { CloudApiEvent } from '../../event/cloud-api.ts'
import { identifier } from '../../event/identifier.ts'
import { isoTime } from '../iso-time.ts'
import { defineJsonSource } from '../json/define-json-source.ts'
import { countAt, type Fields, listAt, objectAt, parseFields, textAt } from '../json/fields.ts'
import { readPeer } from '../programs/address.ts'
import type { Source } from '../source.ts'
import { isAuditEvent, operationOf, resourcesOf } from './audit.ts'

/** Requests are logged when they end, and watches and execs last; the log is written in batches. */
const DISORDER_MS = 60_000
const READ_VERBS = new Set(['get', 'list', 'watch', 'head'])
/** Bytes of a certificate's name; nobody's user name is longer. */
const MAX_NAME = 512

/** The audit log of a Kubernetes API server, as a file, or as EKS (CloudWatch Logs) and AKS pass it on. */
export const kubernetesAudit: Source = defineJsonSource({
  id: 'kubernetes-audit',
  title: 'Kubernetes audit log (audit.k8s.io)',
  kinds: ['cloud-api'],
  hint: 'kube-apiserver --audit-log-path with an audit policy; on EKS the log type "audit" of the control plane, in CloudWatch Logs; on AKS the category kube-audit. Level Request tells what pods ask for.',
  words: { one: 'audit event', many: 'audit events' },
  disorderMs: DISORDER_MS,

  /** AKS keeps the event as text in `properties.log`. */
  prepare(fields) {
    const log = textAt(objectAt(fields, 'properties'), 'log')
    return log === null || !log.startsWith('{') ? fields : (parseFields(log) ?? fields)
  },

  recogniseRecord: (fields) => (isAuditEvent(fields) ? 1 : 0),

  timeOf(fields) {
    const stages = [textAt(fields, 'stageTimestamp'), textAt(fields, 'requestReceivedTimestamp')]
    return isoTime(stages[0] ?? null) ?? isoTime(stages[1] ?? null)
  },

  /** One request has a record for each stage it reached. */
  identityOf(fields) {
    const id = textAt(fields, 'auditID')
    return id === null ? null : `${id} ${textAt(fields, 'stage') ?? ''}`
  },

  normalise({ fields, time, timeQuality, origin }) {
    if (!isAuditEvent(fields) || !isOutcome(textAt(fields, 'stage'))) return null
    const observer = identifier('account', 'kubernetes')
    const subjects = [observer]
    const event: CloudApiEvent = {
      kind: 'cloud-api',
      time,
      timeQuality,
      observer,
      subjects,
      origin,
      ...callOf(fields),
    }
    const logSource = { product: 'kubernetes', category: 'application', service: 'audit' }
    return { logSource, observer, subjects, events: [event] }
  },
})

/** `RequestReceived` and `ResponseStarted` tell of requests whose end is told once more. */
function isOutcome(stage: string | null): boolean {
  return stage === null || stage === 'ResponseComplete' || stage === 'Panic'
}

type Call = Omit<CloudApiEvent, 'kind' | 'time' | 'timeQuality' | 'observer' | 'subjects' | 'origin'>

function callOf(fields: Fields): Call {
  const user = objectAt(fields, 'impersonatedUser')
  const real = objectAt(fields, 'user')
  const status = objectAt(fields, 'responseStatus')
  const code = countAt(status, 'code')
  const [address] = listAt(fields, 'sourceIPs')
  const { ip, host } = readPeer(typeof address === 'string' ? address : '')
  const name = textAt(real, 'username')
  const outcome = outcomeOf(fields, code)
  return {
    provider: 'kubernetes',
    service: textAt(objectAt(fields, 'objectRef'), 'apiGroup') ?? 'core',
    operation: operationOf(fields),
    outcome,
    errorCode:
      outcome === 'success' ? null : (textAt(status, 'reason') ?? (code === null ? null : String(code))),
    isDryRun: (textAt(fields, 'requestURI') ?? '').includes('dryRun=All'),
    isReadOnly: READ_VERBS.has(textAt(fields, 'verb') ?? ''),
    account: null,
    region: null,
    caller: name === null ? null : name.slice(0, MAX_NAME),
    callerType: callerType(name, textAt(user, 'username')),
    accessKeyId: null,
    hasMfa: null,
    srcIp: ip,
    srcHost: host,
    userAgent: textAt(fields, 'userAgent'),
    resources: resourcesOf(fields),
    compute: null,
  }
}

function outcomeOf(fields: Fields, code: number | null): Call['outcome'] {
  if (textAt(objectAt(fields, 'annotations'), 'authorization.k8s.io/decision') === 'forbid') return 'denied'
  if (code === 401 || code === 403) return 'denied'
  return code !== null && code >= 400 ? 'failure' : 'success'
}

function callerType(name: string | null, impersonated: string | null): string | null {
  if (name === null) return null
  if (impersonated !== null) return `impersonates ${impersonated.slice(0, MAX_NAME)}`
  if (name === 'system:anonymous') return 'Anonymous'
  if (name.startsWith('system:serviceaccount:')) return 'ServiceAccount'
  if (name.startsWith('system:node:')) return 'Node'
  return name.startsWith('system:') ? 'System' : 'User'
}
