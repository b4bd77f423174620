import type { Random } from '../../random.ts'
import { dayPath, objectTime, secondTime } from '../clock-text.ts'
import type { ApiCall, OpenEvidence, WitnessedFile } from '../witness.ts'
import { callerFields, errorMessage, uuidFrom } from './cloud-trail-fields.ts'
import { Delivery } from './delivery.ts'

/** CloudTrail hands over what it has every five minutes or so; a quiet trail in larger parcels. */
const PERIOD_MS = 15 * 60_000
const EVENT_VERSION = '1.09'

/** IAM, STS (global endpoint), Route 53 and CloudFront speak in us-east-1 whatever the caller's region. */
const GLOBAL_SOURCES = new Set([
  'iam.amazonaws.com',
  'route53.amazonaws.com',
  'cloudfront.amazonaws.com',
  'organizations.amazonaws.com',
])
const GLOBAL_REGION = 'us-east-1'

/** A trail over all regions, as S3 holds it: `{"Records":[…]}`, gzipped, one object per region and period. */
export class CloudTrail {
  readonly #open: OpenEvidence
  readonly #account: string
  readonly #folder: string
  readonly #random: Random
  readonly #regions = new Map<string, Delivery>()

  constructor(open: OpenEvidence, account: string, folder: string, random: Random) {
    this.#open = open
    this.#account = account
    this.#folder = folder
    this.#random = random
  }

  write(call: ApiCall): void {
    const region = GLOBAL_SOURCES.has(call.eventSource) ? GLOBAL_REGION : call.region
    const record = this.#record(call, region)
    this.#deliveryOf(region).write(JSON.stringify(record), call.timeMs)
  }

  files(): readonly WitnessedFile[] {
    return Array.from(this.#regions.values(), (delivery) => delivery.files()).flat()
  }

  end(): void {
    for (const delivery of this.#regions.values()) delivery.end()
  }

  #deliveryOf(region: string): Delivery {
    const known = this.#regions.get(region)
    if (known !== undefined) return known
    const delivery = new Delivery(this.#open, {
      periodMs: PERIOD_MS,
      opening: '{"Records":[',
      between: ',',
      closing: ']}',
      path: (startMs) => this.#path(region, startMs + PERIOD_MS),
    })
    this.#regions.set(region, delivery)
    return delivery
  }

  /** docs.aws.amazon.com/awscloudtrail, "Finding your CloudTrail log files". */
  #path(region: string, deliveredMs: number): string {
    const unique = this.#random.text(16, ALPHANUMERIC)
    const name = `${this.#account}_CloudTrail_${region}_${objectTime(deliveredMs)}_${unique}.json.gz`
    const folder = `AWSLogs/${this.#account}/CloudTrail/${region}/${dayPath(deliveredMs)}`
    return `${this.#folder}${folder}/${name}`
  }

  #record(call: ApiCall, region: string): Record<string, unknown> {
    const isSignIn = call.eventSource === 'signin.amazonaws.com'
    const isService = call.caller.type === 'AWSService'
    return {
      eventVersion: EVENT_VERSION,
      userIdentity: callerFields(call.caller, call.account, call.timeMs),
      eventTime: secondTime(call.timeMs),
      eventSource: call.eventSource,
      eventName: call.eventName,
      awsRegion: region,
      sourceIPAddress: call.source,
      userAgent: call.userAgent,
      ...(call.errorCode === null ? {} : { errorCode: call.errorCode, errorMessage: errorMessage(call) }),
      requestParameters: call.request,
      responseElements: call.errorCode === null ? call.response : null,
      ...(isSignIn ? { additionalEventData: SIGN_IN_DATA } : {}),
      requestID: uuidFrom(this.#random),
      eventID: uuidFrom(this.#random),
      readOnly: call.isReadOnly,
      eventType: isSignIn ? 'AwsConsoleSignIn' : 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: call.account,
      eventCategory: 'Management',
      ...(isService || isSignIn ? {} : { tlsDetails: tlsDetails(call.eventSource, region) }),
    }
  }
}

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const SIGN_IN_DATA = {
  LoginTo: 'https://console.aws.amazon.com/console/home',
  MobileVersion: 'No',
  MFAUsed: 'Yes',
} as const

function tlsDetails(eventSource: string, region: string): Record<string, string> {
  const service = eventSource.slice(0, eventSource.indexOf('.'))
  const host = GLOBAL_SOURCES.has(eventSource)
    ? `${service}.amazonaws.com`
    : `${service}.${region}.amazonaws.com`
  return { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: host }
}
