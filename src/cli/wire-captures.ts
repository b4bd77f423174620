import { Readable } from 'node:stream'
import type { Input, Skipped } from '../inputs/input.ts'
import { STANDARD_INPUT } from '../inputs/open.ts'
import { InputReports } from '../pipeline/input-reports.ts'
import { isCapture } from '../wire/capture/reader.ts'
import { isIpfixHeader } from '../wire/ipfix/flow-reader.ts'
import type { WireComposition } from './composition.ts'
import { pipedCapture } from './piped-capture.ts'
import { openGiven, type ReadingOptions, spanOf } from './reading.ts'
import { parseZone } from './zone.ts'

/** What `davylamp wire` reads. Whoever gets it closes it. */
export interface WireInputs {
  readonly captures: readonly Input[]
  /** Flows that ipfixprobe exported. */
  readonly flows: readonly Input[]
  readonly skipped: readonly Skipped[]
  readonly reports: InputReports
  readonly zone: string
  readonly since: number
  readonly until: number
  close(): void
}

/** Opens what was given and looks what it is, by content. Throws `usage` and `nothing-to-read`. */
export async function openWireInputs(
  paths: readonly string[],
  options: ReadingOptions,
  composition: WireComposition,
  now: number,
): Promise<WireInputs> {
  const piped = paths.length === 1 && paths[0] === STANDARD_INPUT ? await pipedCapture(process.stdin) : null
  if (piped !== null && !(piped instanceof Readable)) return fromPipe(piped, options, now)
  const openInputs: WireComposition['openInputs'] = (all, isHashed) =>
    composition.openInputs(all, isHashed, piped ?? undefined)
  const given = await openGiven(paths, options, { openInputs }, now)
  const captures: Input[] = []
  const flows: Input[] = []
  const skipped = [...given.skipped]
  for (const input of given.inputs) {
    const { head } = input
    if (isCapture(head)) captures.push(input)
    else if (isIpfixHeader(firstLine(head))) flows.push(input)
    else
      skipped.push({
        file: input.name,
        reason: head.length === 0 ? 'empty' : 'neither a capture nor flows of ipfixprobe',
      })
  }
  return {
    captures,
    flows,
    skipped,
    reports: new InputReports(),
    zone: given.zone.name,
    since: given.since,
    until: given.until,
    close: () => given.opened.close(),
  }
}

function firstLine(head: Uint8Array): string {
  const end = head.indexOf(0x0a)
  return Buffer.from(head.subarray(0, end < 0 ? head.length : end)).toString('latin1')
}

function fromPipe(input: Input, options: ReadingOptions, now: number): WireInputs {
  return {
    captures: [input],
    flows: [],
    skipped: [],
    reports: new InputReports(),
    zone: parseZone(options.timezone ?? 'UTC').name,
    ...spanOf(options, now),
    close: () => undefined,
  }
}
