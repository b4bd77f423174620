import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openEvidence } from '../../../src/cli/reading.ts'
import { composition } from '../../../src/compose.ts'
import { analyse } from '../../../src/pipeline/analyse.ts'
import { conclude } from '../../../src/pipeline/conclude.ts'
import type { Investigation, StoryFinding } from '../../../src/story/document.ts'

export interface EvidenceFile {
  readonly path: string
  readonly content: string | Uint8Array
  /** Epoch ms; July 2026 unless said. */
  readonly modifiedAt?: number
}

export interface Told {
  readonly story: Investigation
  /** Findings that belong to no incident. */
  readonly loose: readonly StoryFinding[]
}

interface Options {
  readonly timezone?: string
  readonly inventory?: string
  readonly config?: string
}

/** All evidence here is of May and June 2026, and is read in July. */
const NOW = Date.UTC(2026, 6, 1)

/** What `davylamp investigate` concludes from these files, without the process around it. */
export async function investigate(files: readonly EvidenceFile[], options: Options = {}): Promise<Told> {
  const dir = mkdtempSync(join(tmpdir(), 'davylamp-detection-'))
  try {
    for (const file of files) lay(join(dir, 'evidence', file.path), file.content, file.modifiedAt)
    const parts = composition()
    const operator = parts.readOperator({
      config: options.config === undefined ? null : lay(join(dir, 'davylamp.yaml'), options.config),
      inventory: options.inventory === undefined ? null : lay(join(dir, 'inventory.yaml'), options.inventory),
    })
    const { timezone } = options
    const evidence = await openEvidence(
      [join(dir, 'evidence')],
      timezone === undefined ? {} : { timezone },
      parts,
      NOW,
    )
    try {
      const groups = new Map(evidence.opened.inputs.map((input) => [input.name, input.group]))
      const analysis = await analyse(evidence.reading, {
        rules: null,
        detectors: parts.detectors,
        context: { intel: parts.intel },
        machines: operator.machines,
        since: evidence.since,
        until: evidence.until,
        groupOf: (file) => groups.get(file) ?? '',
      })
      const { investigation, unattached } = conclude(analysis, evidence.skipped, {
        now: NOW,
        version: '0',
        zone: evidence.zone.name,
        machines: operator.machines,
        policy: operator.policy,
        intel: parts.intel,
        moneyOf: (incident, consumed) => parts.moneyOf(incident, consumed),
        showSecrets: false,
        minSeverity: 'info',
        asset: null,
      })
      return { story: investigation, loose: unattached.map(({ body }) => body) }
    } finally {
      evidence.opened.close()
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function lay(path: string, content: string | Uint8Array, modifiedAt = NOW): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  utimesSync(path, modifiedAt / 1000, modifiedAt / 1000)
  return path
}
