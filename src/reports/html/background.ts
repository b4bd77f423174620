import { plural } from '../../text/plural.ts'
import type { AssetEntry, InputEntry, PressureEntry } from '../../story/document.ts'
import { formatBytes, formatCount, formatNumber } from '../../text/units.ts'
import { attentionIn } from '../attention.ts'
import { coverageByMachine, evidenceKind } from '../coverage.ts'
import { assetsOf, byStatus, skippedByReason, toJudge } from '../phrases.ts'
import { pressedMachines } from '../pressure.ts'
import { longTable, number, table } from './findings.ts'
import { otherProofs } from './incident.ts'
import { type Markup, markup } from './markup.ts'
import type { View } from './view.ts'

const STATES: Readonly<Record<AssetEntry['status'], string>> = {
  occupied: 'occupied',
  intruded: 'intruded',
  pressure: 'only tried',
  clean: 'clean',
  'not-judged': 'not judged',
}

/** Rows of a table before its fold. */
const OPEN_ROWS = 15

/** Addresses that are shown without unfolding. */
const OPEN_ADDRESSES = 5

/** Guessing, machine by machine: some of them were entered all the same, by somebody else or later. */
export function pressureSection(view: View): Markup {
  const { pressure, incidents } = view.investigation
  if (pressure.length === 0) return markup``
  const entered = new Set(incidents.map((incident) => incident.asset.id))
  const rows = pressedMachines(pressure).flatMap(({ asset, entries }) =>
    entries.map((entry, i) => {
      const name = i > 0 ? '' : markup`<th scope="row" rowspan="${entries.length}">${asset}</th>`
      return markup`<tr>${name}<td>${entry.kind}</td><td class="number">${formatNumber(entry.count)}</td><td class="number">${formatNumber(entry.sources)}</td>${addresses(entry)}<td class="when">${view.clock.range(entry.firstSeen, entry.lastSeen)}</td></tr>`
    }),
  )
  const what = pressure.some((entry) => entered.has(entry.asset))
    ? 'Guessing that did not lead in, as far as this evidence shows; how the machines above were entered is in their stories.'
    : 'Tried, not entered as far as this evidence shows.'
  return markup`<section id="pressure" aria-labelledby="pressure-title"><h2 id="pressure-title">Under pressure</h2><p class="muted">${what}</p>${table('Pressure', ['Machine', 'What', number('Tries'), number('Addresses'), 'Busiest', 'When'], rows)}</section>`
}

function addresses({ sourceIps }: PressureEntry): Markup {
  const rest = sourceIps.slice(OPEN_ADDRESSES)
  const more =
    rest.length === 0
      ? ''
      : markup`<details class="more"><summary>${rest.length} more</summary>${rest.join(', ')}</details>`
  return markup`<td class="addresses">${sourceIps.slice(0, OPEN_ADDRESSES).join(', ')}${more}</td>`
}

/** What is in no incident and worth a look all the same. */
export function attentionSection(view: View): Markup {
  const entries = attentionIn(view.investigation, true)
  if (entries.length === 0) return markup``
  const rows = entries.map((entry) => {
    const times = entry.count > 1 ? ` × ${formatNumber(entry.count)}` : ''
    return markup`<tr><th scope="row">${entry.asset}</th><td>${entry.title}${times}<span class="sub">${entry.rule ?? entry.detector}</span></td><td><span class="severity ${entry.severity}">${entry.severity}</span></td><td class="when">${view.clock.range(entry.firstSeen, entry.lastSeen)}</td><td class="refs">${view.proofs.links(entry.evidence, 2)}</td></tr>`
  })
  return markup`<section id="attention" aria-labelledby="attention-title"><h2 id="attention-title">Worth a look</h2><p class="muted">What rules, other sensors and likenesses point at. By itself none of it shows that somebody got in.</p>${longTable('Worth a look', ['Machine', 'What', 'Severity', 'When', 'Proof'], rows, { open: OPEN_ROWS, noun: 'thing' })}${otherProofs(view)}</section>`
}

export function machinesSection(view: View): Markup {
  const { assets } = view.investigation
  if (assets.length === 0) return markup``
  const rows = byStatus(assets).map(
    (asset) =>
      markup`<tr><th scope="row">${asset.id}<span class="sub">${asset.names.filter((name) => name !== asset.id).join(' · ')}</span></th><td><span class="state ${asset.status}">${STATES[asset.status]}</span></td><td>${asset.reason}${asset.joins.map((join) => markup`<span class="sub">${join}</span>`)}</td></tr>`,
  )
  const clean = assetsOf(view.investigation, 'clean').length
  const notJudged = assetsOf(view.investigation, 'not-judged').length
  return markup`<section id="machines" aria-labelledby="machines-title"><h2 id="machines-title">Machines</h2><p class="muted">${plural(clean, 'machine')} clean, ${notJudged} not judged. “Clean” is said only where the evidence would have shown otherwise.</p>${howToJudge(assets)}${longTable('Machines', ['Machine', 'State', 'Why'], rows, { open: OPEN_ROWS, noun: 'machine' })}</section>`
}

