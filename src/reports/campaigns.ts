import type { CampaignEntry } from '../story/document.ts'
import { plural } from '../text/plural.ts'
import { artefactName } from './phrases.ts'

const MAX_NAMED = 6
const MAX_VALUE = 40

/** `48No…YA3b on web-1, db-2 and ci-3` */
export function campaignPhrase({ name, occupants }: CampaignEntry): string {
  return `${name} on ${someOf([...new Set(occupants.map(({ asset }) => asset))])}`
}

/** `same wallets 48No…YA3b and 46No…FywE; same host 198.51.100.4` */
export function sharedPhrase({ sharedBy }: CampaignEntry): string {
  const kinds = Map.groupBy(sharedBy.slice(0, MAX_NAMED), ({ type }) =>
    type === 'address' ? 'source address' : artefactName(type),
  )
  return [...kinds]
    .map(([kind, shared]) => {
      const word = shared.length === 1 ? kind : `${kind}${kind.endsWith('s') ? 'es' : 's'}`
      return `same ${word} ${someOf(shared.map(({ value }) => shortened(value)))}`
    })
    .join('; ')
}

function shortened(value: string): string {
  return value.length <= MAX_VALUE ? value : `${value.slice(0, 12)}…${value.slice(-8)}`
}

function someOf(names: readonly string[]): string {
  if (names.length > MAX_NAMED)
    return `${names.slice(0, MAX_NAMED).join(', ')} and ${plural(names.length - MAX_NAMED, 'more machine')}`
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}
