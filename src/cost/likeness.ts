import { burstOf, steadySurplusUsdPerHour } from './burst.ts'
import { gpuFamilyOf } from './instance-size.ts'

/**
 * How much a rise of the bill looks like mining: by what is charged for, never by the sum alone. Even `strong` says only
 * that mining would look so; what makes it, a bill cannot say.
 */
export type Likeness = 'strong' | 'some' | 'little' | 'unknown'

export interface Charged {
  readonly service: string | null
  readonly meter: string | null
  readonly instanceType: string | null
  /** The resources that it is charged for, as far as the bill names them. */
  readonly resources: number
  /** A day, in the currency of the bill. */
  readonly amountPerDay: number
  readonly currency: string
  /** Nothing was ever spent in that region, or on that family, before. */
  readonly isFirst: boolean
}

export interface Judgement {
  readonly likeness: Likeness
  /** Of the rise being mining: below a half whatever it is. */
  readonly confidence: number
  readonly why: string
}

const CREDITS = /CPUCredits/iu
/** What miners have no use for: they move a few megabytes a day and keep nothing. */
const NO_COMPUTE =
  /EBS:|Volume|Snapshot|Storage|TimedStorage|DataTransfer|Data-?Transfer|Bytes|NatGateway|VpcEndpoint|ElasticIP|PublicIP|IPv4|LoadBalancer|LCU|Requests|Backup|CW:|Logs|KMS|DNS/iu
const COMPUTE =
  /BoxUsage|SpotUsage|DedicatedUsage|HostUsage|Fargate|Lambda|vCPU|ECS|EKS|SageMaker|ml\.|Batch|Lightsail|AppRunner|CodeBuild|Elastic Compute|AmazonEC2|Compute Engine|Virtual Machine|Container|Kubernetes|Cloud Run|Cloud Functions|App Service/iu
/** Of what a machine at full load day and night is charged for credits. */
const FULL = 0.7
const DAY_HOURS = 24

export function likenessOf(charged: Charged): Judgement {
  const { service, meter, instanceType, isFirst } = charged
  if (CREDITS.test(meter ?? '')) return creditsLikeness(charged)
  const family = instanceType === null ? null : gpuFamilyOf(instanceType)
  if (family !== null)
    return {
      likeness: 'strong',
      confidence: isFirst ? 0.45 : 0.35,
      why: `accelerators (${instanceType}) are what whoever has somebody else's account starts first; so does a team that trains a model`,
    }
  if (NO_COMPUTE.test(meter ?? ''))
    return { likeness: 'little', confidence: 0.05, why: 'miners need processors, not storage or traffic' }
  if (instanceType !== null || COMPUTE.test(`${meter ?? ''} ${service ?? ''}`))
    return isFirst
      ? {
          likeness: 'strong',
          confidence: 0.4,
          why: 'processors in a place where nothing of yours ever ran: so it looks when somebody uses an account that is not his; a move or a new team looks the same',
        }
      : {
          likeness: 'some',
          confidence: 0.25,
          why: 'more hours of processors: mining looks so, and so do growth, a deployment, and machines nobody stopped',
        }
  return service === null && meter === null
    ? { likeness: 'unknown', confidence: 0.2, why: 'the bill does not say what it is for' }
    : { likeness: 'little', confidence: 0.1, why: 'it is not for processors, as far as its name tells' }
}

function creditsLikeness({ instanceType, resources, amountPerDay, currency }: Charged): Judgement {
  const burst = burstOf(instanceType)
  const full =
    burst === null || currency !== 'USD'
      ? null
      : steadySurplusUsdPerHour(burst, 1) * DAY_HOURS * Math.max(1, resources)
  if (full === null || full <= 0)
    return {
      likeness: 'some',
      confidence: 0.3,
      why: 'surplus CPU credits: machines that worked beyond their baseline for hours, as with a miner or with more work',
    }
  if (amountPerDay >= full * FULL)
    return {
      likeness: 'strong',
      confidence: 0.45,
      why: `surplus CPU credits as a ${instanceType} at full load day and night has them ($${full.toFixed(2)} a day at most): miners do not rest, most work does`,
    }
  return {
    likeness: 'some',
    confidence: 0.25,
    why: `surplus CPU credits, ${Math.round((amountPerDay / full) * 100)} % of what a ${instanceType} at full load day and night has`,
  }
}
