import type { IncidentEntry, Sentence } from '../../story/document.ts'
import { formatShare, formatTimes, formatUsd } from '../../text/units.ts'
import { artefactName, headingOf, moneyParts, nameOfOccupant, otherNames } from '../phrases.ts'
import { findings } from './findings.ts'
import { type Markup, markup } from './markup.ts'
import type { View } from './view.ts'

/** All about one incident: the story with its proof beside it, occupants, money, reach, what to do, findings. */
export function incidentArticle(view: View, incident: IncidentEntry, index: number): Markup {
  const id = `incident-${index + 1}`
  const heading = headingOf(incident)
  const status = { ongoing: 'going on', ended: 'ended', unknown: 'whether it goes on is not known' }[
    incident.status
  ]
  const body = markup`${lead(view, incident)}${toDo(incident, id)}${story(view, incident, index)}${occupants(view, incident, id)}${money(incident, id)}${reach(view, incident, id)}${findings(view, incident, id)}${otherProofs(view)}`
  return markup`<article class="incident" id="${id}" aria-labelledby="${id}-title">
<details${index === 0 ? markup` open` : ''}>
<summary><span class="state ${heading.toLowerCase()}">${heading === 'OCCUPIED' ? 'Occupied' : 'Intruded'}</span>
<h2 id="${id}-title">${incident.asset.id}</h2>
<span class="names">${otherNames(incident.asset).join(' · ')}</span>
<span class="sum">${moneyParts(incident.money).join(' · ')}</span></summary>
<p class="status muted">${view.clock.range(incident.firstSeen, incident.lastSeen)} · ${view.clock.zone} · ${status} · severity ${incident.severity} · <code>${incident.id}</code></p>
${body}
</details></article>`
}

function lead(view: View, incident: IncidentEntry): Markup {
  if (incident.summary.length === 0) return markup`<p class="lead">${incident.title}</p>`
  return markup`<p class="lead">${incident.summary.map(
    (sentence) =>
      markup`${sentence.text}${sentence.evidence.length === 0 ? '' : markup`<span class="refs">${view.proofs.links(sentence.evidence, 3)}</span>`} `,
  )}</p>`
}

function story(view: View, incident: IncidentEntry, index: number): Markup {
  if (incident.sentences.length === 0) return markup``
  let day = ''
  const rows = incident.sentences.map((sentence, i) => {
    const now = sentence.time === null ? day : view.clock.date(sentence.time)
    const title = now === day ? markup`` : markup`<li class="day">${now}</li>`
    day = now
    return markup`${title}${sentenceRow(view, incident, sentence, `sentence-${index + 1}-${i + 1}`)}`
  })
  return markup`<section aria-labelledby="incident-${index + 1}-story"><h3 id="incident-${index + 1}-story">Story</h3><ol class="story">${rows}</ol></section>`
}

function sentenceRow(view: View, incident: IncidentEntry, sentence: Sentence, id: string): Markup {
  const isTakeover = incident.changes.some((change) => change.time === sentence.time)
  const isWayIn = incident.wayIn !== null && incident.wayIn.time === sentence.time
  const kind = isTakeover ? ' takeover' : isWayIn ? ' way-in' : ''
  const time =
    sentence.time === null
      ? markup``
      : markup`<time datetime="${sentence.time}">${view.clock.second(sentence.time)}</time>`
  return markup`<li class="sentence${kind}" id="${id}" tabindex="-1"><div class="told">${time}<p>${sentence.text}</p></div><div class="proofs">${view.proofs.showSome(sentence.evidence, 2)}</div></li>`
}

function occupants(view: View, incident: IncidentEntry, id: string): Markup {
  if (incident.occupants.length === 0) return markup``
  const cards = incident.occupants.map((occupant) => {
    const confidence =
      occupant.family === null
        ? ''
        : `${occupant.family}, confidence ${formatShare(occupant.familyConfidence)}`
    const artefacts = occupant.artefacts.map(
      ({ type, value, evidence }) =>
        markup`<div><dt>${artefactName(type)}</dt><dd><code class="copy">${value}</code><span class="refs">${view.proofs.links(evidence, 2)}</span></dd></div>`,
    )
    return markup`<article class="card"><h4>${view.looks.swatch(incident, occupant.id)} ${nameOfOccupant(incident, occupant.id)}</h4>
<p class="muted">${confidence}</p>
<ul class="reasons">${occupant.reasons.map((reason) => markup`<li>${reason}</li>`)}</ul>
<dl class="artefacts">${artefacts}</dl></article>`
  })
  return markup`<section aria-labelledby="${id}-occupants"><h3 id="${id}-occupants">Occupants</h3><div class="cards">${cards}</div></section>`
}

function money(incident: IncidentEntry, id: string): Markup {
  const { usdSoFar, usdPerHour, usdPerMonth, timesNormal, basis } = incident.money
  const figures: [string, string | null][] = [
    ['so far', usdSoFar === null ? null : formatUsd(usdSoFar)],
    ['an hour', usdPerHour === null ? null : formatUsd(usdPerHour)],
    ['a month, if it goes on', usdPerMonth === null ? null : formatUsd(usdPerMonth)],
    ['what is normal', timesNormal === null ? null : formatTimes(timesNormal)],
  ]
  const known = figures.filter(([, value]) => value !== null)
  return markup`<section aria-labelledby="${id}-money"><h3 id="${id}-money">Money</h3><dl class="figures">${known.map(
    ([label, value]) => markup`<div><dt>${label}</dt><dd>${value}</dd></div>`,
  )}</dl><p class="muted basis">${basis}</p></section>`
}

function reach(view: View, incident: IncidentEntry, id: string): Markup {
  if (incident.reach.length === 0) return markup``
  return markup`<section aria-labelledby="${id}-reach"><h3 id="${id}-reach">What else is in reach</h3><ul class="reach">${incident.reach.map(
    ({ what, kind, evidence }) =>
      markup`<li><span class="kind">${kind}</span> ${what}<span class="refs">${view.proofs.links(evidence, 3)}</span></li>`,
  )}</ul></section>`
}

function toDo(incident: IncidentEntry, id: string): Markup {
  if (incident.todo.length === 0) return markup``
  return markup`<section class="todo" aria-labelledby="${id}-todo"><h3 id="${id}-todo">Do this first</h3><ol>${incident.todo.map(
    ({ text, command }) =>
      markup`<li><p>${text}</p>${command === undefined ? '' : markup`<pre class="command"><code class="copy">${command}</code></pre>`}</li>`,
  )}</ol></section>`
}

/** Proofs that are linked to but stand beside no sentence. */
export function otherProofs(view: View): Markup {
  const left = view.proofs.unplaced()
  if (left.length === 0) return markup``
  return markup`<details class="more evidence"><summary>Proof that the tables and cards refer to (${left.length})</summary>${left.map((proof) => view.proofs.show(proof))}</details>`
}
