import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ResourceEvent } from '../../event/resource.ts'
import type { Input } from '../../inputs/input.ts'
import { emptyReport } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { commonLength, keyOf, moduleNames, withoutKeys } from './address.ts'
import { terraform } from './index.ts'

const NOW = Date.UTC(2026, 4, 12)

async function read(text: string): Promise<{ events: ResourceEvent[]; report: InputReport }> {
  const bytes = Buffer.from(text)
  const input: Input = {
    name: 'plan.json',
    group: '',
    storedSize: bytes.length,
    modifiedAt: NOW - 1000,
    head: bytes.subarray(0, 65_536),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 777) yield Uint8Array.from(bytes.subarray(at, at + 777))
    },
    tail: () => null,
  }
  const report = emptyReport('plan.json')
  const env: SourceEnv = {
    now: NOW,
    zoneOf: () => null,
    datedRanges: [],
    matchesOf: () => [],
    isAsked: () => false,
    reportOf: () => report,
  }
  const events: ResourceEvent[] = []
  terraform.recognise(input.head)
  for await (const batch of terraform.read([input], env))
    events.push(...batch.events.filter((one) => one.kind === 'resource'))
  return { events, report }
}

interface Change {
  readonly address: string
  readonly actions?: readonly string[]
  readonly before?: object | null
  readonly after?: object | null
  readonly unknown?: object
  readonly sensitive?: object
}

function change({
  address,
  actions = ['create'],
  before = null,
  after = {},
  unknown = { id: true },
  sensitive = {},
}: Change): object {
  const parts = withoutKeys(address).split('.')
  const module = /^(.*)\.[^.]+\.[^.]+$/u.exec(address)?.[1]
  return {
    address,
    ...(module?.startsWith('module.') === true ? { module_address: module } : {}),
    mode: 'managed',
    type: parts.at(-2),
    name: parts.at(-1),
    provider_name: 'registry.terraform.io/hashicorp/aws',
    change: { actions, before, after, after_unknown: unknown, after_sensitive: sensitive },
  }
}

function plan(changes: readonly Change[], rootModule: object = {}, more: object = {}): string {
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.9.0',
    resource_changes: changes.map(change),
    configuration: {
      provider_config: { aws: { name: 'aws', expressions: { region: { constant_value: 'eu-north-1' } } } },
      root_module: rootModule,
    },
    ...more,
  })
}

function expressions(address: string, own: object): object {
  const [type, name] = address.split('.')
  return { address, mode: 'managed', type, name, provider_config_key: 'aws', expressions: own }
}

function referencesOf(events: readonly ResourceEvent[], address: string, path: string): string[] | undefined {
  return events
    .find(({ origin }) => origin.recordId === address)
    ?.references?.[path]?.map(({ resourceId, attribute }) => `${resourceId}#${attribute}`)
}

