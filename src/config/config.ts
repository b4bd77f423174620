import type { z } from 'zod'
import type { Machine } from '../assets/asset.ts'
import type { Known, Operator } from '../policy/rules.ts'
import { machineOf } from './machine.ts'
import type { Problem } from './problem.ts'
import { ConfigFile, type KnownEntry, type OperatorEntry, SUBJECTS } from './schema.ts'
import { readStrict } from './strict-yaml.ts'

/** What the operator has said in `davylamp.yaml`. */
export interface Config {
  readonly known: readonly Known[]
  readonly operators: readonly Operator[]
  readonly inventory: readonly Machine[]
}

export const EMPTY_CONFIG: Config = { known: [], operators: [], inventory: [] }

const DAY_MS = 24 * 3_600_000

/** Strict: with any problem the configuration is empty, and all problems are told at once. Never throws. */
export function parseConfig(text: string, file: string): { config: Config; problems: Problem[] } {
  const { value, problems } = readStrict(text, file, ConfigFile)
  if (value === null) return { config: EMPTY_CONFIG, problems }
  const config: Config = {
    known: (value.known ?? []).map(knownOf),
    operators: (value.operators ?? []).map(operatorOf),
    inventory: (value.inventory ?? []).map(machineOf),
  }
  return { config, problems }
}

function knownOf(entry: z.infer<typeof KnownEntry>): Known {
  const what = SUBJECTS.find((subject) => entry[subject] !== undefined) ?? 'asset'
  return {
    what,
    value: entry[what] ?? '',
    reason: entry.reason,
    expiresAt: entry.expires === undefined ? null : expiryOf(entry.expires),
  }
}

/** A day counts to its end. */
function expiryOf(expires: string): number {
  return Date.parse(expires) + (expires.includes('T') ? 0 : DAY_MS)
}

function operatorOf(entry: z.infer<typeof OperatorEntry>): Operator {
  return { name: entry.name ?? null, addresses: entry.addresses ?? [], accounts: entry.accounts ?? [] }
}
