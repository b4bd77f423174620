import { type Fields, fieldsOf, parseFields, textAt } from '../json/fields.ts'
import type { JsonPath, Opening, TreeReader } from '../json/json-tree.ts'
import { credentialRows } from './credential-report.ts'
import { type Beside, type Found, type List, LISTS, NAME_LISTS, OBJECTS } from './lists.ts'
import { UNUSED_LISTS } from './unused-lists.ts'

/** Where a piece stands in its input. */
export interface Standing {
  readonly line: number
  readonly offset: number
  readonly raw: string
}

/** What of a list is not here: nothing, further pages, or what stood behind the place where its file is cut off. */
export type Rest = 'none' | 'pages' | 'cut-off'

/** What comes out of answers. */
export interface AnswerSink {
  resource(found: Found, standing: Standing): void
  /** An element, of a list that is known, that makes no sense. */
  bad(): void
  /** Entries of a list that nobody here knows. */
  unused(list: string, count: number): void
  /** A list of AWS that is known and not used: how many entries it had. */
  leftOut(list: string, count: number, gap: string | null): void
  /** A list was asked for and is over: how many entries it had, and whether that is all of it or what is missing. */
  listed(list: string, entries: number, rest: Rest): void
}

const MAX_HELD_CHARS = 1 << 26
const MAX_RAW_CHARS = 512
const NOWHERE: Standing = { line: 1, offset: 0, raw: '' }
/** What an answer says where there is another page. */
const NEXT_PAGE = ['NextToken', 'nextToken', 'NextMarker', 'Marker', 'PaginationToken'] as const

/** Reads answers of the AWS CLI, one JSON document each: lists of resources in an object. */
export class AnswerReader implements TreeReader {
  readonly #sink: AnswerSink
  readonly #stem: string
  #scalars: Record<string, unknown> = Object.create(null)
  #counts = new Map<string, number>()
  #held: { list: List; fields: Fields; standing: Standing }[] = []
  #heldChars = 0
  /** Lists that nothing uses of which an element was seen that only AWS has. */
  #marked = new Set<string>()

  constructor(sink: AnswerSink, stem: string) {
    this.#sink = sink
    this.#stem = stem
  }

  open(path: JsonPath, isArray: boolean): Opening {
    if (path.length === 0) return 'enter'
    const [first = ''] = path
    if (path.length === 1) {
      if (first === '*') return isArray ? 'pass' : 'take'
      if (isArray) {
        if (!this.#counts.has(first)) this.#counts.set(first, 0)
        return 'enter'
      }
      return isKnown(OBJECTS, first) ? 'take' : 'pass'
    }
    this.#count(first)
    if (isArray) return 'pass'
    const isUnsure = isKnown(UNUSED_LISTS, first) && !this.#marked.has(first)
    return isKnown(LISTS, first) || isUnsure ? 'take' : 'pass'
  }

  scalar(path: JsonPath, value: unknown): void {
    const [first = ''] = path
    if (path.length === 1) this.#scalars[first] = value
    else if (path.length === 2) {
      this.#count(first)
      this.#name(first, value)
    }
  }

  take(path: JsonPath, text: string, line: number, offset: number): void {
    const [first = ''] = path
    const fields = parseFields(text)
    if (fields === null) {
      this.#sink.bad()
      return
    }
    const standing = { line, offset, raw: rawOf(text) }
    if (path.length === 2) this.#element(first, fields, standing, text.length)
    else if (first === '*') this.#document(fields, standing)
    else this.#object(first, fields, standing)
  }

  end(isWhole: boolean): void {
    const isLast = NEXT_PAGE.every((name) => textAt(this.#scalars, name) === null)
    for (const { list, fields, standing } of this.#held) this.#read(list, fields, standing, this.#beside())
    for (const [list, count] of this.#counts) {
      if (isKnown(LISTS, list) || isKnown(NAME_LISTS, list))
        this.#sink.listed(list, count, isLast ? (isWhole ? 'none' : 'cut-off') : 'pages')
      else this.#rest(list, count)
    }
    this.#marked = new Set()
    this.#alone(this.#scalars)
    this.#scalars = Object.create(null)
    this.#counts = new Map()
    this.#held = []
    this.#heldChars = 0
  }

  #rest(list: string, count: number): void {
    const known = isKnown(UNUSED_LISTS, list) ? UNUSED_LISTS[list] : undefined
    const isSure = known !== undefined && (count === 0 || known.mark === null || this.#marked.has(list))
    if (isSure) this.#sink.leftOut(list, count, known.gap)
    else this.#sink.unused(list, count)
  }

  #beside(): Beside {
    return { fields: this.#scalars, stem: this.#stem }
  }

  #count(list: string): void {
    this.#counts.set(list, (this.#counts.get(list) ?? 0) + 1)
  }

  #element(name: string, fields: Fields, standing: Standing, chars: number): void {
    const list = isKnown(LISTS, name) ? LISTS[name] : undefined
    if (list === undefined) {
      const mark = UNUSED_LISTS[name]?.mark ?? null
      if (mark !== null && mark in fields) this.#marked.add(name)
      return
    }
    if (list.needsBeside === true && this.#heldChars < MAX_HELD_CHARS) {
      this.#held.push({ list, fields, standing })
      this.#heldChars += chars
    } else this.#read(list, fields, standing, this.#beside())
  }

  #read(list: List, fields: Fields, standing: Standing, beside: Beside): void {
    const found = list.read(fields, beside)
    if (found === null) this.#sink.bad()
    else for (const one of found) this.#sink.resource(one, standing)
  }

  #name(list: string, value: unknown): void {
    const type = isKnown(NAME_LISTS, list) ? NAME_LISTS[list] : undefined
    if (type !== undefined && typeof value === 'string')
      this.#sink.resource({ type, id: value, attributes: {} }, NOWHERE)
  }

