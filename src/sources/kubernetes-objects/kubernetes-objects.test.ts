import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTexts } from '../samples/read-texts.ts'
import { kubernetesObjects } from './index.ts'

async function read(
  text: string,
): Promise<{ ids: string[]; attributes: Record<string, unknown>[]; bad: number; problems: string[] }> {
  const { events, reports } = await readTexts(kubernetesObjects, [{ name: 'a.yaml', text, chunkBytes: 100 }])
  const resources = events.flatMap((event) => (event.kind === 'resource' ? [event] : []))
  return {
    ids: resources.map(({ resourceType, resourceId }) => `${resourceType} ${resourceId}`),
    attributes: resources.map(({ attributes }) => attributes),
    bad: reports[0]?.bad ?? 0,
    problems: reports[0]?.problems ?? [],
  }
}

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [] },
}

describe('kubernetes objects', () => {
  it.each([
    ['one object', JSON.stringify(POD), ['Pod shop/web']],
    [
      'a list',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [POD, { ...POD, kind: 'Service' }] }),
      ['Pod shop/web', 'Service shop/web'],
    ],
    [
      'a list of one kind, whose elements leave it out',
      JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items: [{ metadata: { name: 'a' } }] }),
      ['Pod a'],
    ],
    [
      'lists in a list',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [{ apiVersion: 'v1', kind: 'List', items: [POD] }],
      }),
      ['Pod shop/web'],
    ],
    [
      'several JSON documents',
      `${JSON.stringify(POD)}\n${JSON.stringify({ ...POD, kind: 'Service' })}\n`,
      ['Pod shop/web', 'Service shop/web'],
    ],
    [
      'YAML documents',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: b\n',
      ['Pod a', 'Service b'],
    ],
    [
      'a YAML list',
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a, namespace: n}\n',
      ['Pod n/a'],
    ],
  ])('reads %s', async (_, text, ids) => {
    expect((await read(text)).ids).toEqual(ids)
    expect(kubernetesObjects.recognise(Buffer.from(text))).toBeGreaterThan(0.1)
  })

  it('reads on after a document that is broken', async () => {
    const { ids, bad, problems } = await read(
      'apiVersion: v1\nkind: Pod\nmetadata: [}\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n',
    )
    expect(ids).toEqual(['Pod b'])
    expect(bad).toBe(1)
    expect(problems[0]).toMatch(/^document at line 1: /u)
  })

  it('never carries what secrets hold', async () => {
    const { attributes } = await read(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        data: { token: 'aGVsbG8=' },
        stringData: { a: 'b' },
      }),
    )
    expect(JSON.stringify(attributes)).not.toContain('aGVsbG8=')
  })

  it.each([
    ['refers to itself', 'apiVersion: v1\nkind: Pod\nmetadata: &a\n  name: x\n  me: *a\n'],
    [
      'doubles and doubles',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\na0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}\n`,
    ],
    ['is nested without end', `{"apiVersion":"v1","kind":"Pod","a":${'['.repeat(5000)}${']'.repeat(5000)}}`],
  ])('leaves out a document that %s', async (_, text) => {
    const { ids, bad } = await read(text)
    expect(ids).toEqual([])
    expect(bad).toBeGreaterThan(0)
  })

  it.each([
    ['an audit event', '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata"}'],
    ['a configuration of a client', 'apiVersion: v1\nkind: Config\nclusters: []\n'],
    ['other YAML', 'version: 3\nservices: {}\n'],
  ])('takes %s not for its own', (_, text) => {
    expect(kubernetesObjects.recognise(Buffer.from(text))).toBe(0)
  })

  it('survives any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('', '{"apiVersion":"v1","kind":"Pod"', 'apiVersion: v1\nkind: Pod\n'),
        fc.uint8Array({ maxLength: 300 }),
        async (start, bytes) => {
          await readTexts(kubernetesObjects, [
            { name: 'a', text: Buffer.concat([Buffer.from(start), bytes]), chunkBytes: 50 },
          ])
        },
      ),
      { seed: 6, numRuns: 150 },
    )
  })
})
