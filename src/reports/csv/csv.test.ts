import { expect, it } from 'vitest'
import { battle } from '../samples/battle.ts'
import { investigation } from '../samples/build.ts'
import { fleet, hostile } from '../samples/others.ts'
import { csv } from './index.ts'

it('has a row for each artefact', () => {
  const rows = csv.render(battle()).split('\r\n')
  expect(rows.slice(0, 2)).toEqual([
    'type,value,machine,first,last,confidence,reason',
    'address,203.0.113.9,web-1,2026-05-12T03:14:07.000000Z,2026-05-12T03:14:07.000000Z,0.95,came in from here as root (ssh-password)',
  ])
  expect(rows).toHaveLength(9)
})

it('leaves out what any machine has', () => {
  const document = battle()
  const artefacts = document.incidents[0]?.occupants[0]?.artefacts ?? []
  artefacts.push(
    { type: 'path', value: '/root/.ssh/authorized_keys', evidence: [] },
    { type: 'remote', value: '10.0.3.18', evidence: [] },
    { type: 'worker', value: 'rig-7', evidence: [] },
  )
  const text = csv.render(document)
  expect(text).not.toMatch(/authorized_keys|10\.0\.3\.18/u)
  expect(text).toContain('worker,rig-7,web-1')
})

it('is only its head where nobody got in', () => {
  expect(csv.render(investigation())).toBe('type,value,machine,first,last,confidence,reason\r\n')
})

it.each([hostile(), fleet()])('cannot be made to calculate or to break a row', (document) => {
  for (const row of csv.render(document).split('\r\n'))
    for (const field of row.split(',')) expect(field).not.toMatch(/^["\s]*[=+\-@\t\r]/u)
})
