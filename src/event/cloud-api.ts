import { z } from 'zod'
import { EventBase } from './base.ts'

/**
 * One call to a cloud's or a cluster's control plane (CloudTrail, Kubernetes audit, GCP audit,
 * Azure activity). OCSF: API Activity (6003).
 */
export const CloudApiEvent = EventBase.extend({
  kind: z.literal('cloud-api'),
  provider: z.string().describe('aws, gcp, azure, kubernetes'),
  service: z.string().describe('ec2.amazonaws.com; API group of Kubernetes'),
  operation: z.string().describe('RunInstances; verb and resource of Kubernetes: create pods/exec'),
  outcome: z.enum(['success', 'denied', 'failure']),
  errorCode: z.string().nullable(),
  isDryRun: z
    .boolean()
    .describe('only asked whether it would be let through: `success` says yes, and nothing was done'),
  isReadOnly: z.boolean().nullable(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  caller: z.string().nullable().describe('who called: ARN, Kubernetes user name'),
  callerType: z.string().nullable().describe('Root, IAMUser, AssumedRole, AWSService …'),
  accessKeyId: z.string().nullable(),
  hasMfa: z.boolean().nullable(),
  srcIp: z.string().nullable(),
  srcHost: z.string().nullable().describe('where a service name stands in place of the address'),
  userAgent: z.string().nullable(),
  resources: z.array(z.string()).describe('at most 20 ids or names the call was about'),
  compute: z
    .object({ instanceType: z.string().nullable(), count: z.int(), imageId: z.string().nullable() })
    .nullable()
    .describe(
      'machines the call asked for, or what runs on them; count 0 = none by itself (a task definition)',
    ),
})
export type CloudApiEvent = z.infer<typeof CloudApiEvent>
