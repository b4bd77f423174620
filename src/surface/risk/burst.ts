/** What a burstable type adds to its price at full load. */
export interface Burst {
  readonly vcpus: number
  /** Share of each vCPU that the price pays for. */
  readonly baseline: number
  readonly usdPerVcpuHour: number
  readonly isUnlimitedByDefault: boolean
}

/** Source: AWS, "Burstable performance instances", EC2 user guide. */
const SIZES: Readonly<Record<string, readonly [vcpus: number, baseline: number]>> = {
  nano: [2, 0.05],
  micro: [2, 0.1],
  small: [2, 0.2],
  medium: [2, 0.2],
  large: [2, 0.3],
  xlarge: [4, 0.4],
  '2xlarge': [8, 0.4],
}
const FAMILIES: Readonly<Record<string, readonly [usdPerVcpuHour: number, isUnlimitedByDefault: boolean]>> = {
  t3: [0.05, true],
  t3a: [0.05, true],
  t4g: [0.04, true],
}
/** Of T2 only some sizes differ from T3 in the number of vCPUs. */
const T2: Readonly<Record<string, readonly [vcpus: number, baseline: number]>> = {
  nano: [1, 0.05],
  micro: [1, 0.1],
  small: [1, 0.2],
  medium: [2, 0.2],
  large: [2, 0.3],
  xlarge: [4, 0.225],
  '2xlarge': [8, 0.17],
}
const T2_USD_PER_VCPU_HOUR = 0.05

/** Null for types at a fixed price. */
export function burstOf(instanceType: string): Burst | null {
  const [family = '', size = '', more] = instanceType.toLowerCase().split('.')
  if (more !== undefined) return null
  if (family === 't2' && Object.hasOwn(T2, size)) {
    const [vcpus, baseline] = T2[size] ?? [0, 0]
    return { vcpus, baseline, usdPerVcpuHour: T2_USD_PER_VCPU_HOUR, isUnlimitedByDefault: false }
  }
  if (!Object.hasOwn(FAMILIES, family) || !Object.hasOwn(SIZES, size)) return null
  const [vcpus, baseline] = SIZES[size] ?? [0, 0]
  const [usdPerVcpuHour, isUnlimitedByDefault] = FAMILIES[family] ?? [0, false]
  return { vcpus, baseline, usdPerVcpuHour, isUnlimitedByDefault }
}

/** US dollars an hour on top of the price, once the day's credits are used up and the type may go on. */
export function surplusUsdPerHour({ vcpus, baseline, usdPerVcpuHour }: Burst): number {
  return vcpus * (1 - baseline) * usdPerVcpuHour
}
