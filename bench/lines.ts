import type { Sizes, Staged } from './evidence/stage.ts'
import { AUSEARCH, FAIL2BAN, JQ, NDPI, type Peer, TCPDUMP, TSHARK } from './peers.ts'

/** Evidence that is read, and who else reads it. */
export interface Subject {
  readonly id: string
  readonly title: string
  readonly path: string
  /** Bytes that are read, decompressed; null = as large as the file is. */
  readonly bytes: number | null
  readonly peers: readonly { readonly peer: Peer; readonly path: string }[]
  /** Most that the process may take, where something is promised. */
  readonly maxPeakBytes: number | null
}

export interface Size {
  readonly name: 'full' | 'quick'
  readonly sizes: Sizes
  /** Runs of each line; of the long ones. */
  readonly runs: number
  readonly longRuns: number
}

export const FULL: Size = {
  name: 'full',
  sizes: {
    scale: 200,
    sshdLines: 1_000_000,
    auditRecords: 1_000_000,
    journalEntries: 300_000,
    headLines: 100_000,
  },
  runs: 3,
  longRuns: 1,
}

export const QUICK: Size = {
  name: 'quick',
  sizes: { scale: 40, sshdLines: 60_000, auditRecords: 40_000, journalEntries: 20_000, headLines: 10_000 },
  runs: 1,
  longRuns: 1,
}

const MIXED_PEAK_BYTES = 300e6

export function subjects(staged: Staged): Subject[] {
  const plain = { bytes: null, maxPeakBytes: null }
  return [
    {
      ...plain,
      id: 'capture',
      title: 'capture',
      path: staged.capture,
      peers: on(staged.capture, TCPDUMP, NDPI, TSHARK),
    },
    {
      ...plain,
      id: 'sshd',
      title: 'sshd, classic lines',
      path: staged.sshdClassic,
      peers: on(staged.sshdHead, FAIL2BAN),
    },
    { ...plain, id: 'sshd-iso', title: 'sshd, RFC 3339 lines', path: staged.sshdIso, peers: [] },
    {
      ...plain,
      id: 'audit',
      title: 'audit trail',
      path: staged.audit,
      peers: on(staged.audit, AUSEARCH),
    },
    { ...plain, id: 'journal', title: 'journal, JSON', path: staged.journal, peers: on(staged.journal, JQ) },
    {
      id: 'mixed',
      title: 'all at once, with .gz and .zst',
      path: staged.mixed,
      bytes: staged.mixedBytes,
      peers: [],
      maxPeakBytes: MIXED_PEAK_BYTES,
    },
  ]
}

function on(path: string, ...peers: readonly Peer[]): Subject['peers'] {
  return peers.map((peer) => ({ peer, path }))
}
