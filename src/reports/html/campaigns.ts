import { plural } from '../../text/plural.ts'
import { campaignPhrase, sharedPhrase } from '../campaigns.ts'
import type { CampaignEntry } from '../../story/document.ts'
import { campaignPicture } from './campaign-picture.ts'
import { otherProofs } from './incident.ts'
import { type Markup, markup } from './markup.ts'
import type { View } from './view.ts'

/** Steps of a campaign before its fold. */
const OPEN_STEPS = 10

/** The same hands on several machines: what joins them, and how they went from one to the next. */
export function campaignsSection(view: View): Markup {
  const { campaigns } = view.investigation
  if (campaigns.length === 0) return markup``
  return markup`<section id="campaigns" aria-labelledby="campaigns-title"><h2 id="campaigns-title">Campaigns</h2><p class="muted">The same hands on several machines, by what is so much their own that it is no chance.</p><div class="cards">${campaigns.map((campaign) => card(view, campaign))}</div>${otherProofs(view)}</section>`
}

function card(view: View, campaign: CampaignEntry): Markup {
  const [first] = campaign.occupants
  const incident = view.investigation.incidents.find(({ id }) => id === first?.incident)
  const swatch =
    incident === undefined || first === undefined ? '' : view.looks.swatch(incident, first.occupant)
  const steps = campaign.spread.map(
    ({ from, to, time, how, evidence }) =>
      markup`<li><b>${from} → ${to}</b> <span class="muted">${view.clock.moment(time)}</span> ${how}<span class="refs">${view.proofs.links(evidence, 2)}</span></li>`,
  )
  const rest = steps.slice(OPEN_STEPS)
  const more =
    rest.length === 0
      ? ''
      : markup`<details class="more"><summary>${plural(rest.length, 'more step')}</summary><ul class="reach">${rest}</ul></details>`
  return markup`<article class="card"><h3>${swatch} ${campaignPhrase(campaign)}</h3>
<p>${sharedPhrase(campaign)}</p>${campaignPicture(view, campaign)}${steps.length === 0 ? '' : markup`<ul class="reach">${steps.slice(0, OPEN_STEPS)}</ul>${more}`}</article>`
}
