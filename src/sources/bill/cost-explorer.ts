import { z } from 'zod'
import type { Input } from '../../inputs/input.ts'
import { tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { Charges } from './charges.ts'
import { type Columns, type Role, ROLE_AT, ROLES } from './columns.ts'
import type { BillFile } from './events.ts'
import { RowBytes } from './row-bytes.ts'
import type { SeenRows } from './seen-rows.ts'
import type { Tally } from './tally.ts'

/** Answers are pages of at most some megabytes. */
const MAX_BYTES = 64 << 20
const Amount = z.object({ Amount: z.string(), Unit: z.string().optional() })
const Metrics = z.record(z.string(), Amount.optional().catch(undefined))
const GroupEntry = z.object({ Keys: z.array(z.string()), Metrics })
const Answer = z.object({
  GroupDefinitions: z
    .array(z.object({ Type: z.string().optional(), Key: z.string() }))
    .optional()
    .catch(undefined),
  ResultsByTime: z.array(
    z
      .object({
        TimePeriod: z.object({ Start: z.string(), End: z.string() }),
        Total: Metrics.optional().catch(undefined),
        Groups: z.array(GroupEntry.nullable().catch(null)).optional().catch(undefined),
        Estimated: z.boolean().optional().catch(undefined),
      })
      .nullable()
      .catch(null),
  ),
})
type Answer = z.infer<typeof Answer>

/** What is billed first, then what comes near it. */
const BILLED = [
  'UnblendedCost',
  'NetUnblendedCost',
  'BlendedCost',
  'AmortizedCost',
  'NetAmortizedCost',
] as const
const EFFECTIVE = ['AmortizedCost', 'NetAmortizedCost'] as const
const ROLE_OF: Readonly<Record<string, Role>> = {
  LINKED_ACCOUNT: 'account',
  REGION: 'region',
  SERVICE: 'service',
  RESOURCE_ID: 'resource',
  USAGE_TYPE: 'meter',
  RECORD_TYPE: 'category',
  INSTANCE_TYPE: 'instanceType',
}

/** `aws ce get-cost-and-usage` and `get-cost-and-usage-with-resources`. */
export function isCostExplorer(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 8192)).toString('latin1')
  return text.trimStart().startsWith('{') && text.includes('"ResultsByTime"')
}

/** Adds up one answer. */
export async function readCostExplorer(
  input: Input,
  report: InputReport,
  tally: Tally,
  seen: SeenRows | null,
  file: number,
): Promise<BillFile> {
  report.format = 'AWS Cost Explorer'
  const parts: Buffer[] = []
  for await (const chunk of input.chunks((problem) => tellProblem(report, problem))) {
    report.bytes += chunk.length
    if (report.bytes <= MAX_BYTES) parts.push(Buffer.from(chunk))
  }
  const answer = report.bytes > MAX_BYTES ? null : parsed(Buffer.concat(parts).toString('utf8'))
  const columns = columnsFor(answer)
  if (answer === null) {
    report.records++
    report.bad++
    tellProblem(
      report,
      report.bytes > MAX_BYTES
        ? 'larger than 64 MiB: not read'
        : 'no answer of Cost Explorer that can be read',
    )
    return { name: input.name, columns }
  }
  const roles = answer.GroupDefinitions?.map(({ Key }) => ROLE_OF[Key] ?? null) ?? []
  if (!roles.includes('category'))
    tellDecision(report, 'tax, credits and fees cannot be told apart: it is not grouped by RECORD_TYPE')
  if (!roles.includes('resource'))
    tellDecision(report, 'charges cannot be told by machine: it is not grouped by RESOURCE_ID')
  const charges = new Charges(tally, columns, report, file, false)
  const rows = new RowBytes()
  let isEstimated = false
  for (const period of answer.ResultsByTime) {
    if (period === null) {
      charges.short()
      continue
    }
    isEstimated ||= period.Estimated === true
    const groups = period.Groups ?? []
    const all = groups.length > 0 ? groups : [{ Keys: [], Metrics: period.Total ?? {} }]
    for (const group of all) {
      const billed = group === null ? undefined : firstOf(group.Metrics, BILLED)
      if (group === null || billed === undefined) {
        if (group !== null && Object.keys(group.Metrics).length === 0) continue // an empty day
        charges.short()
        continue
      }
      const cells: Partial<Record<Role, string>> = {
        start: period.TimePeriod.Start,
        end: period.TimePeriod.End,
        billed: billed.Amount,
        currency: billed.Unit ?? '',
      }
      const effective = firstOf(group.Metrics, EFFECTIVE)
      if (effective !== undefined) cells.effective = effective.Amount
      for (const [index, key] of group.Keys.entries()) {
        const role = roles[index] ?? null
        if (role !== null) cells[role] = key
      }
      // Cost Explorer lists taxes as a service.
      if (cells.category === undefined && cells.service === 'Tax') cells.category = 'Tax'
      const row = rows.row(cells)
      if (seen !== null && !seen.admit(row.bytes, 0, row.length)) report.duplicates++
      else charges.take(row.bytes, row, 0, 0)
    }
  }
  if (isEstimated) tellDecision(report, 'its latest days are estimates, as it says itself')
  charges.end()
  return { name: input.name, columns }
}

function firstOf(
  metrics: z.infer<typeof Metrics>,
  names: readonly string[],
): z.infer<typeof Amount> | undefined {
  for (const name of names) if (metrics[name] !== undefined) return metrics[name]
  return undefined
}

function parsed(text: string): Answer | null {
  try {
    const answer = Answer.safeParse(JSON.parse(text.replace(/^\uFEFF/u, '')))
    return answer.success ? answer.data : null
  } catch {
    return null
  }
}

/** As if it were a bill in FOCUS: what it tells stands in the roles already. */
function columnsFor(answer: Answer | null): Columns {
  const hasEffective =
    answer?.ResultsByTime.some((period) =>
      [...(period?.Groups ?? []), { Metrics: period?.Total ?? {} }].some(
        (group) => group !== null && firstOf(group.Metrics, EFFECTIVE) !== undefined,
      ),
    ) ?? false
  const at = { ...ROLE_AT, effective: hasEffective ? ROLE_AT.effective : -1 }
  return {
    dialect: 'focus',
    format: 'AWS Cost Explorer',
    count: ROLES.length,
    at,
    decisions: [],
    obstacle: null,
  }
}
