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

it('tells jobs, units, programs and sources by what they are', () => {
  const document = battle()
  document.incidents[0]?.occupants[0]?.artefacts.push(
    { type: 'cron', value: '/etc/cron.d/0x9', evidence: [] },
    { type: 'unit', value: '/etc/systemd/system/kthrot.service', evidence: [] },
    { type: 'process', value: '/var/tmp/.ocq', evidence: [] },
    { type: 'key-file', value: '/root/.ssh/authorized_keys', evidence: [] },
    { type: 'address', value: '203.0.113.121', evidence: [] },
  )
  const kinds = csv
    .render(document)
    .split('\r\n')
    .map((row) => row.split(',').slice(0, 2).join(' '))
  expect(kinds).toEqual(
    expect.arrayContaining([
      'cron /etc/cron.d/0x9',
      'unit /etc/systemd/system/kthrot.service',
      'process /var/tmp/.ocq',
      'address 203.0.113.121',
    ]),
  )
  expect(kinds).not.toContain('key-file /root/.ssh/authorized_keys')
})

it('is only its head where nobody got in', () => {
  expect(csv.render(investigation())).toBe('type,value,machine,first,last,confidence,reason\r\n')
})

it.each([hostile(), fleet()])('cannot be made to calculate or to break a row', (document) => {
  for (const row of csv.render(document).split('\r\n'))
    for (const field of row.split(',')) expect(field).not.toMatch(/^["\s]*[=+\-@\t\r]/u)
})
