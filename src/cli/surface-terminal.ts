import type { ChainLink, Exposure, Range, Surface, SurfaceAsset } from '../surface/document.ts'
import { plural } from '../text/plural.ts'
import { formatUsd } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import { wrap } from '../text/width.ts'
import type { SurfaceLook } from './surface-formats.ts'

const FIRST = 5
const MIN_WIDTH = 60
const MAX_WIDTH = 120
const SHOWN_OF_EACH = 8
/** `$1,234 a day` and a gap. */
const MONEY_COLUMN = 15

/** The surface for reading: the money first, then every way in with what to do, then what is not known. */
export function surfaceTerminal(surface: Surface, look: SurfaceLook): string {
  const page = new SurfacePage(look)
  const { exposures, hygiene, assets } = surface
  if (look.quiet) {
    for (const exposure of exposures) page.raw(quietLine(exposure))
    return page.toString()
  }
  const byId = new Map(assets.map((asset) => [asset.id, asset]))
  writeAnswer(page, surface)
  const network = exposures.filter(({ kind }) => kind === 'network')
  const account = exposures.filter(({ kind }) => kind === 'account')
  const shown = look.full ? network : network.filter(({ severity }) => severity !== 'info').slice(0, FIRST)
  for (const exposure of shown) writeExposure(page, exposure, byId.get(exposure.asset), look)
  const rest = network.filter((exposure) => !shown.includes(exposure))
  writeRest(page, rest, rest.length === 1 ? 'more way in over the network' : 'more ways in over the network')
  writeGroup(page, 'The account', account, look)
  writeGroup(page, 'Hygiene', hygiene, look)
  writeUnknown(page, surface, look)
  writeNext(page, surface, look)
  return page.toString()
}

class SurfacePage {
  #out = ''
  readonly #width: number
  readonly #color: boolean
  readonly isUnicode: boolean

  constructor({ width, color, unicode }: SurfaceLook) {
    this.#width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))
    this.#color = color
    this.isUnicode = unicode
  }

  raw(text: string): void {
    this.#out += `${this.#ascii(visible(text))}\n`
  }

