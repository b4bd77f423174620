import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ConversationDocument } from '../../src/conversations/schema.ts'
import { encodePcap } from '../../src/wire/encode/index.ts'
import { davylamp, workFolder } from '../cli/run.ts'
import {
  captureOf,
  HASHES_PER_SHARE,
  MINER,
  miningPackets,
  PASSWORD,
  POOL,
  START_MS,
  WALLET,
  webPackets,
} from './samples.ts'

const folder = workFolder()
const put = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const mining = put('mining.pcap', captureOf(webPackets(), miningPackets()))
const quiet = put('quiet.pcap', captureOf(webPackets()))

async function lines(...args: readonly string[]): Promise<ConversationDocument[]> {
  const { stdout } = await davylamp(['wire', ...args, '--format', 'jsonl'])
  return stdout
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => ConversationDocument.parse(JSON.parse(one)))
}

describe('davylamp wire --format jsonl', () => {
  it('tells one object of each mining connection, as the contract has it', async () => {
    const [found, ...others] = await lines(mining)
    expect(others).toEqual([])
    expect(found).toMatchObject({
      file: mining,
      client: MINER,
      server: { ...POOL, name: null },
      transport: 'tcp',
      dialect: 'cryptonote',
      coin: 'XMR',
      algorithm: 'rx/0',
      agent: 'XMRig/6.21.0 (Linux x86_64)',
      login: WALLET,
      worker: 'rig-1',
      sharesSubmitted: 31,
      sharesAccepted: 30,
      sharesRejected: 1,
      coins: null,
      usd: null,
      firstSeen: '2026-05-12T03:14:00.000000Z',
      verdict: 'mining',
      origin: { source: 'pcap', file: mining },
    })
    expect(found?.expectedHashes).toBeCloseTo(30 * HASHES_PER_SHARE, 3)
    const seconds = (Date.parse(found?.lastSeen ?? '') - START_MS) / 1000
    expect(found?.hashrate).toBeCloseTo((30 * HASHES_PER_SHARE) / seconds, 1)
    expect(found?.hashrateError).toBeCloseTo((found?.hashrate ?? 0) / Math.sqrt(30), 6)
    expect(found?.confidence).toBeGreaterThanOrEqual(0.5)
    expect(found?.reasons.length).toBeGreaterThan(0)
    expect(found?.bytesOut).toBeGreaterThan(found?.bytesIn ?? Infinity)
  })

  it('points at the line that first showed it', async () => {
    const [found] = await lines(mining)
    expect(found?.origin.raw).toContain('"method":"login"')
    const capture = readFileSync(mining)
    const { offset } = found?.origin ?? { offset: 0 }
    const length = capture.readUInt32LE(offset + 8)
    expect(capture.subarray(offset + 16, offset + 16 + length).toString('latin1')).toContain(
      '"method":"login"',
    )
  })

  it('says by its exit code whether something was found', async () => {
    expect((await davylamp(['wire', mining])).exitCode).toBe(10)
    expect(await davylamp(['wire', quiet, '--format', 'jsonl'])).toEqual({
      stdout: '',
      stderr: '',
      exitCode: 0,
    })
    expect((await davylamp(['wire', join(folder, 'nowhere')])).exitCode).toBe(1)
  })

  it('tells every connection with --all, in the order of the input', async () => {
    const packets = [...webPackets(), ...miningPackets(), ...webPackets(START_MS + 3_600_000)]
    const all = await lines(put('all.pcap', captureOf(packets)), '--all')
    expect(all.map(({ verdict, server }) => [verdict, server.port])).toEqual([
      ['none', 80],
      ['mining', 443],
      ['none', 80],
    ])
    expect(all[0]).toMatchObject({ confidence: 0, dialect: null, login: null, reasons: [] })
  })

  it('masks the password of the pool, and shows it only when asked to', async () => {
    expect(JSON.stringify(await lines(mining))).not.toContain(PASSWORD)
    expect(JSON.stringify(await lines(mining, '--show-secrets'))).toContain(PASSWORD)
  })

  it('redacts wallets and workers, the same ones to the same names', async () => {
    const later = { startMs: START_MS + 3_600_000, client: { ip: MINER.ip, port: 51_300 } }
    const other = {
      startMs: START_MS + 7_200_000,
      client: { ip: MINER.ip, port: 51_400 },
      login: `4${WALLET.slice(1, -2)}zz`,
    }
    const file = put('two.pcap', captureOf(miningPackets(), miningPackets(later), miningPackets(other)))
    const { stdout } = await davylamp(['wire', file, '--redact', '--format', 'jsonl'])
    expect(stdout).not.toContain(WALLET.slice(0, 12))
    expect(stdout).not.toContain('rig-1')
    const logins = (await lines(file, '--redact')).map(({ login }) => login)
    expect(logins[0]).toBe(logins[1])
    expect(logins[0]).not.toBe(logins[2])
    expect((await davylamp(['wire', file, '--redact'])).stdout).not.toContain(WALLET.slice(0, 12))
  })

  it('reckons coins and money from what the user says, and never guesses', async () => {
    const figures = ['--difficulty', 'XMR=1M', '--reward', 'XMR=0.5', '--price', 'XMR=100']
    const [found] = await lines(mining, ...figures)
    const coins = ((30 * HASHES_PER_SHARE) / 1e6) * 0.5
    expect(found?.coins).toBeCloseTo(coins, 9)
    expect(found?.usd).toBeCloseTo(coins * 100, 6)
    const { stdout } = await davylamp(['wire', mining, ...figures.slice(0, 2)])
    expect(stdout).toContain('coins: not known (give --reward XMR=…)')
  })
})

