import { composition } from '../../../src/compose.ts'
import type { Composition } from '../../../src/cli/composition.ts'
import type { Input } from '../../../src/inputs/input.ts'
import { analyse } from '../../../src/pipeline/analyse.ts'
import { conclude } from '../../../src/pipeline/conclude.ts'
import { InputReports } from '../../../src/pipeline/input-reports.ts'
import { datedRanges, survey } from '../../../src/pipeline/survey.ts'
import { Zones } from '../../../src/pipeline/zones.ts'
import { createPolicy } from '../../../src/policy/create-policy.ts'
import type { Random } from '../../../src/range/random.ts'
import { Investigation } from '../../../src/story/document.ts'
import { inputOf } from '../feed.ts'
import { sceneFile, someLines } from '../scene.ts'
import { promise, type Target } from '../target.ts'

const NOW = Date.UTC(2026, 5, 15)
/** Must come out of no renderer as it went in. */
const MARKUP = '<b onclick=fuzz>'
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

let shared: Composition | null = null

/** From bytes to every report: what is in the evidence plays no trick on whoever reads the story. */
export const story: Target = {
  name: 'story',
  samples: () => [
    someLines('auth.log', 180, 200),
    someLines('audit.log', 380, 250),
    someLines('audit.log', 0, 80),
    sceneFile('eth0.pcap').subarray(0, 120_000),
  ],
  words: [
    MARKUP,
    '\u001b[2J',
    '\u202e',
    '; rm -rf /',
    '=1+1',
    '|',
    '`',
    '\u0007',
    'xmrig -o stratum+tcp://',
    '/dev/shm/.',
    'root',
    '203.0.113.7',
  ],
  build: null,
  check: async (bytes, random) => {
    shared ??= composition()
    const inputs = [inputOf('a', bytes, random)]
    if (random.chance(0.5)) inputs.push(inputOf('auth.log', someLines('auth.log', 150, 150), random))
    if (random.chance(0.3))
      inputs.push(inputOf('eth0.pcap', sceneFile('eth0.pcap').subarray(0, 60_000), random))
    const told = await tell(inputs, random, shared)
    Investigation.parse(told)
    for (const report of shared.reports)
      checkReport(
        report.id,
        report.render(told, { width: random.integer(40, 140), full: random.chance(0.5) }),
      )
  },
}

async function tell(inputs: readonly Input[], random: Random, composed: Composition): Promise<Investigation> {
  const { sources, detectors, intel } = composed
  const { bySource, skipped } = survey(inputs, sources)
  const reading = {
    bySource,
    datedRanges: datedRanges(bySource),
    reports: new InputReports(),
    zones: new Zones(null),
    now: NOW,
  }
  const analysis = await analyse(reading, {
    rules: null,
    detectors,
    context: { intel },
    machines: [],
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    groupOf: () => '',
  })
  return conclude(analysis, skipped, {
    now: NOW,
    version: '0',
    zone: 'UTC',
    machines: [],
    policy: createPolicy({ known: [], operators: [] }),
    intel,
    moneyOf: (incident, consumed) => composed.moneyOf(incident, consumed),
    showSecrets: random.chance(0.3),
    minSeverity: 'info',
    asset: null,
  }).investigation
}

function checkReport(id: string, text: string): void {
  if (id === 'json') JSON.parse(text)
  else promise(!HIDDEN.test(text.replaceAll('\n', '')), `${id}: nothing hidden`)
  if (id === 'html' || id === 'markdown') promise(!text.includes(MARKUP), `${id}: no markup out of evidence`)
}
