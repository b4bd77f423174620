import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConversationDocument } from '../../src/conversations/schema.ts'
import { findTcpdump } from '../../src/live/tcpdump.ts'
import { Cable, MINER_IP, MINER_LINK, POOL_IP, Program } from './namespace.ts'

const tcpdump = findTcpdump()
const cable = tcpdump === null ? null : Cable.lay()
if (tcpdump === null) console.warn('skipped: tcpdump is not installed')
else if (cable === null) console.warn('skipped: no network namespace can be made here (needs root)')
afterAll(() => cable?.remove())

/** Its threads see the interface when tcpdump holds it open; packets from before then are not theirs. */
async function watching(...args: readonly string[]): Promise<Program> {
  const program = cable!.davylamp('wire', '--interface', MINER_LINK, ...args)
  await program.until(() => program.stderr.includes(`watching ${MINER_LINK}`))
  return program
}

function documents({ stdout }: Program): ConversationDocument[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => ConversationDocument.parse(JSON.parse(line)))
}

describe.skipIf(cable === null)('a live interface', () => {
  it('tells mining while it goes on, then how it ended, under one id', async () => {
    const pool = cable!.standIn('pool', POOL_IP, '443')
    await pool.until(() => pool.stdout.includes('ready'))
    const wire = await watching('--format', 'jsonl')
    const miner = cable!.standIn('miner', POOL_IP, '443', '20', '50')
    await wire.until(() => wire.stdout.includes('\n'))
    expect(miner.exitCode).toBeNull()
    await miner.ended()
    wire.stop('SIGINT')
    await wire.ended()
    pool.stop('SIGTERM')
    const told = documents(wire)
    expect(told[0]).toMatchObject({
      phase: 'opened',
      verdict: 'mining',
      client: { ip: MINER_IP },
      server: { ip: POOL_IP, port: 443 },
    })
    expect(told.at(-1)).toMatchObject({
      phase: 'closed',
      sharesSubmitted: 20,
      sharesAccepted: 20,
      file: MINER_LINK,
    })
    expect(new Set(told.map(({ id }) => id)).size).toBe(1)
    expect(wire.exitCode).toBe(10)
    expect(wire.stdout).not.toContain('hunter2')
    expect(wire.stderr).toMatch(/\d+ packets seen, 0 lost/u)
  })

  it.each(['TLSv1.2', 'TLSv1.3'])('tells by its name a pool inside %s, while it goes on', async (version) => {
    const pool = cable!.standIn('pool', POOL_IP, '9000', 'tls')
    await pool.until(() => pool.stdout.includes('ready'))
    const wire = await watching('--format', 'jsonl')
    const miner = cable!.standIn('miner', POOL_IP, '9000', '20', '50', 'pool.supportxmr.com', version)
    await wire.until(() => wire.stdout.includes('\n'))
    expect(miner.exitCode).toBeNull()
    await miner.ended()
    wire.stop('SIGINT')
    await wire.ended()
    pool.stop('SIGTERM')
    const told = documents(wire)
    expect(told.map(({ phase }) => phase)).toEqual(['opened', 'closed'])
    expect(new Set(told.map(({ id }) => id)).size).toBe(1)
    for (const one of told)
      expect(one).toMatchObject({
        verdict: 'mining',
        transport: 'tls',
        server: { ip: POOL_IP, port: 9000, name: 'pool.supportxmr.com' },
        sharesSubmitted: 0,
      })
  })

  it('prints the table when stopped, and stops by itself after --duration', async () => {
    const pool = cable!.standIn('pool', POOL_IP, '3333')
    await pool.until(() => pool.stdout.includes('ready'))
    const wire = await watching('--filter', 'tcp port 3333')
    await cable!.standIn('miner', POOL_IP, '3333', '3', '20').ended()
    await wire.until(() => wire.stderr.includes('mines Monero'))
    wire.stop('SIGINT')
    expect((await wire.ended()).stdout).toContain(`● MINING   ${MINER_IP} → ${POOL_IP}:3333`)
    pool.stop('SIGTERM')
    const quiet = await cable!.davylamp('wire', '--interface', MINER_LINK, '--duration', '1s').ended()
    expect(quiet).toMatchObject({ exitCode: 0 })
    expect(quiet.stdout).toContain('No pool mining seen')
  })

  it('leaves no tcpdump behind when its terminal is closed', async () => {
    const wire = await watching('--format', 'jsonl')
    wire.stop('SIGHUP')
    expect(await wire.ended()).toMatchObject({ exitCode: 0, stdout: '' })
    expect(wire.stderr).toMatch(/\d+ packets? seen, 0 lost/u)
  })

  it.each([
    [['--interface', 'nowhere0'], 'cannot capture on nowhere0'],
    [['--interface', MINER_LINK, '--filter', 'prot tcp'], 'cannot capture on'],
    [['--interface', MINER_LINK, '--filter', '-z /bin/true'], 'cannot capture on'],
  ])('says why it cannot: %j', async (args, message) => {
    const run = await cable!.davylamp('wire', ...args, '--duration', '5s').ended()
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain(message)
    expect(run.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
  })
})

describe.skipIf(tcpdump === null || process.getuid?.() !== 0)('without rights', () => {
  it('says which are needed and how to get them', async () => {
    const launcher = join(resolve(import.meta.dirname, '../..'), 'bin/davylamp.mjs')
    const nobody = { uid: 65_534, gid: 65_534 }
    const run = await new Program(process.execPath, [launcher, 'wire', '--interface', 'lo'], nobody).ended()
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    expect(run.stderr).toContain('setcap cap_net_raw,cap_net_admin=eip')
  })
})
