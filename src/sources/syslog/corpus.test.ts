import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AuthEvent } from '../../event/auth.ts'
import { readTexts } from '../samples/read-texts.ts'
import { syslog } from './index.ts'

const corpus = resolve(import.meta.dirname, '../../../../shared/corpus/auth')
const isHere = existsSync(corpus)
if (!isHere) console.info(`skipped: no corpus at ${corpus}`)

async function authEvents(path: string) {
  const { events, reports } = await readTexts(syslog, [{ name: path, text: readFileSync(path) }])
  return { auth: events.filter((event): event is AuthEvent => event.kind === 'auth'), report: reports[0] }
}

/** Addresses that the assertions beside a log say a parser or a scenario must find. */
function assertedAddresses(folder: string): string[] {
  const text = globSync('*.assert', { cwd: folder })
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
  const patterns = [
    /"source_ip"(?:\]|\)) == "([^"]+)"/gu,
    /"([^"]+)" in results\[\d+\]\.Overflow\.GetSources\(\)/gu,
  ]
  const found = patterns.flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ([, address]) => address ?? ''),
  )
  return [...new Set(found)].toSorted()
}

describe.skipIf(!isHere)('syslog on the corpus', () => {
  const folders = isHere ? globSync('crowdsec-hub/*/', { cwd: corpus }).toSorted() : []

  it.each(folders)('%s: every asserted address comes out', async (folder) => {
    const path = join(corpus, folder)
    const [log = ''] = globSync('*.log', { cwd: path })
    const { auth, report } = await authEvents(join(path, log))
    const found = new Set(auth.map(({ srcIp }) => srcIp))
    const asserted = assertedAddresses(path)
    expect(asserted.length).toBeGreaterThan(0)
    expect(asserted.filter((address) => !found.has(address))).toEqual([])
    expect(report?.bad).toBe(0)
  })

  it('loghub: one login, the rest are failures, each verdict once', async () => {
    const path = join(corpus, 'loghub/OpenSSH_2k.log')
    const { auth, report } = await authEvents(path)
    const successes = auth.filter(({ outcome }) => outcome === 'success')
    expect(successes.map(({ user }) => user)).toEqual(['fztu'])
    const lines = readFileSync(path, 'utf8').split('\n')
    const verdicts = lines.filter((line) => /\]: Failed (?!none)/u.test(line)).length
    const folded = lines.map((line) =>
      Number(/message repeated (\d+) times: \[ Failed/u.exec(line)?.[1] ?? 0),
    )
    const told = auth.filter(({ outcome, method }) => outcome === 'failure' && method === 'password')
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(
      verdicts + folded.reduce((sum, count) => sum + count, 0),
    )
    const attackers = new Set(
      lines.flatMap((line) => /(?:from|by) (\d+\.\d+\.\d+\.\d+)/u.exec(line)?.[1] ?? []),
    )
    const found = new Set(auth.map(({ srcIp }) => srcIp))
    expect([...attackers].filter((address) => !found.has(address))).toEqual([])
    expect(report).toMatchObject({ format: 'sshd', bad: 0, late: 0 })
  })
})
