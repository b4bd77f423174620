/**
 * Runs the product over the public corpus beside the checkout, prints a table and fails where a line of
 * it no longer holds. Skips with a message where the corpus is absent. Only the product's own command
 * is used, as a user would.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import type { Investigation } from '../src/story/document.ts'
import { networkRows } from './corpus/network-rows.ts'
import { ruleRows } from './corpus/rule-rows.ts'

const root = resolve(import.meta.dirname, '..')
const corpus = resolve(root, '..', 'shared', 'corpus')

export interface Row {
  readonly what: string
  readonly expected: string
  readonly got: string
  readonly isRight: boolean
}

function investigate(...paths: readonly string[]): { story: Investigation; status: number | null } {
  const run = spawnSync(
    process.execPath,
    [join(root, 'bin', 'davylamp.mjs'), 'investigate', ...paths, '--no-case', '--format', 'json'],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      timeout: 120_000,
    },
  )
  if (run.status !== 0 && run.status !== 10)
    throw new Error(`investigate ${paths.join(' ')}: exit ${run.status} ${run.signal}\n${run.stderr}`)
  return { story: JSON.parse(run.stdout) as Investigation, status: run.status }
}

/** Captures of mining: each must tell mining; coin and software where the dialogue names them. */
const MINING: readonly [file: string, coin: RegExp | null, software: RegExp | null][] = [
  ['mining/zeek-cryptomining/bitcoin-mining.pcap', /Bitcoin|BTC/u, null],
  ['mining/zeek-cryptomining/bitcoin-mining-in-progress.pcap', /Bitcoin|BTC/u, null],
  ['mining/zeek-cryptomining/coinhive-stratum.pcap', /Monero|XMR/u, null],
  // In TLS: by the name of the pool.
  ['mining/zeek-cryptomining/coinhive.pcap', /Coinhive/u, null],
  ['mining/ndpi/mining.pcapng', /Zcash/u, null],
]

function miningRows(): Row[] {
  const labels = new Map(
    readFileSync(join(corpus, 'mining/cj-sniffer/labels.csv'), 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .filter((cells) => cells.length > 10)
      .map((cells) => [cells[0] ?? '', { coin: cells[9] ?? '', software: cells[10] ?? '' }]),
  )
  const expected = [...MINING]
  for (const file of globSync('mining/cj-sniffer/*.pcap', { cwd: corpus }).toSorted()) {
    const label = labels.get(basename(file, '.pcap'))
    const coin = label?.coin === 'xmr' ? /Monero/u : /Ethereum/u
    // Software is asked for only where the bytes name it: some miners never say who they are.
    const software = new RegExp(label?.software ?? '', 'iu')
    const isNamed = software.test(readFileSync(join(corpus, file), 'latin1'))
    expected.push([file, coin, isNamed ? software : null])
  }
  return expected.map(([file, coin, software]) => {
    const { story, status } = investigate(join(corpus, file))
    const mining = story.incidents
      .flatMap((incident) => incident.findings)
      .filter((finding) => finding.stage === 'mining')
    const titles = [...new Set(mining.map((finding) => finding.title))].join('; ')
    const named = coin === null || coin.test(titles)
    const by = software === null || software.test(titles)
    return {
      what: file,
      expected: `mining ${coin?.source ?? ''} ${software?.source ?? ''}`,
      got: titles,
      isRight: status === 10 && mining.length > 0 && named && by,
    }
  })
}

function benignRows(): Row[] {
  const files = globSync('benign/ndpi/*.pcap*', { cwd: corpus }).toSorted()
  const accused: string[] = []
  for (const file of files) {
    const { story, status } = investigate(join(corpus, file))
    if (status !== 0 || story.incidents.length > 0) accused.push(basename(file))
  }
  const together = investigate(join(corpus, 'benign/ndpi'))
  return [
    {
      what: `benign/ndpi, ${files.length} captures one by one`,
      expected: 'no incident',
      got: accused.join(' ') || 'no incident',
      isRight: accused.length === 0,
    },
    {
      what: 'benign/ndpi, all at once',
      expected: 'no incident',
      got: `${together.story.incidents.length} incidents`,
      isRight: together.status === 0,
    },
  ]
}

function pressureIps(story: Investigation): Set<string> {
  return new Set(story.pressure.flatMap((entry) => entry.sourceIps))
}

function crowdsecRows(): Row[] {
  return globSync('auth/crowdsec-hub/*/*.log', { cwd: corpus })
    .toSorted()
    .map((file) => {
      const assertFile = join(corpus, file, '..', 'scenario.assert')
      const text = existsSync(assertFile) ? readFileSync(assertFile, 'utf8') : ''
      const wanted = new Set(
        [...text.matchAll(/"([\d.:a-f]+)" in results\[\d+\]\.Overflow\.GetSources\(\)/gu)].map(
          (match) => match[1] ?? '',
        ),
      )
      const { story } = investigate(join(corpus, file))
      const got = pressureIps(story)
      const missing = [...wanted].filter((ip) => !got.has(ip))
      return {
        what: file,
        expected: `pressure from ${[...wanted].join(' ') || '(nobody named)'}`,
        got:
          missing.length > 0
            ? `missing ${missing.join(' ')}`
            : `${got.size} addresses, ${story.incidents.length} incidents`,
        isRight: missing.length === 0,
      }
    })
}

function loghubRows(): Row[] {
  const file = 'auth/loghub/OpenSSH_2k.log'
  const text = readFileSync(join(corpus, file), 'utf8')
  const failed = new Set(
    [...text.matchAll(/Failed \S+ for (?:invalid user )?.* from ([\d.]+) port/gu)].map(
      (match) => match[1] ?? '',
    ),
  )
  const { story, status } = investigate(join(corpus, file))
  const got = pressureIps(story)
  const missing = [...failed].filter((ip) => !got.has(ip))
  return [
    {
      what: file,
      expected: `${failed.size} guessing addresses as pressure, fztu's login no way in`,
      got: `${failed.size - missing.length} of them, ${story.incidents.length} incidents${missing.length > 0 ? `, missing ${missing.join(' ')}` : ''}`,
      isRight: status === 0 && missing.length === 0 && story.incidents.length === 0,
    },
  ]
}

if (!existsSync(corpus)) {
  console.log(`corpus: skipped, there is none at ${relative(root, corpus)}`)
} else {
  const rows = [
    ...(await networkRows(corpus)),
    ...ruleRows(),
    ...miningRows(),
    ...benignRows(),
    ...crowdsecRows(),
    ...loghubRows(),
  ]
  const width = Math.max(...rows.map((row) => row.what.length))
  for (const row of rows)
    console.log(
      `${row.isRight ? 'ok  ' : 'FAIL'}  ${row.what.padEnd(width)}  ${row.got}${row.isRight ? '' : `   (expected ${row.expected})`}`,
    )
  const wrong = rows.filter((row) => !row.isRight).length
  console.log(`corpus: ${rows.length - wrong} of ${rows.length} lines hold`)
  process.exitCode = wrong > 0 ? 1 : 0
}
