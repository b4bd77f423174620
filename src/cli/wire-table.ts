import { type Group, type Groups, totalsOf } from '../conversations/groups.ts'
import { coinName } from '../event/coin.ts'
import { type CoinBook, earningsOf } from '../mining/earnings.ts'
import { recentRate } from '../conversations/document.ts'
import { hashrateOf } from '../mining/hashrate.ts'
import { type Page, pageOf } from '../reports/terminal/page.ts'
import type { RenderOptions } from '../reports/report.ts'
import { plural } from '../text/plural.ts'
import { formatTime } from '../text/time.ts'
import { formatCount, formatDuration, formatHashrate, formatNumber, formatUsd } from '../text/units.ts'

export interface WireTableOptions extends Partial<RenderOptions> {
  readonly coins: CoinBook
}

/** What was read in all. */
export interface WireTotals {
  readonly connections: number
  readonly packets: number
  /** Exported flows, of which nobody has the packets. */
  readonly flows: number
}

const MAX_GROUPS = 50
const HEADINGS = { mining: 'MINING', suspect: 'SUSPECT' } as const
const HEADING_WIDTH = 'SUSPECT'.length
const LABEL_WIDTH = 10

/** A block for each miner, pool, wallet and worker: the answer in its first line, then what it did and brought. */
export function renderWire(groups: Groups, totals: WireTotals, options: WireTableOptions): string {
  const page = pageOf(null, options)
  const all = groups.all()
  if (options.quiet !== true) {
    for (const group of all.slice(0, MAX_GROUPS)) writeGroup(page, group, options.coins)
  } else for (const group of all) page.line(page.plain(lineOf(group)))
  const left = all.length - MAX_GROUPS + groups.leftOut
  if (left > 0 && options.quiet !== true)
    page.text('', `${page.glyphs.ellipsis} and ${plural(left, 'more')}: --format jsonl has them all`, 'dim')
  page.text('', summaryOf(all, totals, page))
  return page.toString()
}

function summaryOf(all: readonly Group[], { connections, packets, flows }: WireTotals, page: Page): string {
  const miners = new Set(all.filter(({ verdict }) => verdict === 'mining').map(({ best }) => best.client.ip))
  const suspects = all.filter(({ verdict }) => verdict === 'suspect').length
  const captured = `${plural(connections, 'TCP connection')}, ${formatCount(packets)} packets`
  const exported = flows === 0 ? null : plural(flows, 'exported flow')
  const read =
    packets === 0 && exported !== null
      ? exported
      : [captured, exported].filter((part) => part !== null).join(', ')
  if (all.length === 0) return page.plain(`No pool mining seen in ${read}.`)
  const mine = miners.size === 0 ? '' : `${plural(miners.size, 'machine')} mining`
  const maybe = suspects === 0 ? '' : plural(suspects, 'suspect')
  return page.plain(`${[mine, maybe].filter((part) => part !== '').join(', ')} in ${read}.`)
}

function poolOf({ best: { server } }: Group): string {
  const ip = server.ip ?? 'port '
  const address = `${ip.includes(':') ? `[${ip}]` : ip}${server.ip === null ? '' : ':'}${server.port}`
  return server.name === null ? address : `${server.name} (${address})`
}

function headOf(group: Group): string {
  return `${group.best.client.ip ?? 'unknown'} → ${poolOf(group)}`
}

/** `MINING 10.0.3.17 → 198.51.100.7:3333: Monero, 90 accepted, 1.2 kH/s ± 130 H/s` */
function lineOf(group: Group): string {
  const head = `${HEADINGS[group.verdict]} ${headOf(group)}`
  const { dialogue, reasons } = group.best
  if (dialogue === null) return `${head}: ${reasons.join('; ')}`
  const rate = hashrateOf(totalsOf(group))
  const parts = [coinName(dialogue.coin), sharesOf(group)]
  if (rate !== null) parts.push(`${formatHashrate(rate.value)} ± ${formatHashrate(rate.error)}`)
  return `${head}: ${parts.join(', ')}`
}

