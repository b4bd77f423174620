import type { Finding } from '../event/finding.ts'

/** One machine under attack by the whole internet must not fill the memory. */
const MAX_PRESSURE_PER_SUBJECT = 4_000

/** The findings of a run: the newest telling of each, pressure bounded per machine and the surplus counted. */
export class FindingLedger {
  /** Findings of pressure left out, by subject. */
  readonly surplus = new Map<string, number>()
  /** By id, packed: they come by the ten thousand, and as objects they take four times the memory. */
  private readonly findings = new Map<string, string>()
  private readonly pressure = new Map<string, number>()

  record(finding: Finding): void {
    const isPressure = finding.stage === 'pressure'
    if (isPressure && !this.findings.has(finding.id) && !this.hasRoom(finding)) return
    this.findings.set(finding.id, packed(isPressure ? lean(finding) : finding))
  }

  get size(): number {
    return this.findings.size
  }

  all(): Finding[] {
    const findings = [...this.findings.values()].map(unpacked)
    return findings.toSorted((a, b) => a.firstSeen - b.firstSeen || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  }

  private hasRoom(finding: Finding): boolean {
    const subject = finding.subjects[0] ?? ''
    const count = this.pressure.get(subject) ?? 0
    if (count >= MAX_PRESSURE_PER_SUBJECT) {
      this.surplus.set(subject, (this.surplus.get(subject) ?? 0) + 1)
      return false
    }
    this.pressure.set(subject, count + 1)
    return true
  }
}

/** As JSON, one byte of UTF-8 a character: a text with a single “…” in it would take twice as much. */
function packed(finding: Finding): string {
  const text = JSON.stringify(finding)
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')
}

function unpacked(text: string): Finding {
  return JSON.parse(Buffer.from(text, 'latin1').toString())
}

/** Guessing comes by the ten thousand: its first and its last proof say enough. */
function lean(finding: Finding): Finding {
  const [first] = finding.evidence
  const last = finding.evidence.at(-1)
  if (first === undefined || last === undefined || finding.evidence.length <= 2) return finding
  return { ...finding, evidence: [first, last] }
}