describe('what davylamp wire reads', () => {
  it('folders, with what is no capture named on standard error', async () => {
    const dir = join(folder, 'mixed')
    mkdirSync(dir)
    writeFileSync(join(dir, 'a.pcap.gz'), gzipSync(readFileSync(mining)))
    writeFileSync(join(dir, 'notes.txt'), 'not a capture\n')
    const run = await davylamp(['wire', dir, '--format', 'jsonl'])
    expect(run.exitCode).toBe(10)
    expect(run.stderr).toContain('notes.txt: skipped: neither a capture nor')
    expect(run.stdout.trimEnd().split('\n')).toHaveLength(1)
  })

  it('archives, with the name of the member', async () => {
    execFileSync('tar', ['-czf', 'b.tar.gz', 'mining.pcap'], { cwd: folder })
    const [found] = await lines(join(folder, 'b.tar.gz'))
    expect(found?.file).toBe(`${join(folder, 'b.tar.gz')}!mining.pcap`)
  })

  it.each([
    ['a capture', (bytes: Buffer) => bytes],
    ['a compressed one', (bytes: Buffer) => gzipSync(bytes)],
  ])('standard input: %s', async (_name, pack) => {
    expect(await piped(pack(readFileSync(mining)))).toMatchObject([{ file: '-', sharesAccepted: 30 }])
  })

  it('rotated files as one capture, given in any order; copies each on their own', async () => {
    const packets = miningPackets()
    const half = packets.length >> 1
    const first = put('eth0.pcap1', encodePcap(packets.slice(0, half)))
    const second = put('eth0.pcap0', encodePcap(packets.slice(half)))
    expect(await lines(first, second)).toMatchObject([{ file: first, sharesAccepted: 30 }])
    expect(await lines(second, first)).toMatchObject([{ file: first, sharesAccepted: 30 }])
    const copy = put('copy.pcap', readFileSync(mining))
    expect((await lines(mining, copy)).map(({ file }) => file)).toEqual([mining, copy])
    expect((await davylamp(['wire', mining, copy])).stdout).toContain('30 accepted, 1 rejected')
  })

  it('json: one document with everything in it', async () => {
    const { stdout } = await davylamp(['wire', mining, quiet, '--format', 'json'])
    const document: unknown = JSON.parse(stdout)
    expect(document).toMatchObject({
      schema: 'davylamp.wire/1',
      conversations: [{ verdict: 'mining' }],
      skipped: [],
    })
    expect(JSON.parse((await davylamp(['wire', quiet, '--format', 'json'])).stdout)).toMatchObject({
      conversations: [],
    })
  })
})

describe('flows of ipfixprobe', () => {
  const header =
    'ipaddr DST_IP,ipaddr SRC_IP,uint64 BYTES,uint64 BYTES_REV,time TIME_FIRST,time TIME_LAST,uint32 PACKETS,uint32 PACKETS_REV,uint16 DST_PORT,uint16 SRC_PORT,uint8 PROTOCOL,int8* PPI_PKT_DIRECTIONS,uint8* PPI_PKT_FLAGS,uint16* PPI_PKT_LENGTHS,time* PPI_PKT_TIMES'
  const file = put(
    'flows.csv',
    Buffer.from(
      `${[header, row(8080, 151, 41, 9), row(80, 9, 9, 1).replace('[1|-1|', '[1|'), row(443, 700, 1400, 0)].join('\n')}\n`,
    ),
  )

  it('are judged by their first packets, all of them in the order of the file with --all', async () => {
    const all = await lines(file, '--all')
    expect(all.map(({ origin, server }) => [origin.line, server.port])).toEqual([
      [2, 8080],
      [4, 443],
    ])
    expect(all[0]?.miningProbability).toBeGreaterThan(all[1]?.miningProbability ?? 1)
    for (const { verdict, confidence, miningProbability } of all) {
      expect(confidence).toBeLessThan(0.5)
      expect(verdict).toBe((miningProbability ?? 0) >= 0.5 ? 'suspect' : 'none')
    }
    expect((await davylamp(['wire', file])).stderr).toContain('1 row left out')
  })
})

