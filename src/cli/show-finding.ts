import { safeJson } from '../reports/safe-json.ts'
import type { RenderOptions } from '../reports/report.ts'
import { renderFinding, type ProofContext } from '../reports/terminal/finding.ts'
import type { CaseStore } from '../store/case-store.ts'
import type { Proof, StoryFinding } from '../story/document.ts'
import type { Composition } from './composition.ts'
import { EvidencePlace } from './evidence-place.ts'
import { contextsOf } from './proof-context.ts'
import type { ShowOptions } from './show.ts'

/** Proofs of a finding that are shown in context, unless all are asked for. */
const PROOFS_SHOWN = 3

interface Showing {
  readonly store: CaseStore
  readonly options: ShowOptions
  readonly composition: Composition
  readonly look: Partial<RenderOptions>
}

/** A finding with its proof: raw lines in their context, packets decoded. */
export async function showFinding(
  { asset, incident, body }: { asset: string; incident: string | null; body: StoryFinding },
  { store, options, composition, look }: Showing,
): Promise<void> {
  if (options.format === 'json') {
    process.stdout.write(safeJson({ asset, incident, ...body }))
    return
  }
  const place = await EvidencePlace.of(store, composition, {
    caseFolder: options.case,
    moved: options.evidence ?? null,
  })
  const shown = options.full === true ? body.evidence : pick(body.evidence)
  const contexts: ProofContext[] = []
  for (const [file, proofs] of Map.groupBy(shown, (proof) => proof.file)) {
    const reopened = await place.reopen(file)
    if (reopened === null) {
      contexts.push(...proofs.map((proof) => ({ proofs: [proof], lines: [], state: 'gone' as const })))
      continue
    }
    try {
      const found = await contextsOf(proofs, reopened, composition, options.showSecrets === true)
      contexts.push(
        ...found.map(({ proofs, lines, hasChanged }) => ({
          proofs,
          lines,
          state: hasChanged ? ('changed' as const) : ('there' as const),
        })),
      )
    } finally {
      reopened.close()
    }
  }
  process.stdout.write(
    renderFinding(
      { asset, incident, finding: body, contexts, left: body.evidence.length - shown.length },
      look,
    ),
  )
}

/** The first ones and the last. */
function pick(evidence: readonly Proof[]): Proof[] {
  const last = evidence.at(-1)
  if (evidence.length <= PROOFS_SHOWN || last === undefined) return [...evidence]
  return [...evidence.slice(0, PROOFS_SHOWN - 1), last]
}
