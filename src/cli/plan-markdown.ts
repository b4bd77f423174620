import type { ChosenControl, Plan, PlanHow } from '../plan/document.ts'
import { escapeMarkdown } from '../text/markdown.ts'
import { formatShare, formatUsd } from '../text/units.ts'

/** The plan for a ticket or a wiki. */
export function planMarkdown(plan: Plan): string {
  const { atRiskUsdPerDay, removesUsdPerDay, removesShare, optimality, leftOut, notes } = plan
  const parts = [
    '# Plan',
    `${formatUsd(removesUsdPerDay.mid)} of ${formatUsd(atRiskUsdPerDay.mid)} a day at risk goes away (${formatShare(removesShare)}; between ${formatUsd(removesUsdPerDay.low)} and ${formatUsd(removesUsdPerDay.high)}). ${
      optimality.isExact
        ? 'No other plan within the budget removes more.'
        : `At most ${(optimality.gap * 100).toFixed(1)} % more is possible within the budget.`
    }`,
    ...plan.chosen.map((item, i) => itemOf(item, i + 1)),
  ]
  if (leftOut.length > 0)
    parts.push(
      '## Left out',
      leftOut
        .map(
          ({ title, reason, couldRemoveUsdPerDay }) =>
            `- ${escapeMarkdown(title)} (${formatUsd(couldRemoveUsdPerDay)} a day): ${escapeMarkdown(reason)}`,
        )
        .join('\n'),
    )
  if (notes.length > 0) parts.push('## Notes', notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'))
  return `${parts.join('\n\n')}\n`
}

function itemOf(item: ChosenControl, number: number): string {
  const { overhead } = item
  const facts = [
    `removes ${formatUsd(item.removesUsdPerDay)} a day`,
    `friction ${overhead.friction}`,
    `${formatUsd(overhead.usdPerMonth)} a month`,
    `${overhead.cpuPercent} % CPU`,
    `${overhead.downtimeSeconds} s away`,
  ]
  const parts = [
    `## ${number}\\. ${escapeMarkdown(item.title)}`,
    facts.join(', '),
    escapeMarkdown(item.why[0] ?? ''),
    ...(item.needs.length === 0
      ? []
      : [item.needs.map((need) => `- [ ] first: ${escapeMarkdown(need)}`).join('\n')]),
    item.how.text.map((line) => `- [ ] ${escapeMarkdown(line)}`).join('\n'),
    ...(item.notWritten.length === 0
      ? []
      : [
          item.notWritten
            .map(({ form, what }) => `- [ ] by hand, not in --emit ${form}: ${escapeMarkdown(what)}`)
            .join('\n'),
        ]),
    ...codeOf('Do', item.how),
    ...codeOf('Undo', item.revert),
  ]
  return parts.join('\n\n')
}

function codeOf(label: string, how: PlanHow): string[] {
  const forms: readonly (readonly [string, string, string | null])[] = [
    ['AWS CLI', 'sh', how.cli === null ? null : how.cli.join('\n')],
    ['Terraform', 'hcl', how.terraform],
    ['nftables', 'nft', how.nft],
    ['sshd', 'text', how.sshd],
    ['systemd', 'ini', how.systemd],
    ['Kubernetes', 'json', how.kubernetes],
  ]
  return forms.flatMap(([name, language, text]) =>
    text === null ? [] : [`${label} (${name}):`, fenced(text, language)],
  )
}

/** A code block whose fence is longer than any run of backticks in it. */
function fenced(text: string, language: string): string {
  let longest = 2
  for (const run of text.matchAll(/`+/g)) longest = Math.max(longest, run[0].length)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`
}
