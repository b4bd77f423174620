import { formatNumber } from '../../text/units.ts'
import type { CaptureOutcome } from '../../wire/capture/reader.ts'
import { counted, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'

const LINK_NAMES: ReadonlyMap<number, string> = new Map([
  [105, '802.11'],
  [127, '802.11 with radiotap'],
  [119, '802.11 with Prism header'],
  [189, 'USB'],
  [220, 'USB'],
  [147, 'user-defined'],
  [195, '802.15.4'],
  [187, 'Bluetooth'],
  [201, 'Bluetooth'],
  [251, 'Bluetooth LE'],
  [227, 'CAN'],
])

/** How reading one capture went, as its report needs it. */
export interface ReadCapture {
  readonly report: InputReport
  readonly reader: { readonly packetNumber: number }
  readonly unknownLinks: ReadonlyMap<number, number>
}

/** Puts what was wrong with a capture into words, once it has been read to its end. */
export function tellOutcome(outcome: CaptureOutcome, capture: ReadCapture): void {
  const { report } = capture
  const packets = capture.reader.packetNumber
  // Packets whose record was damaged never reached the reader: they count as read, and as bad.
  report.records += outcome.badPackets
  report.bad += outcome.badPackets
  if (outcome.isForeign) {
    tellProblem(report, outcome.bytes === 0 ? 'it is empty' : 'it ends within the capture header: no packets')
    return
  }
  if (report.bad > 0)
    tellProblem(report, `${plural(report.bad, 'packet')} left out: headers damaged or cut short`)
  for (const [linkType, count] of capture.unknownLinks) {
    const name = LINK_NAMES.get(linkType)
    const link = name === undefined ? `link type ${linkType}` : `link type ${linkType}, ${name},`
    tellProblem(report, `${plural(count, 'packet')} of ${link} not read`)
  }
  const first = outcome.damages[0]
  if (first !== undefined) {
    const skipped = outcome.damages.reduce((sum, damage) => sum + damage.bytes, 0)
    const where = outcome.damageCount === 1 ? '' : ` in ${formatNumber(outcome.damageCount)} places, first`
    tellProblem(
      report,
      `damaged${where} at byte ${formatNumber(first.offset)}: ${plural(skipped, 'byte')} skipped`,
    )
  }
  if (outcome.isCutOff) {
    const place = `packet ${formatNumber(packets + 1)} (file cut off at ${plural(outcome.bytes, 'byte')})`
    tellProblem(report, `it ends in the middle of ${place}; read what is there: ${plural(packets, 'packet')}`)
  }
}

function plural(count: number, noun: string): string {
  return counted(count, noun, `${noun}s`)
}