describe('the table', () => {
  it('joins the connections of one worker and wallet, and one joined after its login', async () => {
    const again = { startMs: START_MS + 3_600_000, client: { ip: MINER.ip, port: 51_300 } }
    const late = miningPackets({
      startMs: START_MS + 7_200_000,
      client: { ip: MINER.ip, port: 51_400 },
    }).slice(8)
    const { stdout } = await davylamp([
      'wire',
      put('three.pcap', captureOf(miningPackets(), miningPackets(again), late)),
    ])
    expect(stdout.match(/● MINING/gu)).toHaveLength(1)
    expect(stdout).toContain('in 3 connections')
    expect(stdout).toContain('90 accepted, 3 rejected')
    expect(stdout).toContain('1 machine mining in 3 TCP connections')
  })

  it('fits 80 columns, has no colours in a pipe, and plain signs where only those can be shown', async () => {
    const { stdout } = await davylamp(['wire', mining], { env: { LANG: 'C', LC_ALL: 'C' } })
    expect(stdout.split('\n').every((row) => row.length <= 80)).toBe(true)
    expect(stdout).toMatch(/^[\n\x20-\x7e]*$/u)
    expect(stdout).toContain('* MINING')
  })

  it('lets nothing from the wire play tricks on the terminal', async () => {
    const file = put('tricks.pcap', captureOf(miningPackets({ worker: 'a\u001B[2J\u202Eb' })))
    const { stdout } = await davylamp(['wire', file])
    expect(stdout).toContain(String.raw`a\x1b[2J\u202eb`)
    expect(JSON.stringify(await lines(file))).not.toContain('\u202e')
  })

  it('is one line per miner with --quiet', async () => {
    const { stdout } = await davylamp(['wire', mining, '--quiet'])
    expect(stdout.split('\n')[0]).toMatch(
      /^MINING 10\.0\.3\.17 → 198\.51\.100\.7:443: Monero, 30 accepted, 1 rejected, /u,
    )
  })
})

describe('wrong usage', () => {
  it.each([
    [['wire'], 'nothing to read'],
    [['wire', mining, '--interface', 'lo'], '--interface watches an interface'],
    [['wire', mining, '--duration', '5s'], '--duration is for --interface'],
    [['wire', '--interface', 'lo', '--duration', 'soon'], 'not a time span'],
    [['wire', '--interface', ''], '--interface needs a name'],
    [['wire', '--interface', 'lo', '--since', '1h'], '--since is for captures'],
    [['wire', '--interface', 'lo', '--until', '1h'], '--until is for captures'],
    [['wire', '--interface', 'lo', '--all'], '--all needs --format'],
    [['wire', mining, '--all'], '--all needs --format'],
    [['wire', mining, '--price', 'XMR'], 'not a coin and a number'],
    [['wire', mining, '--difficulty', 'KAS=1T'], 'is not known here'],
    [['wire', mining, '--since', 'yesterday'], 'not a time'],
  ])('%j', async (args, message) => {
    const run = await davylamp(args)
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toContain(message)
  })
})

/** A client that sends `length` bytes every so often and gets `answer` bytes. */
function row(port: number, length: number, answer: number, everyS: number): string {
  const turns = Array.from({ length: 15 }, (_, turn) => turn)
  return [
    '198.51.100.7,10.0.3.17,9000,8000',
    `${at(0)},${at(15 * everyS)}`,
    `40,40,${port},51234,6`,
    list(turns.flatMap(() => [1, -1])),
    list(turns.flatMap(() => [24, 24])),
    list(turns.flatMap(() => [length, answer])),
    list(turns.flatMap((turn) => [at(turn * everyS), at(turn * everyS + 0.05)])),
  ].join(',')
}

/** A time as ipfixprobe writes it. */
function at(seconds: number): string {
  return new Date(START_MS + seconds * 1000).toISOString().slice(0, -1)
}

function list(cells: readonly unknown[]): string {
  return `[${cells.join('|')}]`
}

function piped(bytes: Uint8Array): Promise<unknown[]> {
  const launcher = resolve(import.meta.dirname, '../../bin/davylamp.mjs')
  const child = spawn(process.execPath, [launcher, 'wire', '-', '--format', 'jsonl'])
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part))
  child.stdin.end(bytes)
  return new Promise((done) => {
    child.on('close', () =>
      done(
        out
          .trimEnd()
          .split('\n')
          .filter((one) => one !== '')
          .map((one): unknown => JSON.parse(one)),
      ),
    )
  })
}
