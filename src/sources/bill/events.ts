import type { CostEvent } from '../../event/cost.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import { decimalText } from '../../text/decimal.ts'
import { formatTime } from '../../text/time.ts'
import type { Columns } from './columns.ts'
import { categoryOf } from './category.ts'
import type { Group } from './tally.ts'

export const SOURCE_ID = 'bill'
const DAY_MS = 86_400_000

export interface BillFile {
  readonly name: string
  readonly columns: Columns
}

/**
 * A group of charges as an event. Its raw text is made from the group, in the words of the bill: it stands for `rows`
 * rows, of which the line is the first.
 */
export function costEvent(group: Group, { name, columns }: BillFile): CostEvent {
  const [provider, account, region, service, resource, meter, category = '', chargeClass = '', money = ''] =
    group.cells.map(cell)
  const time = group.day * DAY_MS
  const currency = money === '' ? 'USD' : money.toUpperCase()
  const payer = said(account)
  const observer = identifier('account', payer ?? said(provider) ?? 'unknown')
  const thing = said(resource)
  const machine = thing === null ? null : machineOf(thing)
  const billed = decimalText(group.billed)
  const day = formatTime(time).slice(0, 10)
  const raw = [day, service, region, resource, meter, category, chargeClass, `${billed} ${currency}`]
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
  return {
    kind: 'cost',
    time,
    timeQuality: 'exact',
    observer,
    subjects: machine === null ? [observer] : [machine, observer],
    origin: {
      source: SOURCE_ID,
      file: name,
      ...(group.line > 0 ? { line: group.line } : {}),
      recordId: group.rows === 1 ? '1 row' : `${group.rows} rows`,
      offset: group.offset,
      raw,
    },
    provider: said(provider) ?? (columns.dialect === 'cur' ? 'AWS' : null),
    account: payer,
    region: said(region),
    service: said(service),
    resource: thing,
    meter: said(meter),
    instanceType: group.hint,
    category: categoryOf(category, chargeClass),
    end: group.end,
    currency,
    billed,
    effective: columns.dialect === 'focus' && columns.at.effective < 0 ? null : decimalText(group.effective),
    quantity: columns.at.quantity < 0 ? null : group.quantity,
    rows: group.rows,
  }
}

/** A machine by the id that its cloud gives it: an instance of EC2, also within an ARN; a virtual machine of Azure or Google. */
function machineOf(resource: string): Identifier | null {
  const own = /(?:^|[/:])(i-[0-9a-f]{8,17})$/u.exec(resource)?.[1]
  if (own !== undefined) return identifier('instance', own)
  const named = /\/(?:virtualMachines|instances)\/([^/]{1,128})$/iu.exec(resource.slice(0, 1024))?.[1]
  return named === undefined ? null : identifier('instance', named)
}

/** A cell that was quoted has its quotes doubled. */
function cell(text: string): string {
  return text.includes('""') ? text.replaceAll('""', '"') : text
}

function said(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' || /^null$/iu.test(trimmed) ? null : trimmed
}