function writeGroup(page: Page, group: Group, coins: CoinBook): void {
  const { dialogue, reasons, transport } = group.best
  const sign = group.verdict === 'mining' ? page.glyphs.alarm : page.glyphs.calm
  const lead = `${sign} ${HEADINGS[group.verdict].padEnd(HEADING_WIDTH)}  `
  const style = group.verdict === 'mining' ? 'alarm' : 'warning'
  page.text(lead, page.plain(headOf(group)), 'bold', style)
  const { dot } = page.glyphs
  const write = (label: string, text: string): void => {
    if (text !== '') page.text(`  ${label.padEnd(LABEL_WIDTH)}`, page.plain(text), null, 'dim')
  }
  if (dialogue !== null) {
    const carried = transport === 'tcp' ? null : `in ${transport}`
    const what = [coinName(dialogue.coin), dialogue.algorithm, dialogue.agent, carried]
    write('mines', what.filter((part) => part !== null).join(dot))
    write(
      'wallet',
      [dialogue.login, dialogue.worker === null ? null : `worker ${dialogue.worker}`]
        .filter((part) => part !== null)
        .join(dot),
    )
    write('shares', sharesOf(group))
    write('rate', rateOf(group))
  }
  write('time', timeOf(group, page))
  if (dialogue !== null) write('earned', earnedOf(group, coins))
  write('why', reasons.join('; '))
  write('proof', proofOf(group))
  page.line()
}

function proofOf({ best: { origin } }: Group): string {
  if (origin.packet !== undefined) return `${origin.file} packet ${formatNumber(origin.packet)}`
  return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`
}

function sharesOf(group: Group): string {
  const { submitted, accepted, rejected } = totalsOf(group)
  if (submitted + accepted + rejected === 0) return 'none seen'
  const parts = [`${formatNumber(accepted)} accepted`]
  if (rejected > 0) parts.push(`${formatNumber(rejected)} rejected`)
  const open = submitted - accepted - rejected
  if (open > 0) parts.push(`${formatNumber(open)} without an answer`)
  return parts.join(', ')
}

function rateOf(group: Group): string {
  const rate = hashrateOf(totalsOf(group))
  if (rate === null) return 'not known: too few shares or too short a time'
  return `${formatHashrate(rate.value)} ± ${formatHashrate(rate.error)} (from the shares)${latelyOf(group)}`
}

const LATELY_MS = 20 * 60_000

/** Of one long connection: how fast it is by now. */
function latelyOf(group: Group): string {
  const { best, isTimed, firstSeen, lastSeen } = group
  const isLong = isTimed && lastSeen - firstSeen >= LATELY_MS
  if (!isLong || totalsOf(group).connections > 1) return ''
  const rate = recentRate(best.dialogue?.recent ?? null, firstSeen, lastSeen)
  return rate === null
    ? ''
    : `; in the last 15 min ${formatHashrate(rate.value)} ± ${formatHashrate(rate.error)}`
}

function timeOf(group: Group, page: Page): string {
  const { minedMs, connections } = totalsOf(group)
  const many = connections > 1 ? ` in ${plural(connections, 'connection')}` : ''
  if (!group.isTimed) return `not in the capture${many}`
  const range = page.clock.secondRange(formatTime(group.firstSeen), formatTime(group.lastSeen))
  return `${formatDuration(minedMs / 1000)}${many}: ${range}`
}

/** Never a guess: what is missing is named. */
function earnedOf(group: Group, book: CoinBook): string {
  const { expectedHashes } = totalsOf(group)
  const coin = group.best.dialogue?.coin ?? null
  if (expectedHashes === 0) return 'coins: not known (no accepted share of known difficulty)'
  const hashes = `${formatHashes(expectedHashes)} of work`
  if (coin === null) return `${hashes}; coins: not known (the dialogue names no coin)`
  const { coins, usd } = earningsOf(expectedHashes, coin, book)
  if (coins === null) {
    const figures = book.get(coin)
    const missing = [
      (figures?.hashesPerBlock ?? null) === null ? `--difficulty ${coin}=…` : null,
      (figures?.reward ?? null) === null ? `--reward ${coin}=…` : null,
    ].filter((option) => option !== null)
    return `${hashes}; coins: not known (give ${missing.join(' and ')})`
  }
  return `${formatCoins(coins)} ${coin}${usd === null ? '' : ` (${formatUsd(usd)})`} for ${hashes}, before fees`
}

function formatHashes(hashes: number): string {
  return formatHashrate(hashes).replace('H/s', 'H')
}

/** Four significant digits, never in powers of ten. */
function formatCoins(coins: number): string {
  if (coins >= 1000) return formatNumber(coins)
  const digits = coins > 0 ? Math.max(0, 3 - Math.floor(Math.log10(coins))) : 0
  return coins.toFixed(Math.min(12, digits))
}
