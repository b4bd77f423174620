import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nft } from '../../../src/plan/emitters/nft.ts'
import { HOSTILE, fileOf, has, planned, text } from './hostile.ts'

const folder = mkdtempSync(join(tmpdir(), 'davylamp-emitters-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const changeFor = (name: string, allow: readonly string[]) =>
  planned(name, {
    nft: {
      host: name,
      input: [{ protocol: 'tcp', portFrom: 2375, portTo: 2376, allow }],
      output: [
        { protocol: 'udp', address: '2001:db8::53', port: 53 },
        { protocol: 'tcp', address: name, port: 443 },
      ],
    },
  })

describe('nft', () => {
  const LINE =
    /^(?:|#.*|table inet davylamp_plan|delete table inet davylamp_plan|table inet davylamp_plan \{|\s+chain \w+ \{|\s+type filter hook \w+ priority -?\d+; policy \w+;|\s+[io]ifname "lo" accept|\s+ct state established,related accept|\s+meta l4proto \{ icmp, ipv6-icmp \} accept|\s+#.*|\s+ip6? [sd]addr \{ [0-9a-f.:/, ]+ \} .*accept|\s+fib daddr type local (?:tcp|udp) dport [\d-]+ drop|\s*\})$/u
  const canCheck = ((): boolean => {
    const probe = join(folder, 'probe.nft')
    writeFileSync(probe, 'table inet davylamp_probe { }\n')
    return has('nft', '-c', '-f', probe)
  })()

  it('writes only rules, whatever hosts and titles are called', () => {
    fc.assert(
      fc.property(text, text, (name, allow) => {
        for (const { text: body, path } of nft.emit(
          [changeFor(name, [allow, '198.51.100.0/24'])],
          ['192.0.2.7'],
        ).files) {
          expect(path).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*\.nft$/u)
          for (const line of body.split('\n')) expect(line).toMatch(LINE)
        }
      }),
      { seed: 25, numRuns: 300 },
    )
  })

  it('lets the operators in before it drops anybody', () => {
    const body = fileOf(
      nft.emit([changeFor('web-1', [])], ['198.51.100.7', '2001:db8:1::/48']).files,
      'web-1.nft',
    )
    const lines = body.split('\n').map((line) => line.trim())
    const drop = lines.findIndex((line) => line.endsWith('dport 2375-2376 drop'))
    expect(lines.findIndex((line) => line.startsWith('ip saddr { 198.51.100.7/32 }'))).toBeLessThan(drop)
    expect(lines.findIndex((line) => line.startsWith('ip6 saddr { 2001:db8:1::/48 }'))).toBeLessThan(drop)
    expect(lines).toContain('ip daddr { 198.51.100.7/32 } accept')
  })

  it.skipIf(!canCheck)('is taken by nft -c (skipped where there is no nft, or no right to use it)', () => {
    const { files } = nft.emit(
      HOSTILE.map((name) => changeFor(name, ['198.51.100.0/24', '198.51.100.9', '2001:db8::/32'])),
      ['192.0.2.7', '192.0.2.0/24'],
    )
    for (const [i, { text: body }] of files.entries()) {
      const file = join(folder, `${i}.nft`)
      writeFileSync(file, body)
      const run = spawnSync('nft', ['-c', '-f', file], { encoding: 'utf8' })
      expect(run.stderr).toBe('')
      expect(run.status).toBe(0)
    }
  })
})
