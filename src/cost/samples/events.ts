import type { CostEvent } from '../../event/cost.ts'
import type { CpuEvent } from '../../event/cpu.ts'
import type { HttpEvent } from '../../event/http.ts'
import type { MetricEvent } from '../../event/metric.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
/** A Monday. */
export const START = Date.UTC(2026, 4, 4)

const base = {
  timeQuality: 'exact' as const,
  observer: 'host:web-1',
  origin: { source: 'sysstat', file: 'sa', offset: 0, raw: 'x' },
}

export function cpuAt(start: number, busyShare: number, more: Partial<CpuEvent> = {}): CpuEvent {
  return {
    ...base,
    subjects: ['host:web-1'],
    kind: 'cpu',
    start,
    time: start + HOUR_MS / 6,
    scope: 'machine',
    busyShare,
    userShare: null,
    systemShare: null,
    ioWaitShare: null,
    stealShare: null,
    busyCores: null,
    cores: 2,
    pid: null,
    user: null,
    name: null,
    isLifetime: false,
    ...more,
  }
}

/** Ten-minute readings over some hours. */
export function load(hours: number, shareAt: (hour: number) => number, from = START): CpuEvent[] {
  return Array.from({ length: hours * 6 }, (_, reading) =>
    cpuAt(from + (reading * HOUR_MS) / 6, shareAt(reading / 6)),
  )
}

export function metricAt(
  time: number,
  name: MetricEvent['name'],
  value: number,
  more: Partial<MetricEvent> = {},
): MetricEvent {
  return {
    ...base,
    subjects: ['host:web-1'],
    kind: 'metric',
    time,
    start: time,
    name,
    producerName: name,
    value,
    statistic: 'mean',
    ...more,
  }
}

export function requestAt(time: number, seconds: number): HttpEvent {
  return {
    ...base,
    subjects: ['host:web-1'],
    kind: 'http',
    role: 'server',
    time,
    seconds,
    srcIp: '192.0.2.1',
    srcHost: null,
    dstIp: null,
    dstPort: null,
    user: null,
    method: 'GET',
    host: null,
    path: '/',
    query: null,
    protocol: null,
    status: 200,
    bytes: null,
    referrer: null,
    userAgent: null,
  }
}

/** A day's charge; days count from START. */
export function charge(day: number, billed: string, more: Partial<CostEvent> = {}): CostEvent {
  const time = START + day * DAY_MS
  return {
    ...base,
    observer: 'account:111122223333',
    subjects: ['account:111122223333'],
    kind: 'cost',
    time,
    end: time + DAY_MS,
    provider: 'AWS',
    account: '111122223333',
    region: 'us-east-1',
    service: 'AmazonEC2',
    resource: null,
    meter: null,
    instanceType: null,
    category: 'usage',
    currency: 'USD',
    billed,
    effective: billed,
    quantity: null,
    rows: 24,
    ...more,
  }
}
