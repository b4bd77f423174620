import { plural } from '../../text/plural.ts'
import type { IncidentEntry, Investigation, Proof } from '../../story/document.ts'
import { escapeMarkdown, markdownCode, markdownCodeCell } from '../../text/markdown.ts'
import { formatNumber, formatShare } from '../../text/units.ts'
import { Clock } from '../clock.ts'
import { coverageByMachine, evidenceKind } from '../coverage.ts'
import {
  answerOf,
  artefactName,
  assetsOf,
  byReason,
  headingOf,
  moneyParts,
  nameOfOccupant,
  otherNames,
  skippedByReason,
  toJudge,
} from '../phrases.ts'
import { campaignPhrase, sharedPhrase } from '../campaigns.ts'
import { attentionIn, weightPhrase } from '../attention.ts'
import { spendingIn } from '../spending.ts'
import { pressedMachines, pressurePhrase } from '../pressure.ts'
import { type FileNames, fileNames, proofKey, proofName } from '../proof-name.ts'
import { DEFAULT_OPTIONS, type RenderOptions, type Report } from '../report.ts'

const MAX_PROOFS = 3

interface View {
  readonly clock: Clock
  readonly files: FileNames
}

function render(investigation: Investigation, options: Partial<RenderOptions> = {}): string {
  const { timezone } = { ...DEFAULT_OPTIONS, ...options }
  const view: View = { clock: new Clock(timezone), files: fileNames(investigation) }
  const blocks = [
    `# ${escapeMarkdown(answerOf(investigation))}`,
    ...investigation.incidents.flatMap((incident) => [
      ...incidentBlocks(view, incident),
      ...joinBlocks(investigation, incident),
    ]),
    ...campaignBlocks(view, investigation),
    ...pressureBlocks(view, investigation),
    ...attentionBlocks(view, investigation),
    ...spendingBlocks(view, investigation),
    ...machineBlocks(investigation),
    ...readingBlocks(view, investigation),
    `Times are ${escapeMarkdown(view.clock.zone)}. Written by davylamp ${escapeMarkdown(investigation.tool.version)} on ${view.clock.moment(investigation.generatedAt)}.`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** Blocks are joined by empty lines; a block's own lines by single ones. */
function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

function titled(title: string, block: string, level = 3): string[] {
  return block === '' ? [] : [`${'#'.repeat(level)} ${title}`, block]
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const lines = [heads, heads.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function proofs(view: View, evidence: readonly Proof[], write: (text: string) => string): string {
  const distinct = [...new Map(evidence.map((proof) => [proofKey(proof), proof])).values()]
  const shown = distinct.slice(0, MAX_PROOFS).map((proof) => write(proofName(proof, view.files)))
  const left = distinct.length - shown.length
  return shown.join(', ') + (left > 0 ? ` and ${formatNumber(left)} more` : '')
}

function withProofs(view: View, text: string, evidence: readonly Proof[]): string {
  const places = proofs(view, evidence, markdownCode)
  return `${escapeMarkdown(text)}${places === '' ? '' : ` (${places})`}`
}

function incidentBlocks(view: View, incident: IncidentEntry): string[] {
  const names = otherNames(incident.asset)
    .map((name) => markdownCode(name))
    .join(', ')
  const money = moneyParts(incident.money)
    .map((part) => `**${part}**`)
    .join(' · ')
  const facts = [names, money, incident.status, `severity ${incident.severity}`, markdownCode(incident.id)]
  return [
    `## ${headingOf(incident) === 'OCCUPIED' ? 'Occupied' : 'Intruded'}: ${escapeMarkdown(incident.asset.id)}`,
    facts.filter((fact) => fact !== '').join(' · '),
    incident.summary.map((sentence) => withProofs(view, sentence.text, sentence.evidence)).join(' ') ||
      escapeMarkdown(incident.title),
    ...titled('Do this first', todo(incident)),
    ...titled('Story', story(view, incident)),
    ...titled('Who held it', tenures(view, incident)),
    ...titled('Occupants', occupants(view, incident)),
    ...titled(
      'What else is in reach',
      list(incident.reach.map((one) => withProofs(view, `${one.kind}: ${one.what}`, one.evidence))),
    ),
    ...titled(
      'Money',
      [money, escapeMarkdown(incident.money.basis)].filter((part) => part !== '').join('\\\n'),
    ),
    ...titled('Findings', findings(view, incident)),
  ]
}

function joinBlocks(investigation: Investigation, incident: IncidentEntry): string[] {
  const joins = investigation.assets.find((asset) => asset.id === incident.asset.id)?.joins ?? []
  return titled('Why these names are one machine', list(joins.map(escapeMarkdown)))
}

function todo({ todo: items }: Pick<IncidentEntry, 'todo'>): string {
  return items
    .map(
      ({ text, command }, i) =>
        `${i + 1}. ${escapeMarkdown(text)}${command === undefined ? '' : `\\\n   ${markdownCode(command)}`}`,
    )
    .join('\n')
}

function story(view: View, incident: IncidentEntry): string {
  const rows = incident.sentences.map(({ text, time, evidence }) => [
    time === null ? '' : `${view.clock.date(time)} ${view.clock.second(time)}`,
    escapeMarkdown(text),
    proofs(view, evidence, markdownCodeCell),
  ])
  return table(['When', 'What', 'Proof'], rows)
}

function tenures(view: View, incident: IncidentEntry): string {
  const rows = incident.tenures.map((tenure) => [
    escapeMarkdown(nameOfOccupant(incident, tenure.occupant)),
    `${view.clock.moment(tenure.start)}${tenure.startKnown ? '' : ' at the latest'}`,
    `${view.clock.moment(tenure.end)}${tenure.endKnown ? '' : ', end not seen'}`,
    formatShare(tenure.confidence),
    proofs(view, tenure.evidence, markdownCodeCell),
  ])
  return table(['Occupant', 'From', 'To', 'Sure', 'Proof'], rows)
}

function occupants(view: View, incident: IncidentEntry): string {
  const rows = incident.occupants.flatMap((occupant) =>
    occupant.artefacts.map(({ type, value, evidence }) => [
      escapeMarkdown(nameOfOccupant(incident, occupant.id)),
      escapeMarkdown(artefactName(type)),
      markdownCodeCell(value),
      proofs(view, evidence, markdownCodeCell),
    ]),
  )
  const reasons = incident.occupants.flatMap((occupant) =>
    occupant.reasons.map((reason) => escapeMarkdown(`${nameOfOccupant(incident, occupant.id)}: ${reason}`)),
  )
  return [list(reasons), table(['Occupant', 'Artefact', 'Value', 'Proof'], rows)]
    .filter((part) => part !== '')
    .join('\n\n')
}

function findings(view: View, incident: IncidentEntry): string {
  const rows = incident.findings.map((finding) => [
    view.clock.range(finding.firstSeen, finding.lastSeen),
    escapeMarkdown(finding.title),
    finding.attack.map(({ id, name }) => escapeMarkdown(`${id} ${name}`)).join(', '),
    finding.severity,
    formatShare(finding.confidence),
    proofs(view, finding.evidence, markdownCodeCell),
  ])
  return table(['When', 'What', 'ATT&CK', 'Severity', 'Sure', 'Proof'], rows)
}

function campaignBlocks(view: View, { campaigns }: Investigation): string[] {
  const items = campaigns.flatMap((campaign) => [
    escapeMarkdown(`${campaignPhrase(campaign)}: ${sharedPhrase(campaign)}`),
    ...campaign.spread.map(
      ({ from, to, time, how, evidence }) =>
        `${escapeMarkdown(`${from} → ${to}, ${view.clock.moment(time)}: ${how}`)} ${proofs(view, evidence, markdownCode)}`,
    ),
  ])
  return titled('The same hands on several machines', list(items), 2)
}

function pressureBlocks(view: View, investigation: Investigation): string[] {
  const rows = pressedMachines(investigation.pressure).map((machine) => [
    escapeMarkdown(machine.asset),
    escapeMarkdown(pressurePhrase(machine)),
    view.clock.range(machine.firstSeen, machine.lastSeen),
  ])
  return titled('Under pressure', table(['Machine', 'What', 'When'], rows), 2)
}

function attentionBlocks(view: View, investigation: Investigation): string[] {
  const rows = attentionIn(investigation, false).map((entry) => [
    escapeMarkdown(entry.asset),
    escapeMarkdown(entry.title),
    weightPhrase(entry),
    view.clock.range(entry.firstSeen, entry.lastSeen),
    proofs(view, entry.evidence, markdownCodeCell),
  ])
  return titled('Worth a look', table(['Machine', 'What', 'Severity', 'When', 'Proof'], rows), 2)
}

function spendingBlocks(view: View, investigation: Investigation): string[] {
  const entries = spendingIn(investigation, false).flatMap((entry) => [
    `### ${escapeMarkdown(entry.title)}`,
    withProofs(view, entry.sentences.join(' '), entry.evidence),
    todo(entry),
  ])
  return entries.length === 0 ? [] : ['## Far more than is normal', ...entries]
}

/** Names of machines or files in a list item: more of them help nobody in a ticket. */
const MAX_NAMES = 20

function someOf(names: readonly string[], write: (name: string) => string): string {
  const shown = names.slice(0, MAX_NAMES).map(write).join(', ')
  return names.length <= MAX_NAMES ? shown : `${shown} and ${formatNumber(names.length - MAX_NAMES)} more`
}

function machineBlocks(investigation: Investigation): string[] {
  const clean = assetsOf(investigation, 'clean').map((asset) => asset.id)
  const items = byReason(assetsOf(investigation, 'not-judged')).map(
    ({ reason, names }) =>
      `${plural(names.length, 'machine')} not judged (${escapeMarkdown(reason)}): ${someOf(names, escapeMarkdown)}`,
  )
  if (clean.length > 0)
    items.unshift(`${plural(clean.length, 'machine')} clean: ${someOf(clean, escapeMarkdown)}`)
  const how = toJudge(assetsOf(investigation, 'not-judged')).map(
    ({ text, command }) =>
      `To judge: ${escapeMarkdown(text)}${command === undefined ? '' : `: ${markdownCode(command)}`}`,
  )
  return titled('Other machines', list([...items, ...how]), 2)
}

function readingBlocks(view: View, investigation: Investigation): string[] {
  const { inputs, skipped, suppressed, notes } = investigation
  const rows = inputs.map((input) => [
    markdownCodeCell(input.file),
    escapeMarkdown(input.format),
    `${formatNumber(input.records)}${input.bad > 0 ? `, ${formatNumber(input.bad)} bad` : ''}`,
    input.from === null || input.to === null ? '' : view.clock.range(input.from, input.to),
    [...input.decisions, ...input.problems].map(escapeMarkdown).join('; '),
  ])
  const { kinds, machines, missing } = coverageByMachine(investigation, view.clock)
  const seen = machines.map((machine) => [
    escapeMarkdown(machine.asset),
    ...kinds.map((kind) => (machine.kinds.get(kind) ?? []).map(escapeMarkdown).join('; ') || 'nothing'),
  ])
  return [
    ...titled('Good to know', list(notes.map(escapeMarkdown)), 2),
    ...titled(
      'What was read',
      table(['File', 'Read as', 'Records', 'Time', 'Decided, and what was wrong'], rows),
      2,
    ),
    ...titled(
      'Not read',
      list(
        skippedByReason(skipped).map(
          ({ reason, files }) => `${escapeMarkdown(reason)}: ${someOf(files, markdownCode)}`,
        ),
      ),
      2,
    ),
    ...titled(
      'What could be seen',
      table(['Machine', ...kinds.map(evidenceKind).map(escapeMarkdown)], seen),
      2,
    ),
    ...(missing.length === 0
      ? []
      : [`Where there is nothing, more would show it:\n\n${list(missing.map(escapeMarkdown))}`]),
    ...titled(
      'Left out, because you said it is yours',
      list(
        suppressed.map((one) => escapeMarkdown(`${one.what}: ${plural(one.count, 'time')}, ${one.reason}`)),
      ),
      2,
    ),
  ]
}

/** For tickets: CommonMark with tables, no HTML, no link and no image from evidence. */
export const markdown: Report = {
  id: 'markdown',
  title: 'for tickets',
  mediaType: 'text/markdown',
  extension: '.md',
  render,
}
