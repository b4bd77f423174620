import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { splitJsonDocuments } from '../../src/config/json-documents.ts'
import { compileRules } from '../../src/sigma/compile/compile-rules.ts'
import { parseRules } from '../../src/sigma/parse/parse-rules.ts'
import { readRecord, recordsIn } from '../../src/sigma/record/read-record.ts'

const corpus = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'corpus', 'sigma')

describe.skipIf(!existsSync(corpus))('public Sigma rules (needs ../shared/corpus/sigma)', () => {
  it('all load', () => {
    const files = globSync('rules/**/*.yml', { cwd: corpus })
    const parsed = files.map((file) => parseRules(readFileSync(join(corpus, file), 'utf8'), file))
    expect(parsed.flatMap(({ problems }) => problems).filter(({ severity }) => severity === 'error')).toEqual(
      [],
    )
    const set = compileRules(parsed.flatMap(({ rules }) => rules))
    expect(set.refused).toEqual([])
    expect(set.rules.length).toBeGreaterThanOrEqual(files.length)
  })

  it('each regression case fires its rule, and other rules only where theirs is the wider or narrower one', () => {
    const folder = join(corpus, 'regression')
    const names = readdirSync(folder)
    const set = compileRules(
      names.flatMap((name) => parseRules(readFileSync(join(folder, name, 'rule.yml'), 'utf8'), name).rules),
    )
    const silent: string[] = []
    const crossing: string[] = []
    for (const name of names) {
      const documents = splitJsonDocuments(readFileSync(join(folder, name, 'event.json'), 'utf8')) ?? []
      const fired = new Set<string>()
      for (const record of documents.flatMap(({ text }) => recordsIn(JSON.parse(text)))) {
        for (const { view, logSources } of readRecord(record)) {
          for (const rule of set.match(view, logSources)) fired.add(rule.origin.file)
        }
      }
      if (!fired.has(name)) silent.push(name)
      for (const other of fired) if (familyOf(other) !== familyOf(name)) crossing.push(`${name}: ${other}`)
    }
    expect(silent).toEqual([])
    // The dump tool that was dropped there is one that the wider rule names, too; of the last two one is about any program, one about some.
    expect(crossing).toEqual([
      'file_event_win_hktl_netexec_file_indicators: file_event_win_cred_dump_tools_dropped_files',
      'registry_set_pua_sysinternals_execution_via_eula: registry_set_pua_sysinternals_susp_execution_via_eula',
      'registry_set_pua_sysinternals_susp_execution_via_eula: registry_set_pua_sysinternals_execution_via_eula',
    ])
  })
})

/** Rules about the same tool and log source begin with the same words. */
function familyOf(name: string): string {
  const [kind, what = ''] = name.split(/_win_/u)
  return `${kind} ${what.split('_')[0] ?? ''}`
}
