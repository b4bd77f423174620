import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Reachability } from '../../src/surface/network/reachability.ts'
import { LABS, labNetwork, opened, PLANS, planResources } from './aws-labs.ts'

const posture = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'corpus', 'posture')

function isData(address: string | undefined): boolean {
  return /(?:^|\.)data\./u.test(address ?? '')
}

describe.skipIf(!existsSync(posture))('the labs of the corpus', () => {
  it.each(LABS)('$folder is as worked out by hand', async ({ folder, machines, internet, between }) => {
    const network = await labNetwork(join(posture, 'batfish-aws', folder))
    expect([...network.instances.keys()].toSorted()).toEqual(Object.values(machines).toSorted())
    const reachability = new Reachability(network)
    const id = (name: string | undefined): string => machines[name ?? ''] ?? ''
    const fromInternet = Object.keys(internet).map((name) => [
      name,
      opened(reachability, 'internet', id(name)),
    ])
    expect(Object.fromEntries(fromInternet)).toEqual(internet)
    const pairs = Object.keys(between).map((pair) => {
      const [from, to] = pair.split(' → ')
      return [pair, opened(reachability, id(from), id(to))]
    })
    expect(Object.fromEntries(pairs)).toEqual(between)
    expect(pairs).toHaveLength(Object.keys(machines).length * (Object.keys(machines).length - 1))
  })

  it.each(Object.entries(PLANS))('%s is read without loss', async (file, { changes, data }) => {
    const found = await planResources(join(posture, 'terraform-plans', file))
    expect(found.filter(({ origin }) => !isData(origin.recordId))).toHaveLength(changes)
    expect(found.filter(({ origin }) => isData(origin.recordId))).toHaveLength(data)
    const made = found.filter(
      ({ resourceId, origin }) => resourceId === origin.recordId && !isData(resourceId),
    )
    expect(made.every(({ unknownAttributes }) => unknownAttributes.includes('id'))).toBe(true)
  })
})
