import type { AssetEntry, InputEntry } from '../../story/document.ts'
import { formatBytes, formatCount, formatNumber } from '../../text/units.ts'
import { assetsOf, plural } from '../phrases.ts'
import { number, table } from './findings.ts'
import { type Markup, markup } from './markup.ts'
import type { View } from './view.ts'

const STATES: Readonly<Record<AssetEntry['status'], string>> = {
  occupied: 'occupied',
  intruded: 'intruded',
  pressure: 'only tried',
  clean: 'clean',
  'not-judged': 'not judged',
}

/** Machines that were tried but not entered. */
export function pressureSection(view: View): Markup {
  const { pressure } = view.investigation
  if (pressure.length === 0) return markup``
  const rows = pressure.map(
    (entry) =>
      markup`<tr><th scope="row">${entry.asset}</th><td>${entry.kind}</td><td class="number">${formatNumber(entry.count)}</td><td class="number">${formatNumber(entry.sources)}</td><td class="addresses">${entry.sourceIps.slice(0, 5).join(', ')}${entry.sourceIps.length > 5 ? markup`<details class="more"><summary>${entry.sourceIps.length - 5} more</summary>${entry.sourceIps.slice(5).join(', ')}</details>` : ''}</td><td>${view.clock.range(entry.firstSeen, entry.lastSeen)}</td></tr>`,
  )
  return markup`<section id="pressure" aria-labelledby="pressure-title"><h2 id="pressure-title">Under pressure</h2><p class="muted">Tried, not entered as far as this evidence shows.</p>${table('Pressure', ['Machine', 'What', number('Tries'), number('Addresses'), 'Busiest', 'When'], rows)}</section>`
}

export function machinesSection(view: View): Markup {
  const { assets } = view.investigation
  if (assets.length === 0) return markup``
  const rows = assets.map(
    (asset) =>
      markup`<tr><th scope="row">${asset.id}<span class="sub">${asset.names.filter((name) => name !== asset.id).join(' · ')}</span></th><td><span class="state ${asset.status}">${STATES[asset.status]}</span></td><td>${asset.reason}${asset.joins.map((join) => markup`<span class="sub">${join}</span>`)}</td></tr>`,
  )
  const clean = assetsOf(view.investigation, 'clean').length
  const notJudged = assetsOf(view.investigation, 'not-judged').length
  return markup`<section id="machines" aria-labelledby="machines-title"><h2 id="machines-title">Machines</h2><p class="muted">${plural(clean, 'machine')} clean, ${notJudged} not judged. “Clean” is said only where the evidence would have shown otherwise.</p>${table('Machines', ['Machine', 'State', 'Why'], rows)}</section>`
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
      markup`<h3>What was read</h3>${table(
        'Inputs',
        heads,
        inputs.map((input) => inputRow(view, input)),
      )}`,
    )
  }
  if (skipped.length > 0)
    parts.push(
      markup`<h3>Not read</h3>${table(
        'Skipped',
        ['File', 'Why'],
        skipped.map(({ file, reason }) => markup`<tr><th scope="row">${file}</th><td>${reason}</td></tr>`),
      )}`,
    )
  if (coverage.length > 0) {
    const rows = coverage.map(
      ({ asset, kind, from, to, note }) =>
        markup`<tr><th scope="row">${asset}</th><td>${kind}</td><td>${from === null || to === null ? 'nothing' : view.clock.range(from, to)}</td><td>${note}</td></tr>`,
    )
    parts.push(
      markup`<h3>What could be seen</h3>${table('Coverage', ['Machine', 'Evidence of', 'When', 'Note'], rows)}`,
    )
  }
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
  return markup`<tr><th scope="row">${input.file}</th><td>${input.format}</td><td>${formatBytes(input.bytes)}${stored}</td><td>${formatCount(input.records)}<span class="sub">${left.join(', ')}</span></td><td>${input.from === null || input.to === null ? '' : view.clock.range(input.from, input.to)}</td><td>${input.decisions.map((decision) => markup`<span class="line">${decision}</span>`)}${input.problems.map((problem) => markup`<span class="line problem">${problem}</span>`)}</td></tr>`
}
