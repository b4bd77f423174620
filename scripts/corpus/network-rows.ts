import { join } from 'node:path'
import { Reachability } from '../../src/surface/network/reachability.ts'
import { type Lab, LABS, labNetwork, opened, PLANS, planResources } from '../../test/surface/aws-labs.ts'
import type { Row } from '../corpus.ts'

/** The labs against what was worked out by hand, and the plans against what they hold. */
export async function networkRows(corpus: string): Promise<Row[]> {
  const rows: Row[] = []
  for (const lab of LABS) rows.push(await labRow(join(corpus, 'posture', 'batfish-aws'), lab))
  for (const [file, { changes, data }] of Object.entries(PLANS)) {
    const found = await planResources(join(corpus, 'posture', 'terraform-plans', file))
    const expected = changes + data
    rows.push({
      what: `posture/terraform-plans/${file}`,
      expected: `${expected} resources`,
      got: `${found.length} resources, ${found.reduce((sum, one) => sum + one.unknownAttributes.length, 0)} values not known until apply`,
      isRight: found.length === expected,
    })
  }
  return rows
}

async function labRow(folder: string, { folder: name, machines, internet, between }: Lab): Promise<Row> {
  const reachability = new Reachability(await labNetwork(join(folder, name)))
  const id = (machine: string): string => machines[machine] ?? ''
  const wrong: string[] = []
  const check = (what: string, expected: string, got: string): void => {
    if (got !== expected) wrong.push(`${what}: ${got}, not ${expected}`)
  }
  for (const [machine, expected] of Object.entries(internet))
    check(`internet → ${machine}`, expected, opened(reachability, 'internet', id(machine)))
  for (const [pair, expected] of Object.entries(between)) {
    const [from = '', to = ''] = pair.split(' → ')
    check(pair, expected, opened(reachability, id(from), id(to)))
  }
  const count = Object.keys(internet).length + Object.keys(between).length
  return {
    what: `posture/batfish-aws/${name}`,
    expected: `${count} ways as worked out by hand`,
    got: wrong.join('; ') || `${count} ways as worked out by hand`,
    isRight: wrong.length === 0,
  }
}
