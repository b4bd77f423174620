import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readTexts } from '../samples/read-texts.ts'
import { sarif } from './index.ts'

const DOCUMENT = {
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'Scanner',
          rules: [
            {
              id: 'OPEN-22',
              shortDescription: { text: 'SSH is open' },
              properties: { 'security-severity': '8.1' },
            },
          ],
        },
      },
      results: [
        {
          ruleId: 'OPEN-22',
          ruleIndex: 0,
          level: 'error',
          message: { text: 'port 22 is open' },
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: 'main.tf' }, region: { startLine: 7 } },
              logicalLocations: [{ fullyQualifiedName: 'aws_instance.web' }],
            },
          ],
        },
        { ruleId: 'OTHER', message: { text: 'accepted' }, suppressions: [{ kind: 'external' }] },
        { ruleId: 'FINE', kind: 'pass', message: { text: 'fine' } },
        { message: { text: 'of no rule' } },
      ],
    },
  ],
}

it('reads results with their rule and place', async () => {
  const { events, reports } = await readTexts(sarif, [
    { name: 'a.sarif', text: JSON.stringify(DOCUMENT), chunkBytes: 99 },
  ])
  const attributes = events.flatMap((event) => (event.kind === 'resource' ? [event.attributes] : []))
  expect(attributes).toMatchObject([
    {
      tool: 'Scanner',
      check: 'OPEN-22',
      status: 'FAIL',
      severity: 'high',
      title: 'SSH is open',
      targets: ['aws_instance.web'],
      places: ['main.tf:7'],
    },
    { check: 'OTHER', status: 'MUTED', severity: 'medium' },
    { check: 'FINE', status: 'PASS' },
  ])
  expect(reports[0]?.bad).toBe(1)
})

it.each([
  ['a document', JSON.stringify(DOCUMENT), 1],
  ['one that names no schema', '{"version":"2.1.0","runs":[]}', 0.9],
  ['other JSON', '{"version":"2.1.0"}', 0],
  ['a log', 'sarif', 0],
])('recognises %s', (_, text, score) => {
  expect(sarif.recognise(Buffer.from(text))).toBe(score)
})

it('tells of one that is cut off', async () => {
  const { reports } = await readTexts(sarif, [
    { name: 'a.sarif', text: JSON.stringify(DOCUMENT).slice(0, 300) },
  ])
  expect(reports[0]).toMatchObject({ bad: 1, problems: ['it is not whole JSON'] })
})

it('survives any JSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      await readTexts(sarif, [
        {
          name: 'a',
          text: JSON.stringify({ version: '2.1.0', runs: [{ results: value, tool: value }, value] }),
        },
      ])
    }),
    { seed: 6, numRuns: 150 },
  )
})
