import type { Input } from '../inputs/input.ts'
import { emptyReport } from '../sources/reading.ts'
import type { InputReport } from '../sources/source.ts'

/** One report per input, handed to the sources to fill in. */
export class InputReports {
  private readonly reports = new Map<Input, InputReport>()

  of(input: Input): InputReport {
    let report = this.reports.get(input)
    if (report === undefined) {
      report = emptyReport(input.name)
      this.reports.set(input, report)
    }
    return report
  }

  all(): [Input, InputReport][] {
    return [...this.reports]
  }

  totals(): { bytes: number; records: number } {
    let bytes = 0
    let records = 0
    for (const report of this.reports.values()) {
      bytes += report.bytes
      records += report.records
    }
    return { bytes, records }
  }
}
