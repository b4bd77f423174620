import { z } from 'zod'
import { EventBase } from './base.ts'

/**
 * What an inventory says of one thing at one moment: a cloud resource as `describe-*` or a Terraform plan gives it,
 * a Kubernetes object, a listening socket or a service of a host. `attributes` are the producer's own, untouched, so
 * that `surface/` reads them where it knows what they mean. OCSF: Device Inventory / Cloud Resources Inventory (5023).
 */
export const ResourceEvent = EventBase.extend({
  kind: z.literal('resource'),
  provider: z.enum(['aws', 'gcp', 'azure', 'kubernetes', 'host', 'other']),
  /** `aws_security_group` and the like for clouds (Terraform's type names), `Pod` for Kubernetes, `listening-socket` for a host. */
  resourceType: z.string().describe('Terraform type name, Kubernetes kind, or kind of host fact'),
  resourceId: z.string().describe('unique within provider, account, region and type'),
  name: z.string().nullable(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  /** A plan tells of what will be; its ids may not be known yet. */
  state: z.enum(['observed', 'planned']),
  attributes: z.record(z.string(), z.unknown()),
  unknownAttributes: z
    .array(z.string())
    .describe('paths of attributes that the producer says are not known yet (until apply)'),
  /** Of a plan: where what is not known yet will come from, as far as its configuration tells. */
  references: z
    .record(
      z.string(),
      z.array(
        z.object({
          resourceId: z.string(),
          attribute: z.string().nullable().describe('of that resource; null = not said'),
        }),
      ),
    )
    .optional()
    .describe('path of an attribute → the resources that it is taken from'),
})
export type ResourceEvent = z.infer<typeof ResourceEvent>
