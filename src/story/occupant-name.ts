import type { Occupant } from './document.ts'

type Named = Pick<Occupant, 'id' | 'family' | 'familyConfidence'>

/** From this confidence on a gang's name stands without "-like". */
const NAMED_FROM = 0.8

export function occupantName({ id, family, familyConfidence }: Named): string {
  if (family === null) return id
  return familyConfidence >= NAMED_FROM ? family : `${family}-like`
}

/** What an occupant is called: by the gang it is like, else by its id; two of one gang on a machine keep their ids apart. */
export function nameOf(occupants: readonly Named[], id: string): string {
  const occupant = occupants.find((candidate) => candidate.id === id)
  if (occupant === undefined) return id
  const name = occupantName(occupant)
  const isShared = occupants.some((other) => other !== occupant && occupantName(other) === name)
  return isShared ? `${name} (${id})` : name
}
