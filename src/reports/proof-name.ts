import type { Investigation, Proof } from '../story/document.ts'
import { formatNumber } from '../text/units.ts'
import { visible } from '../text/visible.ts'

const MAX_RECORD_ID = 24

/** Names files by as little of their path as tells them apart: `auth.log`, `web-1/auth.log`. */
export class FileNames {
  private readonly names = new Map<string, string>()

  constructor(files: Iterable<string>) {
    const byEnd = new Map<string, Set<string>>()
    const all = new Set(files)
    for (const file of all) {
      for (const end of endsOf(file)) byEnd.set(end, (byEnd.get(end) ?? new Set()).add(file))
    }
    for (const file of all)
      this.names.set(file, endsOf(file).find((end) => byEnd.get(end)?.size === 1) ?? file)
  }

  nameOf(file: string): string {
    return visible(this.names.get(file) ?? file)
  }
}

/** `c`, `b/c`, `a/b/c`: at most four parts, then the whole. */
function endsOf(file: string): string[] {
  const parts = file.split(/[/!]/)
  const ends = [1, 2, 3, 4]
    .filter((count) => count < parts.length)
    .map((count) => parts.slice(-count).join('/'))
  return [...ends.filter((end) => end !== ''), file]
}

/** Every file that the document names. */
export function fileNames(investigation: Investigation): FileNames {
  const files = [...investigation.inputs, ...investigation.skipped].map((entry) => entry.file)
  return new FileNames(files)
}

/** Where a proof stands: `auth.log:18231`, `eth0.pcap packet 118,204`, `audit.log #88412`. */
export function proofName(proof: Proof, files: FileNames): string {
  return `${files.nameOf(proof.file)}${placeName(proof)}`
}

export function placeName(proof: Proof): string {
  if (proof.packet !== undefined) return ` packet ${formatNumber(proof.packet)}`
  const hasShortId =
    proof.recordId !== undefined && proof.recordId !== '' && proof.recordId.length <= MAX_RECORD_ID
  if (hasShortId) return ` #${visible(proof.recordId ?? '')}`
  if (proof.line !== undefined) return `:${proof.line}`
  return ` byte ${formatNumber(proof.offset)}`
}

/** One key per place in the evidence. */
export function proofKey(proof: Proof): string {
  return JSON.stringify([proof.file, proof.packet ?? 0, proof.line ?? 0, proof.recordId ?? '', proof.offset])
}
