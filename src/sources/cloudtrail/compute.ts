import type { CloudApiEvent } from '../../event/cloud-api.ts'
import { type Fields, isFields } from '../json/fields.ts'

type Compute = NonNullable<CloudApiEvent['compute']>

/** Where a call says what it asks for: names of members anywhere in its parameters, in order of preference. */
interface Asking {
  readonly type: readonly string[]
  readonly count: readonly string[]
  readonly image: readonly string[]
  /** Where it does not say how many. */
  readonly otherwise: number
}

const IMAGES = ['imageid', 'image', 'imageuri']

function asking(type: readonly string[], count: readonly string[], otherwise = 1): Asking {
  return { type, count, image: IMAGES, otherwise }
}

const FLEET = asking(['instancetype'], ['totaltargetcapacity', 'targetcapacity', 'instancecount'])
const GROUP = asking(['instancetype'], ['desiredcapacity', 'minsize', 'maxsize'], 0)
const TASKS = asking(['instancetype', 'launchtype'], ['desiredcount', 'count'])
const LEARNING = asking(['instancetype'], ['instancecount', 'initialinstancecount'])
const NODES = asking(['instancetypes', 'instancetype'], ['desiredsize', 'minsize', 'maxsize'], 0)

/** Calls that ask for machines, or for what runs on them, by service and operation. */
const ASKING: Readonly<Record<string, Asking>> = {
  'ec2 RunInstances': asking(['instancetype'], ['maxcount', 'mincount']),
  'ec2 RequestSpotInstances': FLEET,
  'ec2 RequestSpotFleet': FLEET,
  'ec2 ModifySpotFleetRequest': FLEET,
  'ec2 CreateFleet': FLEET,
  'ec2 ModifyFleet': FLEET,
  'autoscaling CreateAutoScalingGroup': GROUP,
  'autoscaling UpdateAutoScalingGroup': GROUP,
  'autoscaling SetDesiredCapacity': GROUP,
  'ecs RunTask': TASKS,
  'ecs StartTask': TASKS,
  'ecs CreateService': TASKS,
  'ecs UpdateService': asking(TASKS.type, TASKS.count, 0),
  // What a task may take; it starts nothing.
  'ecs RegisterTaskDefinition': asking(['cpu'], [], 0),
  'lambda CreateFunction': asking(['memorysize'], []),
  'lambda PutFunctionConcurrency': asking([], ['reservedconcurrentexecutions']),
  'batch SubmitJob': asking(['instancetype', 'vcpus'], ['size']),
  'batch CreateComputeEnvironment': asking(['instancetypes'], [], 0),
  'batch UpdateComputeEnvironment': asking(['instancetypes'], [], 0),
  'sagemaker CreateNotebookInstance': LEARNING,
  'sagemaker CreateTrainingJob': LEARNING,
  'sagemaker CreateProcessingJob': LEARNING,
  'sagemaker CreateTransformJob': LEARNING,
  'sagemaker CreateHyperParameterTuningJob': LEARNING,
  'sagemaker CreateEndpointConfig': LEARNING,
  'sagemaker CreateCluster': LEARNING,
  'sagemaker CreateApp': LEARNING,
  'eks CreateNodegroup': NODES,
  'eks UpdateNodegroupConfig': NODES,
  'elasticmapreduce RunJobFlow': asking(
    ['instancetype', 'masterinstancetype', 'slaveinstancetype'],
    ['instancecount'],
  ),
  'gamelift CreateFleet': asking(['ec2instancetype'], []),
  'glue CreateJob': asking(['workertype'], ['numberofworkers'], 0),
  'glue StartJobRun': asking(['workertype'], ['numberofworkers']),
  'lightsail CreateInstances': asking(['bundleid'], []),
}

/** Units of what is no type of machine. */
const UNITS: Readonly<Record<string, string>> = {
  'ecs RegisterTaskDefinition': 'CPU units',
  'lambda CreateFunction': 'MB',
}
/** Names of these operations: most calls are others. */
const OPERATIONS: ReadonlySet<string> = new Set(
  Object.keys(ASKING).map((key) => key.slice(key.indexOf(' ') + 1)),
)
/** The API version that Lambda writes behind its operations: `CreateFunction20150331v2`. */
const API_VERSION = /\d{8}(?:v\d+)?$/u
const DOMAIN = '.amazonaws.com'

/** The machines that a call asks for; null where it is about something else. */
export function computeOf(
  service: string,
  operation: string,
  parameters: Fields,
  response: Fields,
): Compute | null {
  const bare = isVersioned(operation) ? operation.replace(API_VERSION, '') : operation
  if (!OPERATIONS.has(bare)) return null
  const name = service.endsWith(DOMAIN) ? service.slice(0, -DOMAIN.length) : service
  const key = `${name} ${bare}`
  const asked = Object.hasOwn(ASKING, key) ? ASKING[key] : undefined
  if (asked === undefined) return null
  const type = first(asked.type, parameters) ?? first(asked.type, response)
  const image = first(asked.image, parameters) ?? first(asked.image, response)
  const unit = UNITS[key]
  return {
    instanceType: type === null || unit === undefined ? type : `${type} ${unit}`,
    count: countOf(first(asked.count, parameters)) ?? namesIn(parameters) ?? asked.otherwise,
    imageId: image,
  }
}

function isVersioned(operation: string): boolean {
  const last = operation.charCodeAt(operation.length - 1)
  return last >= 0x30 && last <= 0x39
}

function countOf(text: string | null): number | null {
  const count = text === null ? Number.NaN : Number(text)
  return Number.isSafeInteger(count) && count >= 0 ? count : null
}

/** Lightsail counts by names. */
function namesIn(parameters: Fields): number | null {
  const names = parameters['instanceNames']
  return Array.isArray(names) ? names.length : null
}

function first(names: readonly string[], root: Fields): string | null {
  for (const name of names) {
    const found = find(name, root)
    if (found !== null) return found
  }
  return null
}

const MAX_LOOKED_AT = 400

/** The first value of that name (in lower case) at any depth, level by level: services nest and spell their own way. */
function find(name: string, root: Fields): string | null {
  const queue: unknown[] = [root]
  for (let at = 0; at < queue.length && at < MAX_LOOKED_AT; at++) {
    const value = queue[at]
    if (Array.isArray(value)) queue.push(...value.slice(0, MAX_LOOKED_AT))
    if (!isFields(value)) continue
    for (const [key, member] of Object.entries(value)) {
      if (key.toLowerCase() === name) {
        const found = scalar(member)
        if (found !== null) return found
      }
      if (typeof member === 'object' && member !== null) queue.push(member)
    }
  }
  return null
}

function scalar(value: unknown): string | null {
  if (Array.isArray(value)) return scalar(value.find((member) => typeof member === 'string'))
  // ModifyInstanceAttribute and others: `{"value": …}`.
  if (isFields(value)) return scalar(value['value'])
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}
