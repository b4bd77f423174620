import { nameOfOccupant } from '../phrases.ts'
import { type Markup, markup } from './markup.ts'
import type { View } from './view.ts'

/** Signs on the battlefield, drawn around x = 0, 13 units high. */
export const DOOR = markup`<path class="sign" d="M-5 1H5L0 12Z"/>`
export const SWORDS = markup`<path class="sign cross" d="M-4.5 1.5 4.5 10.5M4.5 1.5-4.5 10.5"/>`

const MAX_OCCUPANTS = 12

/** What the colours and signs mean; only those that are there. */
export function legend(view: View): Markup {
  const seen = new Set<number>()
  const items: Markup[] = []
  let hasMore = false
  const isFleet = view.investigation.incidents.length > 1
  for (const incident of view.investigation.incidents) {
    for (const { id } of incident.occupants) {
      const look = view.looks.of(incident, id)
      // Whoever is unknown is somebody else on every machine, and looks so.
      if (seen.has(look)) continue
      if ((id.startsWith('unknown') && isFleet) || seen.size >= MAX_OCCUPANTS) {
        hasMore = true
        continue
      }
      seen.add(look)
      items.push(markup`<li>${view.looks.swatch(incident, id)} ${nameOfOccupant(incident, id)}</li>`)
    }
  }
  if (hasMore) items.push(markup`<li>other colours: others, named in the story of the machine</li>`)
  const some = view.investigation.incidents
  const signs: [boolean, Markup, string][] = [
    [some.some(({ wayIn }) => wayIn !== null), DOOR, 'way in'],
    [
      some.some(({ tenures }) => tenures.some((one) => one.startKnown)),
      markup`<circle class="begin" cy="7" r="3.5"/>`,
      'mining begins',
    ],
    [some.some(({ changes }) => changes.length > 0), SWORDS, 'takeover'],
    [
      some.some(({ tenures }) => tenures.some((one) => !one.startKnown || !one.endKnown)),
      markup`<path class="open" d="M0 0V13"/>`,
      'end not seen',
    ],
  ]
  for (const [isShown, sign, text] of signs) {
    if (isShown)
      items.push(
        markup`<li><svg width="16" height="14" aria-hidden="true" focusable="false"><svg x="8" overflow="visible">${sign}</svg></svg> ${text}</li>`,
      )
  }
  if (some.some(({ strips }) => strips.length > 0))
    items.push(
      markup`<li><svg class="strip" width="16" height="14" aria-hidden="true" focusable="false"><rect x="1" y="8" width="4" height="6"/><rect x="6" y="2" width="4" height="12"/><rect x="11" y="6" width="4" height="8"/></svg> ${[...new Set(some.flatMap(({ strips }) => strips.map(({ label }) => label)))].join(', ')}</li>`,
    )
  return items.length === 0 ? markup`` : markup`<ul class="legend">${items}</ul>`
}
