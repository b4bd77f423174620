import { createHash } from 'node:crypto'
import type { TerraformValue } from '../change.ts'
import { identifier } from './hcl.ts'

const SHOWN = 40

/** What a new resource is called in our file: where it comes from, what it is, and a digest so that two stay two. */
export function terraformName(type: string, name: string): string {
  const digest = createHash('sha256').update(`${type} ${name}`).digest('hex').slice(0, 6)
  return `davylamp_${identifier(name).slice(0, SHOWN)}_${digest}`
}

/** An attribute of another new resource of ours. */
export function attributeOf(type: string, name: string, attribute: string): TerraformValue {
  return { reference: [type, terraformName(type, name), attribute] }
}
