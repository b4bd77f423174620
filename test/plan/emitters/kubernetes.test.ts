import { spawnSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kubernetes } from '../../../src/plan/emitters/kubernetes.ts'
import { fileOf, planned, text } from './hostile.ts'

describe('kubernetes', () => {
  it('writes JSON that is what was meant, and refuses names that are none', () => {
    fc.assert(
      fc.property(text, text, (name, value) => {
        const change = planned(value, {
          kubernetes: {
            action: 'patch',
            apiVersion: 'v1',
            kind: 'Service',
            namespace: 'web',
            name,
            body: { spec: { note: value } },
            revert: { spec: { note: null } },
          },
        })
        const { files, refused } = kubernetes.emit([change], [])
        if (refused.length > 0) {
          expect(files).toEqual([])
          return
        }
        expect(name).toMatch(/^[a-z0-9.:-]+$/u)
        const patch = files.find(({ path }) => path.endsWith('.json') && !path.endsWith('-revert.json'))
        expect(JSON.parse(patch?.text ?? '')).toEqual(JSON.parse(JSON.stringify({ spec: { note: value } })))
        for (const { path } of files) expect(path).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/u)
      }),
      { seed: 28, numRuns: 300 },
    )
  })

  it('gives the shell exactly the words that were meant', () => {
    const change = planned('$(id)\n', {
      kubernetes: {
        action: 'patch',
        apiVersion: 'v1',
        kind: 'Service',
        namespace: 'web',
        name: 'shop',
        body: { spec: { type: 'ClusterIP' } },
        revert: { spec: { type: 'LoadBalancer' } },
      },
    })
    const script = fileOf(kubernetes.emit([change], []).files, 'apply.sh').replace(
      'cd "$(dirname "$0")"',
      ':',
    )
    const run = spawnSync('sh', ['-c', `kubectl() { printf '[%s]' "$@"; }\n${script}`], { encoding: 'utf8' })
    expect(run.stdout).toBe(
      '[patch][service/shop][--namespace][web][--type][merge][--patch-file][service-web-shop-1.json]',
    )
  })
})
