import { headLines } from '../head-lines.ts'
import { defineJsonSource } from '../json/define-json-source.ts'
import { mergeEvents } from '../json/merge-events.ts'
import { jsonStream } from '../json-stream.ts'
import type { Source } from '../source.ts'
import { DISORDER_MS, zeekRecords } from './definition.ts'
import { readTsv } from './read-tsv.ts'
import { isTsvHead, TsvReader } from './tsv.ts'

const json = defineJsonSource(zeekRecords)

/** Zeek's logs, in its own format or as JSON, however they were joined and rotated. */
export const zeek: Source = {
  ...json,

  recognise: (head) => (isTsv(head) ? 1 : json.recognise(head)),

  firstTime: (head) => (isTsv(head) ? firstTsvTime(head) : json.firstTime(head)),

  read(inputs, env) {
    const streams = inputs.map((input) => {
      if (!isTsv(input.head)) return jsonStream(input, env, zeekRecords)
      const report = env.reportOf(input)
      report.format = zeekRecords.id
      const firstTime = firstTsvTime(input.head)
      return { input, report, firstTime, records: () => readTsv(input, report, env) }
    })
    return mergeEvents(streams, DISORDER_MS)
  },
}

function isTsv(head: Uint8Array): boolean {
  return head[0] === 0x23 && headLines(head).slice(0, 8).some(isTsvHead)
}

/** The records come as they end: the first line need not be the earliest. */
function firstTsvTime(head: Uint8Array): number | null {
  const reader = new TsvReader()
  let first = Infinity
  for (const text of headLines(head)) {
    const fields = reader.read(text)
    if (typeof fields === 'string') continue
    const time = zeekRecords.timeOf({ ...fields, _path: reader.path ?? '' })
    if (time !== null && time < first) first = time
  }
  return first === Infinity ? null : first
}
