import { type Fields, isFields, listAt, objectAt, textAt } from '../json/fields.ts'

const PARTS = ['objectRef', 'requestURI', 'sourceIPs', 'responseStatus']

/**
 * An event of either version of the API (audit.k8s.io/v1 and v1beta1); pipelines may have dropped which. The cluster's
 * other kind of Event has no verb.
 */
export function isAuditEvent(fields: Fields): boolean {
  if (fields['kind'] !== 'Event') return false
  if ((textAt(fields, 'apiVersion') ?? '').startsWith('audit.k8s.io/')) return true
  return textAt(fields, 'verb') !== null && PARTS.some((name) => name in fields)
}

/** `create pods/exec`; the path where the request is about no object. */
export function operationOf(fields: Fields): string {
  const verb = textAt(fields, 'verb') ?? 'unknown'
  const ref = objectAt(fields, 'objectRef')
  const resource = textAt(ref, 'resource')
  if (resource === null) return `${verb} ${pathOf(textAt(fields, 'requestURI') ?? '')}`.trim()
  const part = textAt(ref, 'subresource')
  return part === null ? `${verb} ${resource}` : `${verb} ${resource}/${part}`
}

function pathOf(uri: string): string {
  const mark = uri.indexOf('?')
  return mark < 0 ? uri : uri.slice(0, mark)
}

const MAX_RESOURCES = 20

/** What the call was about: the object, the command run in it, and what a pod asks for beyond its container. */
export function resourcesOf(fields: Fields): string[] {
  const ref = objectAt(fields, 'objectRef')
  const resource = textAt(ref, 'resource')
  const found: string[] = []
  if (resource !== null) {
    const parts = [textAt(ref, 'namespace'), textAt(ref, 'name')].filter((part) => part !== null)
    found.push([resource, ...parts].join('/'))
  }
  const command = commandOf(textAt(fields, 'requestURI') ?? '')
  if (command !== null) found.push(`command: ${command}`)
  for (const privilege of privilegesOf(objectAt(fields, 'requestObject'))) found.push(privilege)
  return found.slice(0, MAX_RESOURCES)
}

/** The command of pods/exec and pods/attach stands in the query: `?command=sh&command=-c&…`. */
function commandOf(uri: string): string | null {
  const mark = uri.indexOf('?')
  if (mark < 0 || !uri.includes('command=', mark)) return null
  const words = new URLSearchParams(uri.slice(mark + 1)).getAll('command')
  return words.length === 0 ? null : words.join(' ').slice(0, 1024)
}

/** Of a pod, or of what makes pods: DaemonSet, Deployment, Job, CronJob and their kin. */
function podSpec(object: Fields): Fields {
  const spec = objectAt(object, 'spec')
  if (object['kind'] === 'Pod' || 'containers' in spec) return spec
  const job = objectAt(objectAt(spec, 'jobTemplate'), 'spec')
  return objectAt(objectAt('template' in spec ? spec : job, 'template'), 'spec')
}

const HOST_SHARES: readonly (readonly [string, string])[] = [
  ['hostNetwork', 'host network'],
  ['hostPID', 'host processes'],
  ['hostIPC', 'host IPC'],
]
const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const
/** Lists in a request are as long as the client likes. */
const MAX_LISTED = 64

function privilegesOf(object: Fields): string[] {
  const spec = podSpec(object)
  const found = HOST_SHARES.filter(([field]) => spec[field] === true).map(([, name]) => name)
  for (const volume of fieldsIn(spec, 'volumes')) {
    const path = textAt(objectAt(volume, 'hostPath'), 'path')
    if (path !== null) found.push(`host path ${path.slice(0, 256)}`)
  }
  for (const container of CONTAINER_LISTS.flatMap((list) => fieldsIn(spec, list))) {
    const security = objectAt(container, 'securityContext')
    if (security['privileged'] === true) found.push('privileged')
    for (const name of listAt(objectAt(security, 'capabilities'), 'add').slice(0, MAX_LISTED))
      if (typeof name === 'string') found.push(`capability ${name.slice(0, 64)}`)
    const image = textAt(container, 'image')
    if (image !== null) found.push(`image ${image.slice(0, 256)}`)
  }
  return [...new Set(found)]
}

function fieldsIn(fields: Fields, name: string): Fields[] {
  return listAt(fields, name).slice(0, MAX_LISTED).filter(isFields)
}
