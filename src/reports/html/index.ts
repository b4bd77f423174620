import type { Investigation } from '../../story/document.ts'
import { DEFAULT_OPTIONS, type RenderOptions, type Report } from '../report.ts'
import { attentionSection, conclusionSection, machinesSection, pressureSection } from './background.ts'
import { battlefield } from './battlefield.ts'
import { campaignsSection } from './campaigns.ts'
import { incidentArticle } from './incident.ts'
import { markup } from './markup.ts'
import { page } from './page.ts'
import { spendingSection } from './spending.ts'
import { viewOf } from './view.ts'

function render(investigation: Investigation, options: Partial<RenderOptions> = {}): string {
  const view = viewOf(investigation, { ...DEFAULT_OPTIONS, ...options })
  const incidents = investigation.incidents.map((incident, i) => incidentArticle(view, incident, i))
  return page(
    view,
    markup`${battlefield(view)}
${incidents.length === 0 ? '' : markup`<div class="incidents" id="incidents">${incidents}</div>`}
${campaignsSection(view)}
${pressureSection(view)}
${attentionSection(view)}
${spendingSection(view)}
${machinesSection(view)}
${conclusionSection(view)}`,
  )
}

/** One file to pass on: nothing is loaded from anywhere, it works without scripts, and it prints. */
export const html: Report = {
  id: 'html',
  title: 'one self-contained page, to pass on',
  mediaType: 'text/html',
  extension: '.html',
  render,
}
