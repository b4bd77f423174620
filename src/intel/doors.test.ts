import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Estimate, loadDoors } from './doors.ts'

const catalogue = loadDoors()
const kev = resolve(import.meta.dirname, '../../../shared/corpus/intel/kev.json')

describe('catalogue of doors', () => {
  it('has an id once', () => {
    const ids = catalogue.doors.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(catalogue.doors.map((door) => [door.id, door] as const))('%s is whole', (_, door) => {
    expect(door.what).not.toBe('')
    expect(door.fix).not.toBe('')
    isEstimate(door.chance)
    for (const { port } of door.ports) expect(port > 0 && port < 65_536).toBe(true)
    for (const { known } of door.cves) expect(known).toMatch(/^\d{4}-\d\d-\d\d$/u)
    for (const { source } of door.gangs) expect(source).not.toBe('')
  })

  it.each([
    [22, 'tcp', 'ssh'],
    [2375, 'tcp', 'docker-api'],
    [10_250, 'tcp', 'kubelet'],
    [2379, 'tcp', 'etcd'],
    [6443, 'tcp', 'kubernetes-api'],
    [6379, 'tcp', 'redis'],
    [8888, 'tcp', 'jupyter'],
    [7001, 'tcp', 'weblogic'],
    [8161, 'tcp', 'activemq'],
    [8983, 'tcp', 'solr'],
    [6066, 'tcp', 'spark'],
    [8088, 'tcp', 'hadoop-yarn'],
    [4505, 'tcp', 'salt'],
    [8265, 'tcp', 'ray'],
    [11_211, 'udp', 'memcached'],
  ])('port %d/%s is a door of %s', (port, protocol, id) => {
    expect(catalogue.byPort(port, protocol).map((door) => door.id)).toContain(id)
  })

  it.each([
    ['redis', ['redis']],
    ['redis:7.2-alpine', ['redis']],
    ['registry.example.org:5000/team/redis@sha256:00', ['redis']],
    ['bitnami/redis:7', ['redis']],
    ['redislike', []],
    ['my-shop:1', []],
    ['jupyter/scipy-notebook', ['jupyter']],
  ])('the image %s is one of %j', (image, ids) => {
    expect(catalogue.byImage(image).map(({ id }) => id)).toEqual(ids)
  })

  it('knows processes in any letters', () => {
    expect(catalogue.byProcess('Dockerd').map(({ id }) => id)).toContain('docker-api')
  })

  it.skipIf(!existsSync(kev))(
    'names vulnerabilities that the list of exploited ones has, with its date',
    () => {
      const { vulnerabilities }: { vulnerabilities: { cveID: string; dateAdded: string }[] } = JSON.parse(
        readFileSync(kev, 'utf8'),
      )
      const dates = new Map(vulnerabilities.map(({ cveID, dateAdded }) => [cveID, dateAdded]))
      const rows = catalogue.doors.flatMap(({ cves }) => cves)
      expect(rows.filter(({ id, known }) => dates.get(id) !== known)).toEqual([])
    },
  )
})

function isEstimate({ low, mid, high, source }: Estimate): void {
  expect(low >= 0 && low <= mid && mid <= high && high <= 1).toBe(true)
  expect(source.name).not.toBe('')
}