/** What would make a verdict possible, with the commands for it. */
function howToJudge(assets: readonly AssetEntry[]): Markup {
  const items = toJudge(assets.filter(({ status }) => status === 'not-judged')).map(
    ({ text, command }) =>
      markup`<li>${text}${command === undefined ? '' : markup`: <code>${command}</code>`}</li>`,
  )
  return items.length === 0 ? markup`` : markup`<p>To judge the others:</p><ul>${items}</ul>`
}

/** How the conclusion was reached: what was read, what had to be decided, what could not be seen. */
export function conclusionSection(view: View): Markup {
  const { inputs, skipped, coverage, suppressed, notes } = view.investigation
  const parts: Markup[] = []
  if (notes.length > 0)
    parts.push(markup`<h3>Good to know</h3><ul>${notes.map((note) => markup`<li>${note}</li>`)}</ul>`)
  if (inputs.length > 0) {
    const heads = ['File', 'Read as', 'Size', 'Records', 'Time', 'Decided, and what was wrong']
    parts.push(
      markup`<h3>What was read</h3>${longTable(
        'Inputs',
        heads,
        inputs.map((input) => inputRow(view, input)),
        { open: OPEN_ROWS, noun: 'file' },
      )}`,
    )
  }
  if (skipped.length > 0) {
    const rows = skippedByReason(skipped).map(
      ({ reason, files }) => markup`<tr><th scope="row">${fileList(files)}</th><td>${reason}</td></tr>`,
    )
    parts.push(markup`<h3>Not read</h3>${table('Skipped', ['File', 'Why'], rows)}`)
  }
  if (coverage.length > 0) parts.push(coverageTable(view))
  if (suppressed.length > 0) {
    const rows = suppressed.map(
      ({ what, reason, count }) =>
        markup`<tr><td>${what}</td><td>${reason}</td><td class="number">${formatNumber(count)}</td></tr>`,
    )
    parts.push(
      markup`<h3>Left out, because you said it is yours</h3>${table('Suppressed', ['What', 'Why', number('Times')], rows)}`,
    )
  }
  if (parts.length === 0) return markup``
  return markup`<section id="conclusion" aria-labelledby="conclusion-title"><h2 id="conclusion-title">How this was concluded</h2>${parts}</section>`
}

/** A row per machine, a column per kind of evidence; under it what would show more. */
function coverageTable(view: View): Markup {
  const { kinds, machines, missing } = coverageByMachine(view.investigation, view.clock)
  const rows = machines.map((machine) => {
    const cells = kinds.map((kind) => {
      const texts = machine.kinds.get(kind) ?? []
      return markup`<td>${texts.length === 0 ? markup`<span class="muted">nothing</span>` : texts.map((text) => markup`<span class="line">${text}</span>`)}</td>`
    })
    return markup`<tr><th scope="row">${machine.asset}</th>${cells}</tr>`
  })
  const heads = ['Machine', ...kinds.map((kind) => capital(evidenceKind(kind)))]
  const more =
    missing.length === 0
      ? ''
      : markup`<p class="muted">Where there is nothing, more would show it:</p><ul class="muted">${missing.map((note) => markup`<li>${note}</li>`)}</ul>`
  return markup`<h3>What could be seen</h3>${longTable('Coverage', heads, rows, { open: OPEN_ROWS, noun: 'machine' })}${more}`
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

function inputRow(view: View, input: InputEntry): Markup {
  const left = [
    input.bad > 0 ? `${formatNumber(input.bad)} made no sense` : '',
    input.unused > 0 ? `${formatNumber(input.unused)} say nothing here` : '',
    input.duplicates > 0 ? `${formatNumber(input.duplicates)} given twice` : '',
    input.late > 0 ? `${formatNumber(input.late)} out of order` : '',
  ].filter((text) => text !== '')
  const stored =
    input.storedBytes !== null && input.storedBytes !== input.bytes
      ? ` (${formatBytes(input.storedBytes)} stored)`
      : ''
  return markup`<tr><th scope="row">${input.file}</th><td>${input.format}</td><td>${formatBytes(input.bytes)}${stored}</td><td>${formatCount(input.records)}<span class="sub">${left.join(', ')}</span></td><td class="when">${input.from === null || input.to === null ? '' : view.clock.range(input.from, input.to)}</td><td>${input.decisions.map((decision) => markup`<span class="line">${decision}</span>`)}${input.problems.map((problem) => markup`<span class="line problem">${problem}</span>`)}</td></tr>`
}

const OPEN_FILES = 5

/** A file a line; behind a fold from where they are many. */
function fileList(files: readonly string[]): Markup {
  const lines = files.map((file) => markup`<span class="line">${file}</span>`)
  if (lines.length <= OPEN_FILES) return markup`${lines}`
  return markup`${plural(lines.length, 'file')}<details class="more"><summary>which</summary>${lines}</details>`
}
