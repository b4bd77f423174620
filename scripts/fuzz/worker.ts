/** Runs the cases of one target, one after the other, and tells the parent of those that fail. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { caseOf, randomOf } from './case.ts'
import type { Failure } from './protocol.ts'
import { shrink } from './shrink.ts'
import type { Target } from './target.ts'
import { TARGETS } from './targets/index.ts'

/** CPU time that a case may take, whatever its size; and per byte of it. */
const MAX_MS = 4000
const MAX_MS_PER_BYTE = 0.005
const SHRINK_MS = 8000
/** How often memory is looked at, in cases; and how much more it may be than it was at first. */
const LOOK_EVERY = 500
const MAX_GROWTH_BYTES = 100e6
const SETTLES_MS = 30
/** Of one kind of failure, so many are told. */
const TOLD_PER_KIND = 2

const Job = z.object({
  target: z.string(),
  seed: z.number(),
  firstIndex: z.number(),
  count: z.number().nullable(),
  progress: z.instanceof(SharedArrayBuffer),
})

const job = Job.parse(workerData)
const progress = new Int32Array(job.progress)
const target = TARGETS.find((one) => one.name === job.target)
if (target !== undefined) await runCases(target)

async function runCases(target: Target): Promise<void> {
  const samples = target.samples()
  const last = job.count === null ? Number.MAX_SAFE_INTEGER : job.firstIndex + job.count
  const told = new Map<string, number>()
  let heldAtFirst: number | null = null
  for (let index = job.firstIndex; index < last; index++) {
    Atomics.store(progress, 0, index)
    const bytes = caseOf(target, samples, job.seed, index)
    const error = await failureOf(target, bytes, index)
    if (error !== null) await tell(target, bytes, index, error, told)
    if ((index - job.firstIndex) % LOOK_EVERY === LOOK_EVERY - 1) {
      const held = await heldBytes()
      heldAtFirst ??= held
      if (held - heldAtFirst > MAX_GROWTH_BYTES)
        await tell(
          target,
          bytes,
          index,
          new Error(`memory grew by ${Math.round((held - heldAtFirst) / 1e6)} MB over many cases`),
          told,
        )
    }
    // Lets the parent's messages, and timers of what was fuzzed, through.
    if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  Atomics.store(progress, 0, last)
}

async function failureOf(target: Target, bytes: Uint8Array, index: number): Promise<Error | null> {
  const startedAt = process.threadCpuUsage()
  try {
    await target.check(bytes.slice(), randomOf(target, job.seed, index).fork('check'))
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
  const { user, system } = process.threadCpuUsage(startedAt)
  const took = (user + system) / 1000
  return took > MAX_MS + bytes.length * MAX_MS_PER_BYTE
    ? new Error(`too slow: ${Math.round(took / 1000)} s for ${bytes.length} bytes`)
    : null
}

async function tell(
  target: Target,
  bytes: Uint8Array,
  index: number,
  error: Error,
  told: Map<string, number>,
): Promise<void> {
  const kind = kindOf(error)
  const before = told.get(kind) ?? 0
  told.set(kind, before + 1)
  if (before >= TOLD_PER_KIND) return
  const isSlow = error.message.startsWith('too slow') || error.message.startsWith('memory grew')
  const fails = async (candidate: Uint8Array): Promise<boolean> => {
    const again = await failureOf(target, candidate, index)
    return again !== null && kindOf(again) === kind
  }
  const smallest = isSlow
    ? bytes
    : await shrink(bytes, fails, () => performance.now(), performance.now() + SHRINK_MS)
  const failure: Failure = {
    index,
    message: error.message.slice(0, 2000),
    stack: (error.stack ?? '').slice(0, 4000),
    bytes: smallest,
  }
  parentPort?.postMessage(failure, [])
}

/** The message without its numbers, and where it came from. */
function kindOf(error: Error): string {
  const from = error.stack?.split('\n').find((line) => line.includes('/src/')) ?? ''
  return `${error.message.replaceAll(/\d+/gu, 'N').slice(0, 200)} ${from.trim()}`
}

async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  // Memory outside of the heap is given back some time after it was found to be garbage.
  for (let round = 0; round < 2; round++) {
    if (typeof collect === 'function') collect()
    await new Promise((resolve) => setTimeout(resolve, SETTLES_MS))
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
