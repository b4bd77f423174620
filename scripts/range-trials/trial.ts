import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Cell } from './grid.ts'

const program = resolve(import.meta.dirname, '..', '..', 'bin', 'davylamp.mjs')
/** `investigate` says so when it found incidents. */
const FOUND_INCIDENTS = 10

const TrialScore = z.object({
  tenureIoU: z.number().nullable(),
  handsF1: z.number().nullable(),
  occupantPurity: z.number().nullable(),
  wayIn: z.number().nullable(),
  costError: z.number().nullable(),
  falseIncidents: z.number(),
})
export type TrialScore = z.infer<typeof TrialScore>

/** Stages one battle, reads it with the real command, and scores what that says. Leaves nothing behind. */
export async function tryOne(seed: number, cell: Cell): Promise<TrialScore> {
  const folder = mkdtempSync(join(tmpdir(), 'davylamp-trial-'))
  try {
    const battle = join(folder, 'battle')
    const got = join(folder, 'got.json')
    await run(['range', '--seed', `${seed}`, '--out', battle, ...optionsOf(cell)], null)
    const inventory = ['--inventory', join(battle, 'inventory.yaml')]
    await run(['investigate', join(battle, 'evidence'), '--no-case', '--format', 'json', ...inventory], got)
    const score = join(folder, 'score.json')
    await run(['range', 'score', got, join(battle, 'truth.json'), '--format', 'json'], score)
    return TrialScore.parse(JSON.parse(readFileSync(score, 'utf8')))
  } catch (cause) {
    const options = ['--seed', `${seed}`, ...optionsOf(cell)].join(' ')
    throw new Error(`davylamp range ${options}: could not be tried`, { cause })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function optionsOf({ pack, skill, without, wear }: Cell): string[] {
  return [
    '--pack',
    pack,
    '--wear',
    wear,
    ...(skill === null ? [] : ['--skill', skill]),
    ...(without.length === 0 ? [] : ['--without', without.join(',')]),
  ]
}

/** Rejects with what it said where the command fails. */
async function run(args: readonly string[], outFile: string | null): Promise<void> {
  const out = outFile === null ? 'ignore' : openSync(outFile, 'w')
  try {
    await new Promise<void>((done, failed) => {
      const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', out, 'pipe'] })
      let said = ''
      child.stderr?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4000)
      })
      child.on('error', failed)
      child.on('close', (code) => {
        if (code === 0 || code === FOUND_INCIDENTS) done()
        else failed(new Error(`davylamp ${args.join(' ')}: exit code ${code}\n${said}`))
      })
    })
  } finally {
    if (typeof out === 'number') closeSync(out)
  }
}
