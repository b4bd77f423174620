/** `node bench/events-only.ts PATH…`: reads evidence as far as normalised events in time order, and counts them. */
import { setFlagsFromString } from 'node:v8'
import { openInputs } from '../src/inputs/open.ts'
import { InputReports } from '../src/pipeline/input-reports.ts'
import { readEvents } from '../src/pipeline/read-events.ts'
import { datedRanges, survey } from '../src/pipeline/survey.ts'
import { Zones } from '../src/pipeline/zones.ts'
import { SOURCES } from '../src/sources/index.ts'

// As bin/davylamp.mjs does, so that figures compare.
setFlagsFromString('--optimize-for-size')
const opened = await openInputs(process.argv.slice(2))
const { bySource } = survey(opened.inputs, SOURCES)
const reports = new InputReports()
const reading = {
  bySource,
  datedRanges: datedRanges(bySource),
  reports,
  zones: new Zones(null),
  now: Date.now(),
}
let events = 0
for await (const batch of readEvents(reading)) events += batch.events.length
opened.close()
process.stdout.write(`${JSON.stringify({ events, ...reports.totals() })}\n`)
