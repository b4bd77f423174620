import type { Machine } from '../assets/asset.ts'
import { machinesIn } from './describe-instances.ts'
import { splitJsonDocuments } from './json-documents.ts'
import { machineOf } from './machine.ts'
import type { Problem } from './problem.ts'
import { InventoryFile } from './schema.ts'
import { readStrict } from './strict-yaml.ts'

export interface Inventory {
  readonly machines: readonly Machine[]
  /** What makes the file wrong; then there are no machines. */
  readonly problems: Problem[]
  /** What was left out of a cloud's answer, in words. */
  readonly notes: string[]
}

/** The owner's list of machines: a YAML list, or what `aws ec2 describe-instances` prints. Never throws. */
export function parseInventory(text: string, file: string): Inventory {
  return parseCloudAnswer(text, file) ?? parseOwnList(text, file)
}

function parseOwnList(text: string, file: string): Inventory {
  const { value, problems } = readStrict(text, file, InventoryFile, 'inventory')
  return { machines: (value ?? []).map(machineOf), problems, notes: [] }
}

/** Null where the text is not JSON, or none of its documents is a cloud's answer. */
function parseCloudAnswer(text: string, file: string): Inventory | null {
  const documents = /^[\s\uFEFF]*[[{]/u.test(text) ? splitJsonDocuments(text) : null
  const machines = new Map<string, Machine>()
  let dropped = 0
  let isAnswer = false
  for (const document of documents ?? []) {
    const found = machinesIn(parseJson(document.text))
    if (found === null) dropped++
    else isAnswer = true
    for (const machine of found?.machines ?? []) machines.set(machine.id ?? machine.name, machine)
    dropped += found?.dropped ?? 0
  }
  if (!isAnswer) return null
  const notes = dropped === 0 ? [] : [`${file}: ${dropped} entries are no instances and were left out`]
  return { machines: [...machines.values()], problems: [], notes }
}

/** Undefined where it is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
