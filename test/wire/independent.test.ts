import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Conversation, Endpoint } from '../../src/conversations/conversation.ts'
import { recentRate } from '../../src/conversations/document.ts'
import { hashrateOf } from '../../src/mining/hashrate.ts'
import { varianceOf } from '../../src/mining/sessions.ts'
import { conversationsOf, inputOf, readInput, withOtherPorts } from './captures.ts'
import { hasTshark, sharesByTshark, type StreamShares } from './tshark-shares.ts'

/** Public captures beside the checkout; see their own README. Skipped where they are absent. */
const corpus = resolve(import.meta.dirname, '../../../shared/corpus')
const hasCorpus = existsSync(join(corpus, 'mining'))
if (!hasCorpus) console.warn(`skipped: no captures in ${corpus}`)
if (!hasTshark) console.warn('skipped: tshark is not installed, so nothing counts independently')

const mining = globSync('mining/*/*.{pcap,pcapng}', { cwd: corpus }).toSorted()
const benign = globSync('benign/**/*.{pcap,pcapng,cap}', { cwd: corpus }).toSorted()

function endpoint({ ip, port }: Endpoint): string {
  return `${ip}:${port}`
}

function sharesOf(conversations: readonly Conversation[]): StreamShares[] {
  return conversations
    .filter(({ dialogue }) => (dialogue?.sharesSubmitted ?? 0) > 0)
    .map(({ client, server, dialogue }) => ({
      client: endpoint(client),
      server: endpoint(server),
      submitted: dialogue?.sharesSubmitted ?? 0,
      accepted: dialogue?.sharesAccepted ?? 0,
      rejected: dialogue?.sharesRejected ?? 0,
    }))
}

function sorted(streams: readonly StreamShares[]): StreamShares[] {
  return streams.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

function about({ dialogue }: Conversation): boolean {
  return dialogue !== null
}

/** What does not depend on ports. */
function story(conversations: readonly Conversation[]): unknown[] {
  return conversations.map(({ verdict, confidence, dialogue, packets, bytesOut, client, server }) => ({
    verdict,
    confidence,
    packets,
    bytesOut,
    ends: [client.ip, server.ip],
    shares: [dialogue?.sharesSubmitted, dialogue?.sharesAccepted, dialogue?.sharesRejected],
    told: [dialogue?.dialect, dialogue?.coin, dialogue?.login, dialogue?.worker, dialogue?.expectedHashes],
  }))
}

describe.skipIf(!hasCorpus || !hasTshark).each(mining)('%s', (name) => {
  it('has the shares that tshark counts', async () => {
    const file = join(corpus, name)
    expect(sorted(sharesOf(await conversationsOf(readInput(file))))).toEqual(sorted(sharesByTshark(file)))
  })
})

describe.skipIf(!hasCorpus).each(mining)('%s', (name) => {
  it('is the same story on any ports', async () => {
    const bytes = readFileSync(join(corpus, name))
    const before = await conversationsOf(inputOf('x', bytes))
    // An odd factor is one to one; 53 and 443 go elsewhere, and anything may come to them.
    for (const factor of [40_503, 27_611]) {
      const after = await conversationsOf(
        inputOf(
          'x',
          withOtherPorts(bytes, (port) => (port * factor + 7) & 0xffff),
        ),
      )
      expect(story(after.filter(about))).toEqual(story(before.filter(about)))
    }
  })
})

describe.skipIf(!hasCorpus || !hasTshark)('labels', () => {
  it('are the shares wherever the independent count is, and the rates within two standard errors of most', async () => {
    const rows = readFileSync(join(corpus, 'mining/cj-sniffer/labels.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
    const verdicts: boolean[] = []
    const inTime: boolean[] = []
    for (const cells of rows.map((row) => row.split(','))) {
      const file = join(corpus, `mining/cj-sniffer/${cells[0]}.pcap`)
      const conversations = await conversationsOf(readInput(file))
      const count = conversations.reduce((sum, { dialogue }) => sum + (dialogue?.sharesAccepted ?? 0), 0)
      const labelled = Number(cells[8]?.split('/')[0])
      const counted = sharesByTshark(file).reduce((sum, stream) => sum + stream.accepted, 0)
      if (labelled === counted) expect(count, basename(file)).toBe(labelled)
      expect(conversations.find(({ dialogue }) => dialogue !== null)?.dialogue?.coin).toBe(
        cells[9]?.toUpperCase(),
      )
      if (cells[9] !== 'xmr') continue
      const figures = [Number(cells[6]), Number(cells[7])]
      verdicts.push(isNear(conversations, figures))
      inTime.push(isNearInTime(conversations, figures))
    }
    expect(verdicts.filter((isClose) => isClose).length).toBeGreaterThanOrEqual(8)
    expect(inTime.filter((isClose) => isClose).length).toBeGreaterThanOrEqual(8)
  })
})

/** Whether the rate over all connections is within two standard errors of one of the figures. */
function isNear(conversations: readonly Conversation[], figures: readonly number[]): boolean {
  let [accepted, expectedHashes, hashesVariance, minedMs] = [0, 0, 0, 0]
  for (const { dialogue, firstSeen, lastSeen } of conversations) {
    if (dialogue === null) continue
    accepted += dialogue.sharesAccepted
    expectedHashes += dialogue.expectedHashes
    hashesVariance += varianceOf(dialogue)
    minedMs += lastSeen - firstSeen
  }
  const rate = hashrateOf({ accepted, expectedHashes, hashesVariance, minedMs })
  return rate !== null && figures.some((figure) => Math.abs(rate.value - figure) <= 2 * rate.error)
}

/**
 * Labels are what the miner printed for the last minute and the last quarter of an hour: whether the rate of that time,
 * or of the whole connection, is within 2/√shares of one of them.
 */
function isNearInTime(conversations: readonly Conversation[], figures: readonly number[]): boolean {
  return conversations.some(({ dialogue, firstSeen, lastSeen }) => {
    if (dialogue === null) return false
    const { sharesAccepted: accepted, expectedHashes, recent } = dialogue
    const whole = { accepted, expectedHashes, hashesVariance: 0, minedMs: lastSeen - firstSeen }
    const rates = [hashrateOf(whole), recentRate(recent, firstSeen, lastSeen)]
    return rates.some(
      (rate) =>
        rate !== null &&
        figures.some((figure) => Math.abs(rate.value - figure) / figure <= 2 / Math.sqrt(accepted)),
    )
  })
}

describe.skipIf(!hasCorpus)('coins', () => {
  it('of the four flows of nDPI’s sample', async () => {
    const found = await conversationsOf(readInput(join(corpus, 'mining/ndpi/mining.pcapng')))
    const coins = found.map(({ server, dialogue }) => [endpoint(server), dialogue?.coin])
    expect(Object.fromEntries(coins)).toEqual({
      '94.23.199.191:3333': 'ZEC',
      '185.71.66.39:9999': 'ETH',
      '178.32.196.217:9050': 'XMR',
      '116.211.167.195:3333': 'ZEC',
    })
  })
})

describe.skipIf(!hasCorpus)('ordinary traffic', () => {
  it('is silent', async () => {
    const loud: string[] = []
    for (const name of benign) {
      for (const { verdict, reasons } of await conversationsOf(readInput(join(corpus, name))))
        if (verdict !== 'none') loud.push(`${name}: ${verdict}: ${reasons.join('; ')}`)
    }
    expect(loud).toEqual([])
    expect(benign.length).toBeGreaterThan(100)
  })
})
