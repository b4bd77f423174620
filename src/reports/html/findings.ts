import { plural } from '../../text/plural.ts'
import type { IncidentEntry, StoryFinding } from '../../story/document.ts'
import { formatNumber, formatShare } from '../../text/units.ts'
import { type Markup, markup } from './markup.ts'
import type { View } from './view.ts'

/** Heads that stand over numbers. */
export function number(head: string): Markup {
  return markup`<span class="number">${head}</span>`
}

export function table(label: string, heads: readonly (string | Markup)[], rows: readonly Markup[]): Markup {
  return markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="searchable"><thead><tr>${heads.map(
    (head) => markup`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`
}

/** A table whose later rows stand behind a fold where they are many. */
export function longTable(
  label: string,
  heads: readonly (string | Markup)[],
  rows: readonly Markup[],
  { open, noun }: { open: number; noun: string },
): Markup {
  if (rows.length <= open + 2) return table(label, heads, rows)
  return markup`${table(label, heads, rows.slice(0, open))}<details class="more"><summary>${plural(rows.length - open, `more ${noun}`)}</summary>${table(`${label}, the rest`, heads, rows.slice(open))}</details>`
}

export function findings(view: View, incident: IncidentEntry, id: string): Markup {
  if (incident.findings.length === 0) return markup``
  const rows = incident.findings.map((finding) => row(view, finding))
  return markup`<section aria-labelledby="${id}-findings"><h3 id="${id}-findings">Findings</h3>${table(
    'Findings',
    ['When', 'What', 'ATT&CK', 'Severity', 'Sure', 'Proof'],
    rows,
  )}</section>`
}

function row(view: View, finding: StoryFinding): Markup {
  const count = finding.count > 1 ? ` × ${formatNumber(finding.count)}` : ''
  const attack = finding.attack.map(
    ({ id, name, v18 }) =>
      markup`<span class="technique"><code>${id}</code> ${name}${v18 === null || v18 === id ? '' : ` (v18: ${v18})`}</span>`,
  )
  return markup`<tr><td class="when">${view.clock.range(finding.firstSeen, finding.lastSeen)}</td><td>${finding.title}${count}<span class="sub">${finding.detector} · ${finding.stage}</span></td><td>${attack}</td><td><span class="severity ${finding.severity}">${finding.severity}</span></td><td>${formatShare(finding.confidence)}</td><td class="refs">${view.proofs.links(finding.evidence, 3)}</td></tr>`
}
