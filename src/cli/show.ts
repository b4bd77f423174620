import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { DavylampError } from '../errors.ts'
import { splitLines } from '../inputs/lines.ts'
import type { CaseStore } from '../store/case-store.ts'
import {
  type IncidentEntry,
  type Investigation,
  type Proof,
  SCHEMA,
  type StoryFinding,
} from '../story/document.ts'
import { maskSecrets } from '../text/secrets.ts'
import { formatNumber } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import type { Composition } from './composition.ts'
import { terminalOptions } from './terminal.ts'
import { VERSION } from './version.ts'
import { parseZone } from './zone.ts'

export interface ShowOptions {
  readonly case: string
  readonly format: string
  readonly timezone?: string
  readonly showSecrets?: boolean
}

/** Proofs of a finding that are shown in context. */
const PROOFS_SHOWN = 3
/** Lines before and after a line of proof. */
const CONTEXT_LINES = 3

/** `davylamp show ID|MACHINE`: what the case knows about it; for a finding, its proof in context. */
export async function show(id: string, options: ShowOptions, composition: Composition): Promise<void> {
  const file = join(options.case, 'case.sqlite')
  if (!existsSync(file)) {
    throw new DavylampError('not-in-case', `there is no case in ${options.case}`, {
      hint: 'davylamp investigate PATH… makes one; name another place with --case DIR',
    })
  }
  const store = composition.openCase(file)
  try {
    const incident = await store.incident(id)
    if (incident !== null) return printIncidents([incident], store, options, composition)
    const finding = await store.finding(id)
    if (finding !== null) return await printFinding(finding.body, finding.asset, options, composition)
    const asset = await store.asset(id)
    if (asset !== null)
      return printIncidents(await store.incidentsOf(asset.id), store, options, composition, asset.id)
  } finally {
    await store.close()
  }
  throw new DavylampError('not-in-case', `the case knows no incident, finding or machine called ${id}`, {
    hint: 'ids stand in davylamp investigate … --format json',
  })
}

async function printIncidents(
  incidents: readonly IncidentEntry[],
  store: CaseStore,
  options: ShowOptions,
  composition: Composition,
  asset?: string,
): Promise<void> {
  if (options.format === 'json') {
    process.stdout.write(`${JSON.stringify(incidents, null, 2)}\n`)
    return
  }
  const names = new Set([asset, ...incidents.map((incident) => incident.asset.id)])
  const assets = (await store.assets()).filter((one) => names.has(one.id))
  const terminal = composition.reports.find((report) => report.id === 'terminal')
  const document: Investigation = {
    schema: SCHEMA,
    generatedAt: incidents[0]?.lastSeen ?? '',
    tool: { name: 'davylamp', version: VERSION },
    inputs: [],
    skipped: [],
    coverage: [],
    assets,
    incidents: [...incidents],
    pressure: [],
    suppressed: [],
    notes: assets.flatMap((one) => one.joins.map((join) => `${one.id}: ${join}`)),
  }
  const timezone = parseZone(options.timezone ?? 'UTC').name
  process.stdout.write(
    terminal?.render(document, {
      ...terminalOptions(process.stdout, process.env),
      timezone,
      full: true,
      canShow: true,
    }) ?? '',
  )
  const lines = incidents.flatMap((incident) => [
    '',
    `  Findings of ${incident.id} (davylamp show ID opens the proof)`,
    ...incident.findings.map(
      (finding) => `    ${finding.id}  ${finding.severity.padEnd(8)}  ${visible(finding.title)}`,
    ),
  ])
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
}

async function printFinding(
  finding: StoryFinding,
  asset: string,
  options: ShowOptions,
  composition: Composition,
): Promise<void> {
  if (options.format === 'json') {
    process.stdout.write(`${JSON.stringify({ asset, ...finding }, null, 2)}\n`)
    return
  }
  const attack = finding.attack.map((technique) => `${technique.id} ${technique.name}`.trim())
  const lines = [
    visible(finding.title),
    `  ${finding.severity}, confidence ${finding.confidence.toFixed(2)}, ${finding.detector} on ${visible(asset)}`,
    `  ${finding.firstSeen} to ${finding.lastSeen}, ${formatNumber(finding.count)} times`,
    ...(attack.length > 0 ? [`  ATT&CK: ${attack.join(', ')}`] : []),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  for (const proof of pick(finding.evidence)) {
    const context = await contextOf(proof, composition, options.showSecrets === true)
    process.stdout.write(`\n${visible(nameOf(proof))}\n${context.map((line) => `  ${line}`).join('\n')}\n`)
  }
  const rest = finding.evidence.length - PROOFS_SHOWN
  if (rest > 0)
    process.stdout.write(`\n${rest} more places are in davylamp show ${finding.id} --format json\n`)
}

/** The first ones and the last. */
function pick(evidence: readonly Proof[]): Proof[] {
  const last = evidence.at(-1)
  if (evidence.length <= PROOFS_SHOWN || last === undefined) return [...evidence]
  return [...evidence.slice(0, PROOFS_SHOWN - 1), last]
}

function nameOf(proof: Proof): string {
  if (proof.packet !== undefined) return `${proof.file} packet ${formatNumber(proof.packet)}`
  if (proof.line !== undefined) return `${proof.file}:${proof.line}`
  return `${proof.file} byte ${formatNumber(proof.offset)}`
}

async function contextOf(proof: Proof, composition: Composition, showSecrets: boolean): Promise<string[]> {
  const reopened = await composition.reopen(proof.file)
  if (reopened === null)
    return [`> ${proof.raw}`, '(the file is not where it was; this is what the case kept)']
  try {
    const lines =
      proof.packet !== undefined
        ? await composition.describePacket(reopened.input, proof.packet, proof.offset)
        : await linesAround(
            reopened.input.chunks(() => {}),
            proof.line ?? 1,
          )
    return lines.map((line) => visible(showSecrets ? line : maskSecrets(line)))
  } finally {
    reopened.close()
  }
}

async function linesAround(chunks: AsyncIterable<Uint8Array>, wanted: number): Promise<string[]> {
  const found: string[] = []
  for await (const batch of splitLines(chunks)) {
    const lastInBatch = batch.firstLine + batch.texts.length - 1
    for (
      let line = Math.max(batch.firstLine, wanted - CONTEXT_LINES);
      line <= Math.min(lastInBatch, wanted + CONTEXT_LINES);
      line++
    ) {
      found.push(
        `${line === wanted ? '>' : ' '} ${String(line).padStart(7)}  ${batch.texts[line - batch.firstLine] ?? ''}`,
      )
    }
    if (lastInBatch >= wanted + CONTEXT_LINES) break
  }
  return found
}