  #object(name: string, fields: Fields, standing: Standing): void {
    const known = OBJECTS[name]
    if (known === undefined) return
    const id = known.ids.map((one) => textAt(fields, one)).find((one) => one !== null) ?? name
    this.#sink.resource({ type: known.type, id, attributes: fields }, standing)
  }

  /** One of several documents in an array: a page, or a resource as `--query` leaves it. */
  #document(fields: Fields, standing: Standing): void {
    const lists = Object.keys(fields).filter((name) => isKnown(LISTS, name) && Array.isArray(fields[name]))
    if (lists.length === 0 || 'InstanceId' in fields || 'ReservationId' in fields) {
      const guessed = listOfElement(fields)
      if (guessed === null) this.#sink.unused('(unnamed)', 1)
      else this.#read(guessed, fields, standing, { fields: {}, stem: this.#stem })
      return
    }
    const isLast = NEXT_PAGE.every((name) => textAt(fields, name) === null)
    for (const name of lists) {
      const list = LISTS[name]
      const elements = fields[name]
      if (list === undefined || !Array.isArray(elements)) continue
      for (const element of elements as readonly unknown[]) {
        const one = fieldsOf(element)
        if (one === null) this.#sink.bad()
        else this.#read(list, one, standing, { fields, stem: this.#stem })
      }
      this.#sink.listed(name, elements.length, isLast ? 'none' : 'pages')
    }
  }

  /** Answers without a list. */
  #alone(fields: Fields): void {
    const report = textAt(fields, 'Content')
    if (report !== null && 'ReportFormat' in fields) {
      const csv = Buffer.from(report, 'base64').toString('utf8')
      for (const found of credentialRows(csv)) this.#sink.resource(found, NOWHERE)
    }
    for (const { type, id, has } of ALONE) {
      if (has.every((name) => name in fields))
        this.#sink.resource({ type, id: textAt(fields, id) ?? type, attributes: fields }, NOWHERE)
    }
  }
}

/** Answers that are one object of plain values, by the names that only they have together. */
const ALONE: readonly { readonly type: string; readonly id: string; readonly has: readonly string[] }[] = [
  { type: 'aws_caller_identity', id: 'Account', has: ['UserId', 'Account', 'Arn'] },
  { type: 'aws_cloudtrail_status', id: 'Name', has: ['IsLogging'] },
  { type: 'aws_guardduty_detector', id: 'DetectorId', has: ['Status', 'ServiceRole'] },
  { type: 'aws_ebs_encryption_by_default', id: '', has: ['EbsEncryptionByDefault'] },
]

/** Ids of resources that are also named inside others: what has two of them is the first. */
const BY_ID: readonly (readonly [id: string, list: string])[] = [
  ['InstanceId', 'Instances'],
  ['NetworkInterfaceId', 'NetworkInterfaces'],
  ['SecurityGroupRuleId', 'SecurityGroupRules'],
  ['NetworkAclId', 'NetworkAcls'],
  ['RouteTableId', 'RouteTables'],
  ['NatGatewayId', 'NatGateways'],
  ['InternetGatewayId', 'InternetGateways'],
  ['AllocationId', 'Addresses'],
  ['SubnetId', 'Subnets'],
  ['ListenerArn', 'Listeners'],
  ['TargetGroupArn', 'TargetGroups'],
  ['LoadBalancerArn', 'LoadBalancers'],
  ['GroupId', 'SecurityGroups'],
  ['VpcPeeringConnectionId', 'VpcPeeringConnections'],
  ['VpcId', 'Vpcs'],
  ['VolumeId', 'Volumes'],
  ['ImageId', 'Images'],
]

/** The list that an element comes from which was taken out of it. */
export function listOfElement(fields: Fields): List | null {
  if (Array.isArray(fields['Instances'])) return LISTS['Reservations'] ?? null
  for (const [id, list] of BY_ID) if (typeof fields[id] === 'string') return LISTS[list] ?? null
  return null
}

function isKnown(table: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(table, name)
}

/** The beginning, on one line, as a string of its own. */
function rawOf(text: string): string {
  const start = Buffer.from(text.slice(0, 4 * MAX_RAW_CHARS)).toString('utf8')
  return start.replaceAll(/\s*\n\s*/gu, ' ').slice(0, MAX_RAW_CHARS)
}
