import { type Fields, isFields, listAt, textAt } from '../json/fields.ts'

/** What a call was about. */
export interface CallResources {
  /** Ids of EC2 instances and of machines that Systems Manager manages. */
  readonly instances: string[]
  /** Ids, names and ARNs, instances first; at most 20. */
  readonly all: string[]
}

const MAX_RESOURCES = 20
const MAX_LOOKED_AT = 400
const MAX_CHARS = 512
const SMALL_I = 0x69
const SMALL_M = 0x6d
const INSTANCE = /^m?i-[0-9a-z]{8,32}$/u

export function isInstanceId(text: string): boolean {
  const first = text.charCodeAt(0)
  return (first === SMALL_I || first === SMALL_M) && INSTANCE.test(text)
}

/** Members that name the thing a call is about (in lower case); the others are settings, tokens, or what it is attached to. */
const NAMING: ReadonlySet<string> = new Set([
  'alarmnames',
  'allocationid',
  'arn',
  'autoscalinggroupname',
  'bucketname',
  'cluster',
  'clustername',
  'computeenvironmentname',
  'dbinstanceidentifier',
  'dbsnapshotidentifier',
  'detectorid',
  'destinationcidrblock',
  'documentname',
  'fleetid',
  'flowlogid',
  'flowlogids',
  'functionname',
  'groupid',
  'groupname',
  'hostedzoneid',
  'imageid',
  'jobdefinition',
  'jobqueue',
  'keyname',
  'launchconfigurationname',
  'launchtemplateid',
  'launchtemplatename',
  'loggroupname',
  'logstreamname',
  'name',
  'networkinterfaceid',
  'nodegroupname',
  'notebookinstancename',
  'policyarn',
  'policyname',
  'resourcearn',
  'rolearn',
  'rolename',
  'routetableid',
  'rulename',
  'secretid',
  'servicename',
  'snapshotid',
  'spotfleetrequestid',
  'spotinstancerequestid',
  'subnetid',
  'taskarn',
  'taskdefinition',
  'taskdefinitionarn',
  'trailarn',
  'trailname',
  'trainingjobname',
  'username',
  'volumeid',
  'vpcid',
])

/** From parameters, answer and the record's own list. */
export function resourcesOf(parameters: Fields, response: Fields, record: Fields): CallResources {
  const found: Found = { instances: new Set(), named: new Set(), left: MAX_LOOKED_AT }
  collect('', parameters, found)
  collect('', response, found)
  for (const resource of listAt(record, 'resources')) {
    const arn = isFields(resource) ? (textAt(resource, 'ARN') ?? textAt(resource, 'arn')) : null
    if (arn !== null) found.named.add(arn.slice(0, MAX_CHARS))
  }
  return {
    instances: [...found.instances].slice(0, MAX_RESOURCES),
    all: [...found.instances, ...found.named].slice(0, MAX_RESOURCES),
  }
}

interface Found {
  readonly instances: Set<string>
  readonly named: Set<string>
  /** Values that may still be looked at. */
  left: number
}

/** Goes as deep as records are: no deeper than MAX_RECORD_DEPTH. */
function collect(name: string, value: unknown, found: Found): void {
  if (found.left-- <= 0) return
  if (typeof value === 'string') {
    if (isInstanceId(value)) found.instances.add(value)
    else if (value !== '' && NAMING.has(name.toLowerCase())) found.named.add(value.slice(0, MAX_CHARS))
  } else if (Array.isArray(value)) {
    for (const member of value) {
      if (found.left <= 0) return
      collect(name, member, found)
    }
  } else if (isFields(value)) {
    for (const key of Object.keys(value)) collect(key, value[key], found)
  }
}
