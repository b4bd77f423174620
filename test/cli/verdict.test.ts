import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Investigation } from '../../src/story/document.ts'
import { davylamp, workFolder } from './run.ts'

const folder = workFolder()
const START = Date.UTC(2026, 4, 12, 3) / 1000

/** An hour of flow logs of one machine that talks to two servers. */
const flows = join(folder, 'flows.log')
writeFileSync(
  flows,
  [
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
    ...Array.from({ length: 60 }, (_, minute) => {
      const from = START + minute * 60
      return `2 123456789012 eni-1 10.0.3.17 198.51.100.${20 + (minute % 2)} ${40_000 + minute} 443 6 20 4000 ${from} ${from + 59} ACCEPT OK`
    }),
  ].join('\n'),
)

/** What `davylamp collect` writes of programs that ran, of which some could not be looked into. */
function look(name: string, unseen: number): string {
  const head = { davylamp: 'davylamp-host-state/1', time: '2026-05-12T03:00:00Z', host: name, addresses: [] }
  const processes = Array.from({ length: 20 }, (_, pid) => ({
    ...head,
    fact: 'process',
    id: `${pid + 10}@1`,
    name: 'sshd',
    attributes: {
      pid: pid + 10,
      args: ['/usr/sbin/sshd'],
      exe: pid < unseen ? null : '/usr/sbin/sshd',
      exeState: pid < unseen ? 'unseen' : 'file',
    },
  }))
  const file = join(folder, `${name}.jsonl`)
  writeFileSync(file, `${processes.map((one) => JSON.stringify(one)).join('\n')}\n`)
  return file
}

const verdicts = async (file: string): Promise<string[]> => {
  const { stdout, exitCode } = await davylamp(['investigate', file, '--no-case', '--format', 'json'])
  expect(exitCode).toBe(0)
  return Investigation.parse(JSON.parse(stdout)).assets.map(({ status }) => status)
}

it('flow logs alone judge nobody, in whatever form it is told', async () => {
  expect(await verdicts(flows)).toEqual(['not-judged'])
  for (const format of ['terminal', 'markdown', 'html']) {
    const { stdout } = await davylamp(['investigate', flows, '--no-case', '--format', format])
    expect(stdout).toContain('flow logs')
    expect(stdout).toContain('sudo davylamp collect')
    expect(stdout).not.toMatch(/[1-9]\d* machines? clean|No intruder and no miner in this evidence\./u)
  }
})

it('a look with rights may say clean, one from outside may not', async () => {
  expect(await verdicts(look('with-rights', 1))).toEqual(['clean'])
  expect(await verdicts(look('without', 18))).toEqual(['not-judged'])
})
