import type { ChargeCategory } from '../../event/cost.ts'
import { decimalNumber, decimalText } from '../../text/decimal.ts'
import { counted, noteTime, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { dayOf, timeIn } from './calendar.ts'
import { categoryOf, effectiveRole } from './category.ts'
import { type Columns, KEY_ROLES, ROLE_AT } from './columns.ts'
import { DecimalBytes, DecimalSums } from './decimal-bytes.ts'
import { instanceTypeIn } from './instance-type.ts'
import type { Tally } from './tally.ts'

const MAX_KEY_CELL = 4096
const MAX_TOTALS = 512
const KEY_AT: readonly number[] = KEY_ROLES.map((role) => ROLE_AT[role])
/** What is left out of the key where there is no more room to keep charges apart. */
const FINE: ReadonlySet<number> = new Set([ROLE_AT.resource, ROLE_AT.meter])
const USAGE_BIT = 0x4000

/** Where the cells of a row stand in its bytes, by the number of their role; -1 where there is no such cell. */
export interface Cells {
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** Adds the rows of one file up, and says in its report what was odd about them. */
export class Charges {
  readonly #tally: Tally
  readonly #columns: Columns
  readonly #report: InputReport
  readonly #file: number
  readonly #key: Buffer = Buffer.allocUnsafe(KEY_ROLES.length * (MAX_KEY_CELL + 1))
  readonly #billed: DecimalBytes
  readonly #effective: DecimalBytes
  readonly #nothing = new DecimalBytes()
  readonly #quantity: DecimalBytes
  /** Of a group: the number of its total with a bit for usage, and which role holds its effective cost. */
  #totalCache = new Int16Array(1024).fill(-1)
  #roleCache = new Int8Array(1024)
  readonly #totals = new DecimalSums()
  readonly #totalNumbers = new Map<string, number>()
  #negativeRows = 0
  #coarseRows = 0
  readonly #flaws = { short: 0, amount: 0, time: 0, room: 0 }

  constructor(tally: Tally, columns: Columns, report: InputReport, file: number, hasDecimalComma: boolean) {
    this.#tally = tally
    this.#columns = columns
    this.#report = report
    this.#file = file
    this.#billed = new DecimalBytes(hasDecimalComma)
    this.#effective = new DecimalBytes(hasDecimalComma)
    this.#quantity = new DecimalBytes(hasDecimalComma)
    this.#totals.grow(MAX_TOTALS)
  }

  /** A row that has too few cells, or is none. */
  short(): void {
    this.#report.records++
    this.#flaws.short++
  }

  take(bytes: Buffer, cells: Cells, line: number, offset: number): void {
    this.#report.records++
    const { starts, ends } = cells
    const start = timeIn(bytes, starts[ROLE_AT.start] ?? -1, ends[ROLE_AT.start] ?? -1)
    if (Number.isNaN(start)) {
      this.#flaws.time++
      return
    }
    if (!this.#billed.read(bytes, starts[ROLE_AT.billed] ?? 0, ends[ROLE_AT.billed] ?? 0)) {
      this.#flaws.amount++
      return
    }
    const group = this.#groupFor(bytes, cells, dayOf(start), line, offset)
    if (group < 0) {
      this.#flaws.room++
      return
    }
    const end = timeIn(bytes, starts[ROLE_AT.end] ?? -1, ends[ROLE_AT.end] ?? -1)
    const effective = this.#effectiveOf(bytes, cells, group)
    this.#tally.add(group, end > start ? end : start, this.#billed, effective, this.#quantityOf(bytes, cells))
    const total = this.#totalCache[group] ?? -1
    this.#totals.add(total & (USAGE_BIT - 1), this.#billed)
    if ((total & USAGE_BIT) !== 0 && isNegative(this.#billed)) this.#negativeRows++
    noteTime(this.#report, start)
  }

  end(): void {
    const report = this.#report
    const { short, amount, time, room } = this.#flaws
    report.bad += short + amount + time + room
    const told: [number, string, string][] = [
      [short, 'row has too few cells', 'rows have too few cells'],
      [amount, 'row has no amount that is a number', 'rows have no amount that is a number'],
      [time, 'row has no date', 'rows have no date'],
      [
        room,
        'row was left out: too many different charges',
        'rows were left out: too many different charges',
      ],
    ]
    for (const [count, one, many] of told) if (count > 0) tellProblem(report, counted(count, one, many))
    if (this.#negativeRows > 0)
      tellDecision(
        report,
        `${counted(this.#negativeRows, 'usage row is', 'usage rows are')} negative: taken off`,
      )
    if (this.#coarseRows > 0)
      tellDecision(
        report,
        `${counted(this.#coarseRows, 'row', 'rows')} summed up by service and region: too many resources`,
      )
    this.#tellTotals()
  }

  /** `total 12.5 USD: usage 10, tax 2.5` for each currency. */
  #tellTotals(): void {
    const byCurrency = Map.groupBy(this.#totalNumbers, ([name]) => name.split('\0')[0] ?? '')
    for (const [currency, entries] of [...byCurrency].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const parts = entries.map(([name, number]) => ({
        category: name.split('\0')[1] ?? '',
        amount: this.#totals.of(number),
      }))
      const scale = Math.max(...parts.map(({ amount }) => amount.scale))
      const units = parts.reduce(
        (sum, { amount }) => sum + amount.units * 10n ** BigInt(scale - amount.scale),
        0n,
      )
      const words = parts
        .map(({ category, amount }) => `${category} ${decimalText(amount)}`)
        .toSorted()
        .join(', ')
      tellDecision(this.#report, `total ${decimalText({ units, scale })} ${currency}: ${words}`)
    }
    if (byCurrency.size > 1)
      tellProblem(
        this.#report,
        `${byCurrency.size} currencies (${[...byCurrency.keys()].toSorted().slice(0, 8).join(', ')}): not added together`,
      )
  }

  #groupFor(bytes: Buffer, cells: Cells, day: number, line: number, offset: number): number {
    const tally = this.#tally
    let hash = this.#buildKey(bytes, cells, false)
    let group = tally.groupOf(this.#key, this.#keyLength, hash, day, !tally.isFull)
    if (group < 0) {
      hash = this.#buildKey(bytes, cells, true)
      group = tally.groupOf(this.#key, this.#keyLength, hash, day, true)
      if (group < 0) return -1
      this.#coarseRows++
    }
    if (group >= this.#totalCache.length) this.#growCaches(group)
    if ((this.#totalCache[group] ?? -1) < 0 && !this.#learn(group, bytes, cells)) return -1
    if (tally.rowsOf(group) === 0) tally.began(group, this.#file, line, offset, this.#hintOf(bytes, cells))
    return group
  }

  #keyLength = 0

  /** The cells of the key, each closed by a NUL; gives its hash (FNV-1a). */
  #buildKey(bytes: Buffer, { starts, ends }: Cells, isCoarse: boolean): number {
    const key = this.#key
    let length = 0
    let hash = 0x811c9dc5
    for (const role of KEY_AT) {
      let at = starts[role] ?? -1
      const end = isCoarse && FINE.has(role) ? at : Math.min(ends[role] ?? -1, at + MAX_KEY_CELL)
      for (; at < end; at++) {
        const byte = bytes[at] ?? 0
        key[length++] = byte
        hash = Math.imul(hash ^ byte, 0x01000193)
      }
      key[length++] = 0
      hash = Math.imul(hash, 0x01000193)
    }
    this.#keyLength = length
    return hash ^ (hash >>> 15)
  }

  /** What is the same for all rows of a group; asked once in a file. False where there are too many currencies. */
  #learn(group: number, bytes: Buffer, { starts, ends }: Cells): boolean {
    const text = (role: number): string =>
      bytes.toString('latin1', Math.max(0, starts[role] ?? 0), Math.max(0, ends[role] ?? 0)).slice(0, 100)
    const word = text(ROLE_AT.category)
    const category: ChargeCategory = categoryOf(word, text(ROLE_AT.class))
    const currency = text(ROLE_AT.currency).trim().toUpperCase()
    const name = `${currency === '' ? 'USD' : currency}\0${category}`
    let number = this.#totalNumbers.get(name)
    if (number === undefined) {
      if (this.#totalNumbers.size >= MAX_TOTALS) return false
      number = this.#totalNumbers.size
      this.#totalNumbers.set(name, number)
    }
    this.#totalCache[group] = number | (category === 'usage' ? USAGE_BIT : 0)
    this.#roleCache[group] = this.#effectiveColumn(word)
    return true
  }

  /** The role that holds the effective cost; -1 = the billed cost is it, -2 = none. */
  #effectiveColumn(word: string): number {
    if (this.#columns.dialect === 'focus') return this.#columns.at.effective < 0 ? -1 : ROLE_AT.effective
    const role = effectiveRole(word)
    if (role === null) return -2
    return role === 'billed' || this.#columns.at[role] < 0 ? -1 : ROLE_AT[role]
  }

  #effectiveOf(bytes: Buffer, { starts, ends }: Cells, group: number): DecimalBytes {
    const role = this.#roleCache[group] ?? -1
    if (role === -1) return this.#billed
    if (role < 0 || !this.#effective.read(bytes, starts[role] ?? 0, ends[role] ?? 0)) return this.#nothing
    return this.#effective
  }

  #quantityOf(bytes: Buffer, { starts, ends }: Cells): number {
    const start = starts[ROLE_AT.quantity] ?? -1
    const reader = this.#quantity
    if (start < 0 || !reader.read(bytes, start, ends[ROLE_AT.quantity] ?? -1)) return 0
    return reader.rest === null ? reader.whole + reader.nano / 1e9 : decimalNumber(reader.rest)
  }

  #hintOf(bytes: Buffer, { starts, ends }: Cells): string | null {
    for (const role of [ROLE_AT.instanceType, ROLE_AT.meter, ROLE_AT.description]) {
      const start = starts[role] ?? -1
      const end = ends[role] ?? -1
      const found =
        start < 0 || end <= start
          ? null
          : instanceTypeIn(bytes.toString('latin1', start, Math.min(end, start + 1000)))
      if (found !== null) return found
    }
    return null
  }

  #growCaches(group: number): void {
    const size = Math.max(group + 1, this.#totalCache.length * 2)
    const totals = new Int16Array(size).fill(-1)
    totals.set(this.#totalCache)
    this.#totalCache = totals
    const roles = new Int8Array(size)
    roles.set(this.#roleCache)
    this.#roleCache = roles
  }
}

function isNegative({ whole, nano, atto, rest }: DecimalBytes): boolean {
  return rest === null ? whole < 0 || nano < 0 || atto < 0 : rest.units < 0n
}
