import { burstOf } from './burst.ts'

/** Accelerated families of AWS, and of Azure's N series. */
const GPU_FAMILY = /^(?:p\d\w*|g\d\w*|inf\d\w*|trn\d\w*|dl\d\w*|vt\d\w*|f\d\w*)$/u

/** The GPU (or other accelerator) family of a machine type: `p4d` of p4d.24xlarge, `NC` of Standard_NC6s_v3; null for others. */
export function gpuFamilyOf(instanceType: string): string | null {
  const azure = /^Standard_(N[A-Z]{1,2})\d/u.exec(instanceType)?.[1]
  if (azure !== undefined) return azure
  const family =
    instanceType
      .toLowerCase()
      .replace(/^(?:ml|db|cache)\./u, '')
      .split('.', 1)[0] ?? ''
  return instanceType.includes('.') && GPU_FAMILY.test(family) ? family : null
}

/** Processors of an AWS type by its size, as all but a few families have them; null where the size does not tell. */
export function vcpusOf(instanceType: string | null): number | null {
  if (instanceType === null) return null
  const burst = burstOf(instanceType)
  if (burst !== null) return burst.vcpus
  const size = /\.(large|\d{0,3}xlarge)$/u.exec(instanceType.toLowerCase())?.[1]
  if (size === undefined) return null
  return size === 'large' ? 2 : 4 * Number(size.replace('xlarge', '') || '1')
}