describe('terraform', () => {
  it('reads what a plan makes, changes and keeps, and says what it removes', async () => {
    const { events, report } = await read(
      plan([
        {
          address: 'aws_vpc.new',
          after: { cidr_block: '10.0.0.0/16', tags: { Name: 'main' } },
          unknown: { id: true, arn: true },
        },
        {
          address: 'aws_vpc.kept',
          actions: ['no-op'],
          before: { id: 'vpc-1' },
          after: { id: 'vpc-1' },
          unknown: {},
        },
        {
          address: 'aws_vpc.changed',
          actions: ['update'],
          before: { id: 'vpc-2' },
          after: { id: 'vpc-2' },
          unknown: { x: true },
        },
        {
          address: 'aws_vpc.replaced',
          actions: ['delete', 'create'],
          before: { id: 'vpc-3' },
          after: {},
          unknown: { id: true },
        },
        { address: 'aws_vpc.gone', actions: ['delete'], before: { id: 'vpc-4' }, after: null },
      ]),
    )
    expect(
      events.map(({ resourceId, name, state, region }) => [resourceId, name, state, region].join(' ')),
    ).toEqual([
      'aws_vpc.new main planned eu-north-1',
      'vpc-1 aws_vpc.kept observed eu-north-1',
      'vpc-2 aws_vpc.changed planned eu-north-1',
      'aws_vpc.replaced aws_vpc.replaced planned eu-north-1',
    ])
    expect(events[0]?.unknownAttributes).toEqual(['id', 'arn'])
    expect(report.decisions).toContain('1 resource is removed by this plan: left out')
  })

  it('follows references through variables and outputs of modules', async () => {
    const { events } = await read(
      plan(
        [
          { address: 'module.net.aws_subnet.a[0]' },
          { address: 'module.net.aws_subnet.a[1]' },
          {
            address: 'module.app["x"].aws_instance.web',
            unknown: { id: true, subnet_id: true, vpc_security_group_ids: true },
          },
          { address: 'aws_security_group.web' },
        ],
        {
          resources: [expressions('aws_security_group.web', {})],
          module_calls: {
            net: {
              module: {
                outputs: {
                  first: {
                    expression: { references: ['aws_subnet.a[0].id', 'aws_subnet.a[0]', 'aws_subnet.a'] },
                  },
                },
                resources: [expressions('aws_subnet.a', {})],
              },
            },
            app: {
              expressions: {
                subnet: { references: ['module.net.first', 'module.net'] },
                groups: { references: ['aws_security_group.web.id', 'aws_security_group.web'] },
              },
              module: {
                resources: [
                  expressions('aws_instance.web', {
                    subnet_id: { references: ['var.subnet'] },
                    vpc_security_group_ids: { references: ['var.groups'] },
                  }),
                ],
              },
            },
          },
        },
      ),
    )
    expect(referencesOf(events, 'module.app["x"].aws_instance.web', 'subnet_id')).toEqual([
      'module.net.aws_subnet.a[0]#id',
    ])
    expect(referencesOf(events, 'module.app["x"].aws_instance.web', 'vpc_security_group_ids')).toEqual([
      'aws_security_group.web#id',
    ])
  })

  it('pairs instances of count and for_each by their key', async () => {
    const { events } = await read(
      plan(
        [
          { address: 'aws_subnet.a["x"]' },
          { address: 'aws_subnet.a["y"]' },
          { address: 'aws_instance.web["y"]', unknown: { id: true, subnet_id: true } },
        ],
        {
          resources: [
            expressions('aws_instance.web', { subnet_id: { references: ['aws_subnet.a', 'each.key'] } }),
          ],
        },
      ),
    )
    expect(referencesOf(events, 'aws_instance.web["y"]', 'subnet_id')).toEqual(['aws_subnet.a["y"]#null'])
  })

  it('finds the block that a nested unknown belongs to', async () => {
    const { events } = await read(
      plan(
        [
          { address: 'aws_security_group.a' },
          { address: 'aws_security_group.b' },
          {
            address: 'aws_security_group.web',
            after: {
              ingress: [
                { from_port: 443, to_port: 443 },
                { from_port: 22, to_port: 22 },
              ],
            },
            unknown: { id: true, ingress: [{ security_groups: true }, { security_groups: true }] },
          },
        ],
        {
          resources: [
            expressions('aws_security_group.web', {
              ingress: [
                {
                  from_port: { constant_value: 22 },
                  security_groups: { references: ['aws_security_group.a.id', 'aws_security_group.a'] },
                },
                {
                  from_port: { constant_value: 443 },
                  security_groups: { references: ['aws_security_group.b.id', 'aws_security_group.b'] },
                },
              ],
            }),
          ],
        },
      ),
    )
    expect(referencesOf(events, 'aws_security_group.web', 'ingress[0].security_groups')).toEqual([
      'aws_security_group.b#id',
    ])
    expect(referencesOf(events, 'aws_security_group.web', 'ingress[1].security_groups')).toEqual([
      'aws_security_group.a#id',
    ])
  })

  it('ends where modules and variables go round', async () => {
    const { events } = await read(
      plan([{ address: 'module.a.aws_instance.web', unknown: { subnet_id: true } }], {
        module_calls: {
          a: {
            expressions: { x: { references: ['module.a.y'] } },
            module: {
              outputs: { y: { expression: { references: ['module.a.y', 'var.x'] } } },
              resources: [expressions('aws_instance.web', { subnet_id: { references: ['var.x'] } })],
            },
          },
        },
      }),
    )
    expect(events).toHaveLength(1)
  })

  it('reads states, shown and as they are stored', async () => {
    const shown = JSON.stringify({
      format_version: '1.0',
      terraform_version: '1.9.0',
      values: {
        root_module: {
          resources: [{ address: 'aws_vpc.a', mode: 'managed', type: 'aws_vpc', values: { id: 'vpc-1' } }],
          child_modules: [
            {
              address: 'module.m',
              resources: [
                { address: 'module.m.aws_subnet.b[0]', type: 'aws_subnet', values: { id: 'subnet-1' } },
              ],
            },
          ],
        },
      },
    })
    const stored = JSON.stringify({
      version: 4,
      terraform_version: '1.9.0',
      lineage: 'x',
      resources: [
        {
          mode: 'managed',
          type: 'aws_vpc',
          name: 'a',
          provider: 'provider["registry.terraform.io/hashicorp/aws"]',
          instances: [{ attributes: { id: 'vpc-1' } }],
        },
        {
          module: 'module.m',
          mode: 'managed',
          type: 'aws_subnet',
          name: 'b',
          instances: [{ index_key: 0, attributes: { id: 'subnet-1' } }],
        },
      ],
    })
    for (const text of [shown, stored]) {
      const { events } = await read(text)
      expect(
        events.map(({ origin, resourceId, state }) => `${origin.recordId} ${resourceId} ${state}`),
      ).toEqual(['aws_vpc.a vpc-1 observed', 'module.m.aws_subnet.b[0] subnet-1 observed'])
      expect(terraform.recognise(Buffer.from(text))).toBe(1)
    }
  })

  it('shows nothing that is marked as secret', async () => {
    const { events } = await read(
      plan([
        {
          address: 'aws_db_instance.a',
          after: { password: 'hush', name: 'x', tags: { k: 'hush' } },
          sensitive: { tags: true },
        },
      ]),
    )
    expect(JSON.stringify(events)).not.toContain('hush')
  })

  it('reads what is whole of a half-written plan', async () => {
    const text = plan([{ address: 'aws_vpc.a' }, { address: 'aws_vpc.b' }])
    const { events, report } = await read(text.slice(0, text.indexOf('aws_vpc.b')))
    expect(events.map(({ resourceId }) => resourceId)).toEqual(['aws_vpc.a'])
    expect(report.problems).toContain('its end is missing: what came before it was read')
  })

  it('takes its time from the plan', async () => {
    const { events } = await read(plan([{ address: 'aws_vpc.a' }], {}, { timestamp: '2026-05-01T00:00:00Z' }))
    expect(events[0]).toMatchObject({ time: Date.UTC(2026, 4, 1), timeQuality: 'exact' })
  })

  it('leaves other JSON alone', () => {
    for (const text of [
      '{"version":3,"resources":[]}',
      '{"resources":[{"a":1}]}',
      '[]',
      '',
      'x',
      '{"format_version":"1.0"}',
    ])
      expect(terraform.recognise(Buffer.from(text))).toBe(0)
  })

  it('stands any change of a plan', async () => {
    const text = plan(
      [
        { address: 'aws_vpc.a' },
        { address: 'module.m["x"].aws_instance.b[0]', unknown: { subnet_id: true, ingress: [{ a: true }] } },
      ],
      { resources: [expressions('aws_vpc.a', {})], module_calls: { m: { module: {} } } },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(text.length), fc.string({ maxLength: 3 })), { maxLength: 4 }),
        async (changes) => {
          let changed = text
          for (const [at, insert] of changes) changed = changed.slice(0, at) + insert + changed.slice(at + 1)
          await read(changed)
        },
      ),
      { seed: 41, numRuns: 300 },
    )
  })

  it('takes addresses apart', () => {
    expect(withoutKeys('module.a["x.y[0]"].module.b[1].aws_x.n["k"]')).toBe('module.a.module.b.aws_x.n')
    expect(moduleNames('module.a["x"].module.b[0]')).toEqual(['a', 'b'])
    expect(keyOf('aws_x.n["k"]')).toBe('["k"]')
    expect(keyOf('aws_x.n[3]')).toBe('[3]')
    expect(keyOf('aws_x.n')).toBe('')
    expect(commonLength('abc', 'abd')).toBe(2)
  })
})
