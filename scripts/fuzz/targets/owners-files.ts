import { parseConfig } from '../../../src/config/config.ts'
import { parseInventory } from '../../../src/config/inventory.ts'
import type { Problem } from '../../../src/config/problem.ts'
import { promise, type Target } from '../target.ts'

const CONFIG = `# what is ours
known:
  - wallet: ${'4'.repeat(95)}
    reason: our own rig
    expires: 2027-01-31
  - address: 192.0.2.0/24
    reason: office
operators:
  - name: mira
    addresses: [192.0.2.25, "2001:db8::/48"]
    accounts: [mira]
inventory:
  - name: web-1
    id: i-0abc
    addresses: [10.0.3.17]
    usdPerHour: 0.08
`
const LIST = `- name: web-1
  id: i-0abc
  addresses: [10.0.3.17, 198.18.4.20]
  type: t3.large
  region: us-east-1
`
const INSTANCES = JSON.stringify({
  Reservations: [
    {
      Instances: [
        {
          InstanceId: 'i-1',
          InstanceType: 't3.large',
          PrivateIpAddress: '10.0.0.1',
          Tags: [{ Key: 'Name', Value: 'web' }],
          State: { Name: 'running' },
        },
      ],
    },
  ],
})
const WORDS = [
  '&a ',
  '*a',
  '<<: *a',
  '!!js/function ',
  '---\n',
  '? ',
  '|\n',
  '>-\n',
  'known:\n',
  '  - ',
  '{',
  '}',
  '%YAML 1.1\n',
  '__proto__: ',
  '\t',
  '"Reservations":',
  '"Instances":[',
]

export const config: Target = {
  name: 'config',
  samples: () => [Buffer.from(CONFIG), Buffer.from(`inventory:\n${LIST.replaceAll(/^/gmu, '  ')}`)],
  words: WORDS,
  build: null,
  check: (bytes) => {
    const { config, problems } = parseConfig(textOf(bytes), 'davylamp.yaml')
    checkProblems(problems)
    const isEmpty = config.known.length + config.operators.length + config.inventory.length === 0
    promise(problems.length === 0 || isEmpty, 'a configuration with problems is empty')
  },
}

export const inventory: Target = {
  name: 'inventory',
  samples: () => [Buffer.from(LIST), Buffer.from(INSTANCES), Buffer.from(`${INSTANCES}\n${INSTANCES}`)],
  words: WORDS,
  build: null,
  check: (bytes) => {
    const { machines, problems, notes } = parseInventory(textOf(bytes), 'inventory.yaml')
    checkProblems(problems)
    promise(problems.length === 0 || machines.length === 0, 'an inventory with problems is empty')
    promise(notes.length < 1000, 'few notes')
  },
}

function checkProblems(problems: readonly Problem[]): void {
  for (const problem of problems) {
    promise(Number.isSafeInteger(problem.line) && problem.line >= 1, 'a problem has a line')
    promise(problem.message.length > 0 && problem.message.length < 10_000, 'a problem is said in words')
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
