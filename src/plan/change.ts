/**
 * What to change, as typed data: emitters turn it into commands and files, and quote every value for where it goes.
 * Nothing in here is text to be run. A part is left out where the change cannot be made that way.
 */
export interface Change {
  /** In plain words; one line. */
  readonly what: string
  readonly aws?: AwsChange
  readonly terraform?: readonly TerraformPart[]
  readonly nft?: NftChange
  readonly sshd?: SshdChange
  readonly systemd?: SystemdChange
  readonly kubernetes?: KubernetesChange
  /** Forms that such a change has and this one has not, because an id in it is none that the cloud gives. */
  readonly unwritten?: readonly Unwritten[]
}

export interface Unwritten {
  readonly form: 'aws-cli' | 'terraform'
  /** One line, in plain words. */
  readonly why: string
}

/** One call, in the shape of the API's own input. */
export interface AwsCall {
  /** As `aws` calls it: `ec2`, `iam`, `route53resolver`. */
  readonly service: string
  /** As `aws` calls it: `revoke-security-group-ingress`, `wait instance-stopped`. */
  readonly operation: string
  readonly region: string | null
  readonly input: Readonly<Record<string, Json>>
}

export interface AwsChange {
  readonly apply: readonly AwsCall[]
  readonly revert: readonly AwsCall[]
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A value of the Terraform language; `reference` is written bare. */
export type TerraformValue =
  | string
  | number
  | boolean
  | readonly TerraformValue[]
  | { readonly reference: readonly string[] }
  | { readonly map: Readonly<Record<string, TerraformValue>> }

export interface TerraformPart {
  /** A new resource, one that exists and is taken over (`importId`), or a change laid over one in the user's own files. */
  readonly mode: 'resource' | 'override'
  readonly type: string
  /** Unique name is made from it; for an override the resource's own. */
  readonly name: string
  readonly importId?: string
  readonly attributes: Readonly<Record<string, TerraformValue>>
  readonly blocks?: readonly TerraformBlock[]
  /** What the attributes were, for the revert of one that is taken over. */
  readonly previous?: Readonly<Record<string, TerraformValue>>
}

export interface TerraformBlock {
  readonly type: string
  readonly attributes: Readonly<Record<string, TerraformValue>>
  readonly blocks?: readonly TerraformBlock[]
}

/** Ports that a host lets in from some networks only; or what it may talk to. */
export interface NftChange {
  readonly host: string
  readonly input: readonly {
    readonly protocol: 'tcp' | 'udp'
    readonly portFrom: number
    readonly portTo: number
    /** CIDRs that keep access. */
    readonly allow: readonly string[]
  }[]
  readonly output?: readonly {
    readonly protocol: 'tcp' | 'udp'
    readonly address: string
    readonly port: number
  }[]
}

export interface SshdChange {
  readonly host: string
  /** Keyword and value; only keywords that `emitters/sshd.ts` knows are written. */
  readonly settings: readonly (readonly [keyword: string, value: string])[]
}

export interface SystemdChange {
  readonly host: string
  /** `redis-server.service` */
  readonly unit: string
  /** `stop`: disabled and stopped; else a drop-in with these lines. */
  readonly action: 'stop' | 'drop-in'
  readonly section?: 'Unit' | 'Service'
  readonly settings?: readonly (readonly [key: string, value: string])[]
}

export interface KubernetesChange {
  /** A merge patch of an object that is there, or an object that is new. */
  readonly action: 'patch' | 'create'
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string | null
  readonly name: string
  readonly body: { readonly [key: string]: Json }
  /** Merge patch that puts back what was; null = delete what was created. */
  readonly revert: { readonly [key: string]: Json } | null
}