  /** Wrapped text; further lines stand under the first. `hang`: so many more columns for those. */
  text(indent: number, text: string, style: 'plain' | 'bold' | 'dim' = 'plain', hang = 0): void {
    const lines = wrap(this.#ascii(visible(text)), this.#width - indent - hang)
    for (const [i, line] of lines.entries())
      this.#out += `${' '.repeat(indent + (i === 0 ? 0 : hang))}${this.#styled(line, style)}\n`
  }

  /** A label in a column of its own, then wrapped text beside it. */
  labelled(indent: number, label: string, width: number, text: string): void {
    const lines = wrap(this.#ascii(visible(text)), this.#width - indent - width)
    for (const [i, line] of lines.entries())
      this.#out += `${' '.repeat(indent)}${i === 0 ? this.#styled(label.padEnd(width), 'bold') : ' '.repeat(width)}${line}\n`
  }

  line(): void {
    this.#out += '\n'
  }

  toString(): string {
    return this.#out
  }

  #styled(text: string, style: 'plain' | 'bold' | 'dim'): string {
    if (!this.#color || style === 'plain') return text
    return style === 'bold' ? `\u001b[1m${text}\u001b[22m` : `\u001b[2m${text}\u001b[22m`
  }

  #ascii(text: string): string {
    if (this.isUnicode) return text
    return text
      .replaceAll('→', '->')
      .replaceAll('·', '-')
      .replaceAll('●', '*')
      .replaceAll('○', 'o')
      .replaceAll('–', '-')
      .replaceAll('…', '...')
      .replaceAll('’', "'")
      .replaceAll(/[“”]/gu, '"')
      .replaceAll('×', 'x')
  }
}

function writeAnswer(page: SurfacePage, { exposures, assets, totals, usdPerDay, from }: Surface): void {
  const { waysIn, machines, machinesReached } = totals
  const whom = from === 'internet' ? 'the internet' : from
  if (exposures.length === 0 && machines === 0 && assets.length === 0) {
    page.text(
      0,
      '○ Nothing in what was read tells of machines, networks or accounts: nothing was judged.',
      'bold',
      2,
    )
    page.line()
    return
  }
  if (exposures.length === 0) {
    page.text(
      0,
      `○ Nothing found open to ${whom} in what was read (${plural(machines, 'machine')}).`,
      'bold',
      2,
    )
    page.line()
    return
  }
  const open = exposures.filter(({ kind, severity }) => kind === 'network' && severity !== 'info').length
  if (waysIn === 0 && open > 0) {
    page.text(
      0,
      `● OPEN to ${whom}: ${plural(open, 'way')} in, but what could be burned behind ${open === 1 ? 'it' : 'them'} is not in what was read: no money can be named.`,
      'bold',
      2,
    )
    page.line()
    return
  }
  if (waysIn === 0) {
    page.text(
      0,
      `○ No way in found from ${whom} in what was read (${plural(machines, 'machine')}).`,
      'bold',
      2,
    )
    page.text(2, 'What would make a break-in likelier or dearer:')
    page.line()
    return
  }
  page.labelled(0, '● EXPOSED', 12, `${moneyADay(usdPerDay)} at risk`)
  const reached =
    machines === 0
      ? ''
      : `; ${machinesReached.toLocaleString('en-US')} of ${plural(machines, 'machine')} can be reached from ${whom}`
  page.text(
    2,
    `${plural(waysIn, 'way')} in${reached}. At risk: the chance that somebody comes in, times what he could burn a day.`,
  )
  page.line()
}

export function moneyADay({ low, mid, high }: Range): string {
  return `${formatUsd(mid)} a day (${formatUsd(low)} to ${formatUsd(high)})`
}

function writeExposure(
  page: SurfacePage,
  exposure: Exposure,
  asset: SurfaceAsset | undefined,
  look: SurfaceLook,
): void {
  page.labelled(2, `${formatUsd(exposure.usdPerDay.mid)} a day`, MONEY_COLUMN, exposure.title)
  const facts = [
    asset?.id ?? exposure.asset,
    exposure.address ?? '',
    asset?.instanceType ?? '',
    asset?.region ?? '',
    `chance in 30 days ${percent(exposure.likelihood)}`,
  ].filter((fact) => fact !== '')
  page.text(6, [...new Set(facts)].join(' · '), 'dim')
  if (exposure.chain.length > 0) page.labelled(6, 'path', 6, exposure.chain.map(linkInBrief).join(' → '))
  if (exposure.cutEdge !== null)
    page.labelled(
      6,
      'cut',
      6,
      `${exposure.cutEdge.id}${exposure.cutEdge.isOnly ? '' : ' (not the only one)'}: ${exposure.cutEdge.says}`,
    )
  page.labelled(6, 'why', 6, exposure.why.slice(0, look.full ? 20 : 3).join('; '))
  page.labelled(6, 'what', 6, exposure.explanation)
  page.labelled(6, 'do', 6, exposure.fix)
  if (look.canShow) page.text(6, `davylamp surface why ${exposure.id}`, 'dim')
  page.line()
}

/** What kind of object a name on the path is; machines and the internet speak for themselves. */
const KINDS: Readonly<Record<string, string>> = {
  'public-address': 'address',
  'internet-gateway': 'gateway',
  'nat-gateway': 'gateway',
  'vpn-gateway': 'gateway',
  route: 'route table',
  'network-acl-rule': 'firewall of the subnet',
  'security-group-rule': 'firewall of the machine',
  'host-firewall': 'firewall on',
  'load-balancer': 'load balancer',
  listener: 'its port',
  'target-group': 'its machines',
  'network-interface': 'network card',
  peering: 'link',
  'transit-gateway': 'exchange',
}

function linkInBrief({ type, id, name }: ChainLink): string {
  const kind = Object.hasOwn(KINDS, type) ? `${KINDS[type]} ` : ''
  return `${kind}${name ?? id}`
}

function percent({ low, mid, high }: Range): string {
  return `${hundredths(mid)} % (${hundredths(low)}–${hundredths(high)} %)`
}

function hundredths(chance: number): string {
  return chance > 0 && chance < 0.01 ? (chance * 100).toPrecision(1) : String(Math.round(chance * 100))
}

function writeRest(page: SurfacePage, rest: readonly Exposure[], what: string): void {
  if (rest.length === 0) return
  page.text(2, `${rest.length} ${what}:`, 'bold')
  for (const exposure of rest.slice(0, SHOWN_OF_EACH))
    page.labelled(4, formatUsd(exposure.usdPerDay.mid), MONEY_COLUMN - 2, exposure.title)
  if (rest.length > SHOWN_OF_EACH) page.text(4, `and ${rest.length - SHOWN_OF_EACH} more (--full)`, 'dim')
  page.line()
}

function writeGroup(page: SurfacePage, title: string, group: readonly Exposure[], look: SurfaceLook): void {
  if (group.length === 0) return
  page.text(2, title, 'bold')
  for (const exposure of look.full ? group : group.slice(0, SHOWN_OF_EACH)) {
    page.labelled(4, formatUsd(exposure.usdPerDay.mid), MONEY_COLUMN - 2, exposure.title)
    if (!look.full) continue
    page.labelled(14, 'why', 6, exposure.why.join('; '))
    page.labelled(14, 'what', 6, exposure.explanation)
    page.labelled(14, 'do', 6, exposure.fix)
  }
  if (!look.full && group.length > SHOWN_OF_EACH)
    page.text(4, `and ${group.length - SHOWN_OF_EACH} more (--full)`, 'dim')
  page.line()
}

function writeUnknown(page: SurfacePage, { coverage, notes }: Surface, look: SurfaceLook): void {
  const open = coverage.filter(({ status }) => status !== 'read')
  if (open.length > 0) {
    page.text(2, 'Not known', 'bold')
    for (const { what, scope, note, command } of look.full ? open : open.slice(0, SHOWN_OF_EACH)) {
      page.text(4, `${what} (${scope}): ${note}`, 'plain', 2)
      if (command !== null && look.full) page.text(6, command, 'dim')
    }
    if (!look.full && open.length > SHOWN_OF_EACH)
      page.text(4, `and ${open.length - SHOWN_OF_EACH} more (--full)`, 'dim')
    page.line()
  }
  if (look.full) for (const note of notes) page.text(2, note, 'dim')
}

function writeNext(
  page: SurfacePage,
  { exposures, coverage }: Surface,
  { canShow, full }: SurfaceLook,
): void {
  const first = exposures.find(({ kind }) => kind === 'network') ?? exposures[0]
  const parts: string[] = []
  if (first !== undefined && canShow) parts.push(`how a number comes about: davylamp surface why ${first.id}`)
  if (!full) parts.push('everything: --full')
  if (coverage.some(({ command }) => command?.startsWith('aws') === true))
    parts.push('what to run to know more: davylamp surface --aws-commands')
  for (const part of parts) page.text(2, part, 'dim', 2)
}

function quietLine({ usdPerDay, severity, asset, title, id }: Exposure): string {
  return `${formatUsd(usdPerDay.mid)}/day  ${severity}  ${asset}  ${title}  ${id}`
}
