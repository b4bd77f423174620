import { Running } from '../../event/running.ts'
import { countAt, type Fields, listAt, numberAt, textAt } from '../json/fields.ts'

const STATES = Running.shape.exeState.options
const MISSING = Running.shape.missingFrom.element.options

/** What a fact says of a running process; whoever wrote the archive may have written anything. */
export function runningOf(fields: Fields): Running {
  return {
    startedAt: numberAt(fields, 'startedAt'),
    state: textAt(fields, 'state') ?? '?',
    isKernelThread: fields['isKernelThread'] === true,
    parentName: textAt(fields, 'parentName'),
    user: textAt(fields, 'user'),
    exeState: STATES.find((state) => state === fields['exeState']) ?? 'unseen',
    exeSha256: textAt(fields, 'exeSha256'),
    unit: textAt(fields, 'unit'),
    cgroup: textAt(fields, 'cgroup'),
    container: textAt(fields, 'container'),
    intervalMs: positive(numberAt(fields, 'intervalMs')) ?? 0,
    cpuCores: positive(numberAt(fields, 'cpuCores')),
    cpuSeries: seriesAt(fields, 'cpuSeries'),
    waitedCores: positive(numberAt(fields, 'waitedCores')),
    waitedSeries: seriesAt(fields, 'waitedSeries'),
    lifetimeCores: positive(numberAt(fields, 'lifetimeCores')),
    threads: countAt(fields, 'threads') ?? 0,
    pinnedThreads: countAt(fields, 'pinnedThreads'),
    threadNames: textsAt(fields, 'threadNames'),
    allowedCpus: textAt(fields, 'allowedCpus'),
    residentBytes: positive(numberAt(fields, 'residentBytes')),
    hugePageBytes: positive(numberAt(fields, 'hugePageBytes')),
    niceness: integer(numberAt(fields, 'niceness')),
    environmentNames: textsAt(fields, 'environmentNames'),
    oddLibraries: textsAt(fields, 'oddLibraries'),
    missingFrom: MISSING.filter((way) => listAt(fields, 'missingFrom').includes(way)),
    isOwn: fields['isOwn'] === true,
  }
}

const MAX_PARTS = 64
const MAX_TEXTS = 256

function seriesAt(fields: Fields, name: string): number[] {
  return listAt(fields, name)
    .filter((one) => typeof one === 'number')
    .slice(0, MAX_PARTS)
}

function positive(value: number | null): number | null {
  return value === null || value < 0 || !Number.isFinite(value) ? null : value
}

function integer(value: number | null): number | null {
  return value === null || !Number.isSafeInteger(value) ? null : value
}

function textsAt(fields: Fields, name: string): string[] {
  return listAt(fields, name)
    .filter((one) => typeof one === 'string')
    .slice(0, MAX_TEXTS)
}
