import { Worker } from 'node:worker_threads'
import { caseOf } from './case.ts'
import type { Failure, Job } from './protocol.ts'
import type { Target } from './target.ts'

/** A case that has not ended by then hangs: generous, because the machine may be busy with other things. */
const HANG_MS = 60_000
const LOOK_MS = 500
/** Where input makes it grow without bound it dies of this, and the machine does not. */
const MAX_HEAP_MB = 768
const MAX_RESTARTS = 20

export interface Plan {
  readonly target: Target
  readonly seed: number
  readonly seconds: number
  /** So many cases, however long they take; null = as many as there is time for. */
  readonly cases: number | null
  /** Only this case. */
  readonly only: number | null
}

/** Fuzzes one target in a thread of its own, which is replaced when a case hangs or kills it. Gives the number of cases. */
export async function runTarget(plan: Plan, told: (failure: Failure) => void): Promise<number> {
  const { target, seed, only } = plan
  const first = only ?? 0
  const most = only === null ? plan.cases : 1
  const endsAt = most === null ? performance.now() + plan.seconds * 1000 : Number.POSITIVE_INFINITY
  let index = first
  for (let restart = 0; restart < MAX_RESTARTS; restart++) {
    const progress = new SharedArrayBuffer(4)
    const job: Job = {
      target: target.name,
      seed,
      firstIndex: index,
      count: most === null ? null : first + most - index,
      progress,
    }
    const end = await watch(job, endsAt, told)
    const current = new Int32Array(progress)[0] ?? index
    if (end === 'over') return Math.max(1, current - first)
    told({ index: current, message: end, stack: '', bytes: caseOf(target, target.samples(), seed, current) })
    index = current + 1
    if (index - first === most || performance.now() > endsAt) return index - first
  }
  return index - first
}

/** `over` when time is up or all is done; else what happened to the case in hand. */
async function watch(job: Job, endsAt: number, told: (failure: Failure) => void): Promise<string> {
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  })
  const progress = new Int32Array(job.progress)
  const { promise, resolve } = Promise.withResolvers<string>()
  let [seen, seenAt] = [-1, performance.now()]
  const timer = setInterval(() => {
    const now = performance.now()
    const current = Atomics.load(progress, 0)
    if (current !== seen) [seen, seenAt] = [current, now]
    if (now - seenAt > HANG_MS) resolve(`hangs: no end within ${HANG_MS / 1000} s`)
    else if (now > endsAt && now - seenAt < HANG_MS / 2 && seen >= 0) resolve('over')
  }, LOOK_MS)
  worker.on('message', told)
  worker.on('error', (error) => {
    resolve(error instanceof Error ? `died: ${error.stack ?? error.message}` : `died: ${String(error)}`)
  })
  worker.on('exit', () => {
    resolve('over')
  })
  const end = await promise
  clearInterval(timer)
  await worker.terminate()
  return end
}
