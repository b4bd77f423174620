import { spendingIn } from '../spending.ts'
import { otherProofs } from './incident.ts'
import { type Markup, markup } from './markup.ts'
import type { View } from './view.ts'

const PROOFS = 2

/** What costs or works far more than is normal, with what to fetch next. */
export function spendingSection(view: View): Markup {
  const entries = spendingIn(view.investigation, true)
  if (entries.length === 0) return markup``
  const items = entries.map(
    (entry) => markup`<article class="spending"><h3>${entry.title}</h3>
<p>${entry.sentences.join(' ')} <span class="severity ${entry.severity}">${entry.severity}</span><span class="refs">${view.proofs.links(entry.evidence, PROOFS)}</span></p>
<details><summary>What to fetch next (${entry.todo.length})</summary><ol>${entry.todo.map(
      ({ text, command }) =>
        markup`<li><p>${text}</p>${command === undefined ? '' : markup`<pre class="command"><code class="copy">${command}</code></pre>`}</li>`,
    )}</ol></details></article>`,
  )
  return markup`<section id="spending" aria-labelledby="spending-title"><h2 id="spending-title">Far more than is normal</h2><p class="muted">What bills and load show by themselves. Neither shows what makes it: nothing here says that somebody mines.</p>${items}${otherProofs(view)}</section>`
}
