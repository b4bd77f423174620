import { z } from 'zod'
import { Range } from '../surface/document.ts'
import { EMITTERS } from './emitters/emitter.ts'

/**
 * What to do first, within the overhead that the user accepts: what every output of `davylamp plan` renders, and with
 * `--format json` the contract itself. Money is USD a day unless the name says otherwise.
 */

export const PLAN_SCHEMA = 'https://davylamp.dev/schemas/plan/v1'

export const PlanOverhead = z.object({
  cpuPercent: z.number().describe('of the machine that carries most'),
  usdPerMonth: z.number(),
  friction: z.number().describe('0 nobody notices … 10 people work around it; once per control'),
  downtimeSeconds: z.number().describe('of the machine that carries most'),
})
export type PlanOverhead = z.infer<typeof PlanOverhead>

export const PlanBudget = z.object({
  cpuPercent: z.number().nullable().describe('null = no limit'),
  usdPerMonth: z.number().nullable(),
  friction: z.number().nullable(),
  downtimeSeconds: z.number().nullable(),
})
export type PlanBudget = z.infer<typeof PlanBudget>

const Basis = z.object({ kind: z.enum(['measured', 'sourced', 'judgement']), why: z.string() })

/** The same change in every language that can say it; null where it cannot. */
export const PlanHow = z.object({
  text: z.array(z.string()),
  cli: z.array(z.string()).nullable().describe('commands for a POSIX shell, one each'),
  terraform: z.string().nullable(),
  nft: z.string().nullable(),
  sshd: z.string().nullable(),
  systemd: z.string().nullable(),
  kubernetes: z.string().nullable(),
})
export type PlanHow = z.infer<typeof PlanHow>

export const NotWritten = z.object({
  form: z.enum(EMITTERS),
  what: z.string().describe('which change, and why it could not be written safely in this form'),
})
export type NotWritten = z.infer<typeof NotWritten>

export const ChosenControl = z.object({
  id: z.string().describe('control, and its target where a control stands in the list more than once'),
  control: z.string(),
  title: z.string(),
  targets: z.array(z.string()).describe('ids of assets and resources'),
  measures: z.array(z.object({ id: z.string(), title: z.string() })),
  removesUsdPerDay: z
    .number()
    .describe('what it removes after the lines before it; the lines add up to the whole'),
  aloneUsdPerDay: z.number().describe('what it removes if nothing else of the plan is done'),
  lastUsdPerDay: z.number().describe('what is at risk again if it alone is left out'),
  overhead: PlanOverhead,
  savesUsdPerMonth: z.number(),
  why: z.array(z.string()),
  needs: z.array(z.string()),
  closes: z
    .array(z.string())
    .describe('ids of exposures that must be gone afterwards: `plan verify` looks for them'),
  share: z.number().describe('what one such measure takes away of what is left, 0–1'),
  shareBasis: Basis,
  overheadBasis: Basis,
  how: PlanHow,
  revert: PlanHow,
  notWritten: z
    .array(NotWritten)
    .default([])
    .describe('changes that are missing from a form that such changes have: to be made by hand there'),
})
export type ChosenControl = z.infer<typeof ChosenControl>

export const LeftOut = z.object({
  control: z.string(),
  title: z.string(),
  targets: z.array(z.string()),
  kind: z.enum(['budget', 'too-dear', 'superseded', 'obstacle', 'asked', 'worthless', 'not-needed']),
  reason: z.string(),
  couldRemoveUsdPerDay: z.number().describe('on top of what is chosen'),
})
export type LeftOut = z.infer<typeof LeftOut>

export const Plan = z.object({
  schema: z.literal(PLAN_SCHEMA),
  generatedAt: z.string(),
  tool: z.object({ name: z.literal('davylamp'), version: z.string() }),
  surface: z.object({
    generatedAt: z.string(),
    exposures: z.int(),
    assets: z.int().optional().describe('machines, networks and accounts that the surface names'),
    usdPerDay: z.number().optional().describe('at risk as the surface itself tells it, middle estimate'),
  }),
  budget: PlanBudget,
  considered: z.int().describe('controls that could do something here'),
  atRiskUsdPerDay: Range,
  removesUsdPerDay: Range,
  removesShare: z.number().describe('0–1, of the middle estimate'),
  overhead: PlanOverhead,
  savesUsdPerMonth: z.number(),
  optimality: z.object({
    isExact: z.boolean().describe('no plan within the budget removes more'),
    boundUsdPerDay: z.number().describe('no plan within the budget removes more than this'),
    gap: z.number().describe('how much of the bound could be missing, 0–1'),
  }),
  chosen: z
    .array(ChosenControl)
    .describe('what removes most after the lines before it; an intruder who is in goes before all'),
  leftOut: z.array(LeftOut),
  exposures: z
    .array(
      z.object({
        id: z.string(),
        check: z.string(),
        asset: z.string(),
        protocol: z.string().nullable().optional(),
        portFrom: z.int().nullable().optional(),
        portTo: z.int().nullable().optional(),
        title: z.string(),
        usdPerDay: z.number(),
        sources: z.array(z.string()).describe('networks that reached it; at most 20'),
      }),
    )
    .describe('what the plan was made for: `plan verify` compares with it'),
  notes: z.array(z.string()),
})
export type Plan = z.infer<typeof Plan>
