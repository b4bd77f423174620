import { type Burner, isPlateau } from '../model/host/running.ts'
import { isHidingPlace, isSystemPlace } from '../model/host/places.ts'

export interface Tuning {
  /** Programs may write to the registers of the processor. */
  areMsrWritable: boolean
  /** Huge pages of 2 MiB that are set aside. */
  hugePages: number
}

export interface Reason {
  readonly weight: number
  readonly text: string
  /** Not found on a machine that is simply well set up. */
  readonly isOdd: boolean
}

const MIB = 2 ** 20
/** RandomX keeps 2,080 MiB of data and 256 MiB of cache, once for all threads, and 2 MiB for each. */
const RANDOMX_BYTES = { least: 2080 * MIB, most: 3072 * MIB }
const LONG_MS = 30 * 60_000

/** What speaks for a miner; measured on the running program, whatever it is called. */
export function reasonsOf(burner: Burner, tuning: Tuning): Reason[] {
  const { event, running, cores } = burner
  const reasons: Reason[] = []
  const add = (weight: number, text: string, isOdd = false): void => {
    reasons.push({ weight, text, isOdd })
  }
  if (isPlateau(burner)) add(1, 'evenly')
  if (
    running.startedAt !== null &&
    event.time - running.startedAt >= LONG_MS &&
    (running.lifetimeCores ?? 0) >= cores * 0.75
  )
    add(1, 'all its life')
  if (running.pinnedThreads !== null && running.pinnedThreads >= Math.max(1, Math.floor(cores)))
    add(
      1,
      `${running.pinnedThreads} ${running.pinnedThreads === 1 ? 'thread' : 'threads'} bound to one processor each`,
    )
  if ((running.hugePageBytes ?? 0) >= 256 * MIB) add(1, 'its memory in huge pages')
  const memory = Math.max(running.residentBytes ?? 0, running.hugePageBytes ?? 0)
  if (memory >= RANDOMX_BYTES.least && memory <= RANDOMX_BYTES.most)
    add(1, "as much memory as RandomX's data takes")
  if (tuning.areMsrWritable) add(2, 'the registers of the processor are open for writing (msr)', true)
  const { exe } = event.actor
  if (running.exeState === 'memfd' || running.exeState === 'deleted') add(2, 'without a file', true)
  else if (exe !== null && isHidingPlace(exe)) add(2, 'from a hiding place', true)
  if (exe !== null && isSystemPlace(exe)) add(-1, 'from where programs are installed')
  if (THREAD_NAMES.some((name) => running.threadNames.some((one) => name.test(one))))
    add(3, 'its threads are called as those of a miner', true)
  return reasons
}

const THREAD_NAMES = [/^xmrig/u, /^cpuminer/u, /^ethminer/u, /^t-rex/u, /^stratum/u, /^lolMiner/u]
