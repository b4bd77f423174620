import { plural } from '../../text/plural.ts'
import { createHash } from 'node:crypto'
import { formatUsd } from '../../text/units.ts'
import { attentionIn } from '../attention.ts'
import { answerOf, headingOf, periodOf, sumUsd } from '../phrases.ts'
import { type Markup, markup, ours } from './markup.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'
import type { View } from './view.ts'

function hashOf(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`
}

/** Nothing but this page's own style and script, known by their hashes; no request to anywhere. */
const POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'`

const LAMP = ours(
  '<svg class="lamp" viewBox="0 0 24 32" width="18" height="24" aria-hidden="true" focusable="false"><path class="metal" d="M9 3a3 3 0 0 1 6 0M7 8h10l1 3H6zM6 24h12l1 5H5z"/><path class="glass" d="M8 11v13M16 11v13"/><path class="flame" d="M12 13c2.6 3 3.4 4.6 3.4 6.4A3.4 3.4 0 0 1 12 23a3.4 3.4 0 0 1-3.4-3.6C8.600 17.600 9.400 16 12 13z"/></svg>',
)

export function page(view: View, body: Markup): string {
  const { investigation, clock } = view
  const answer = answerOf(investigation)
  const content = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${ours(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="davylamp ${investigation.tool.version}">
<title>${answer} · Davylamp</title>
<style>${ours(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
${view.looks.definitions()}
<header class="top"><p class="brand">${LAMP} Davylamp</p><nav aria-label="Sections">${navigation(view)}</nav></header>
<main id="main">
${opening(view, answer)}
${body}
</main>
<footer><p>Written by davylamp ${investigation.tool.version} on ${clock.moment(investigation.generatedAt)} ${clock.zone}.</p></footer>
<script>${ours(SCRIPT)}</script>
</body>
</html>
`
  return content.toString()
}

function navigation(view: View): Markup {
  const { incidents, campaigns, pressure, assets } = view.investigation
  const links: [boolean, string, string][] = [
    [incidents.length + pressure.length > 0, 'battlefield', 'Battlefield'],
    [incidents.length > 0, 'incidents', incidents.length === 1 ? 'Story' : 'Stories'],
    [campaigns.length > 0, 'campaigns', 'Campaigns'],
    [pressure.length > 0, 'pressure', 'Pressure'],
    [attentionIn(view.investigation, true).length > 0, 'attention', 'Worth a look'],
    [assets.length > 0, 'machines', 'Machines'],
    [true, 'conclusion', 'How concluded'],
  ]
  return markup`${links.filter(([isShown]) => isShown).map(([, id, text]) => markup`<a href="#${id}">${text}</a> `)}`
}

function opening(view: View, answer: string): Markup {
  const { incidents, assets } = view.investigation
  const figures: [string, string][] = []
  const soFar = sumUsd(incidents, (money) => money.usdSoFar)
  const month = sumUsd(
    incidents.filter(({ status }) => status !== 'ended'),
    (money) => money.usdPerMonth,
  )
  if (soFar !== null) figures.push([formatUsd(soFar), 'so far'])
  if (month !== null) figures.push([formatUsd(month), 'a month, if it goes on'])
  const held = new Set(incidents.filter((one) => headingOf(one) === 'OCCUPIED').map(({ asset }) => asset.id))
    .size
  if (assets.length > 0)
    figures.push([
      `${held} of ${assets.length}`,
      assets.length === 1 ? 'machine occupied' : 'machines occupied',
    ])
  const period = periodOf(view.investigation, view.clock)
  const [first] = incidents
  const most =
    incidents.length > 1 && first
      ? markup`Most expensive: <a href="#incident-1">${first.asset.id}</a>. `
      : markup``
  const rest = first ? markup`<p class="first">${most}${first.summary[0]?.text ?? first.title}</p>` : markup``
  return markup`<section class="opening${incidents.length === 0 ? ' calm' : ''}"><h1>${answer}</h1>${rest}
${figures.length === 0 ? '' : markup`<dl class="figures">${figures.map(([value, label]) => markup`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`}
<p class="muted">${period === null ? '' : `Evidence from ${period} ${view.clock.zone}, `}${plural(view.investigation.inputs.length, 'file')} read${view.investigation.skipped.length === 0 ? '' : `, ${view.investigation.skipped.length} not read`}.</p></section>`
}
