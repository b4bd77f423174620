import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { kubernetesAudit } from './index.ts'

const EXEC = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Request',
  auditID: 'a-1',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/web/pods/shop-1/exec?command=sh&command=-c&command=id&stdin=true',
  verb: 'create',
  user: { username: 'alice@example.com', groups: ['system:authenticated'] },
  sourceIPs: ['198.51.100.7', '10.0.0.1'],
  userAgent: 'kubectl/v1.30.0',
  objectRef: { resource: 'pods', namespace: 'web', name: 'shop-1', apiVersion: 'v1', subresource: 'exec' },
  responseStatus: { metadata: {}, code: 101 },
  requestReceivedTimestamp: '2026-05-12T03:14:05.123456Z',
  stageTimestamp: '2026-05-12T03:14:06.123456Z',
  annotations: { 'authorization.k8s.io/decision': 'allow' },
}
const POD = {
  kind: 'Pod',
  spec: {
    hostNetwork: true,
    hostPID: true,
    volumes: [
      { name: 'root', hostPath: { path: '/' } },
      { name: 'x', emptyDir: {} },
    ],
    containers: [
      {
        name: 'x',
        image: 'docker.example/x:1',
        securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } },
      },
    ],
  },
}

const variants: readonly {
  title: string
  said: Record<string, unknown>
  expected: Record<string, unknown>
}[] = [
  {
    title: 'a shell in a pod',
    said: {},
    expected: {
      kind: 'cloud-api',
      provider: 'kubernetes',
      service: 'core',
      operation: 'create pods/exec',
      time: Date.UTC(2026, 4, 12, 3, 14, 6) + 123.456,
      outcome: 'success',
      caller: 'alice@example.com',
      callerType: 'User',
      srcIp: '198.51.100.7',
      isReadOnly: false,
      isDryRun: false,
      resources: ['pods/web/shop-1', 'command: sh -c id'],
    },
  },
  {
    title: 'a pod that asks for the host',
    said: {
      requestObject: POD,
      objectRef: { resource: 'pods', namespace: 'web', name: 'x' },
      requestURI: '/api/v1/namespaces/web/pods?dryRun=All',
      responseStatus: { code: 201 },
    },
    expected: {
      operation: 'create pods',
      isDryRun: true,
      resources: [
        'pods/web/x',
        'host network',
        'host processes',
        'host path /',
        'privileged',
        'capability SYS_ADMIN',
        'image docker.example/x:1',
      ],
    },
  },
  {
    title: 'what makes pods',
    said: {
      requestObject: { kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec: POD.spec } } } } },
      objectRef: { resource: 'cronjobs', apiGroup: 'batch', namespace: 'web', name: 'x' },
    },
    expected: {
      service: 'batch',
      operation: 'create cronjobs',
      resources: expect.arrayContaining(['privileged', 'host path /']),
    },
  },
  {
    title: 'forbidden',
    said: {
      responseStatus: { code: 403, reason: 'Forbidden' },
      annotations: { 'authorization.k8s.io/decision': 'forbid' },
      verb: 'list',
      user: { username: 'system:anonymous' },
    },
    expected: { outcome: 'denied', errorCode: 'Forbidden', isReadOnly: true, callerType: 'Anonymous' },
  },
  {
    title: 'not found',
    said: { responseStatus: { code: 404 } },
    expected: { outcome: 'failure', errorCode: '404' },
  },
  {
    title: 'a service account, and somebody in the name of somebody',
    said: { user: { username: 'system:serviceaccount:web:default' } },
    expected: { callerType: 'ServiceAccount' },
  },
  {
    title: 'impersonation',
    said: { impersonatedUser: { username: 'system:admin' } },
    expected: { callerType: 'impersonates system:admin' },
  },
  {
    title: 'no object',
    said: { objectRef: undefined, requestURI: '/version?timeout=32s', verb: 'get' },
    expected: { operation: 'get /version', resources: [] },
  },
  {
    title: 'the older version of the API',
    said: { apiVersion: 'audit.k8s.io/v1beta1' },
    expected: { outcome: 'success' },
  },
]

async function read(text: string) {
  const { events, reports } = await readTexts(kubernetesAudit, [{ name: 'audit.log', text }])
  for (const event of events) Event.parse(event)
  return { events, report: reports[0] }
}

describe('kubernetes-audit', () => {
  it.each(variants)('$title', async ({ said, expected }) => {
    const { events } = await read(JSON.stringify({ ...EXEC, ...said }))
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject(expected)
  })

  it('tells each request once, at its end', async () => {
    const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete'].map((stage) =>
      JSON.stringify({ ...EXEC, stage }),
    )
    const { events, report } = await read([...stages, stages[2] ?? ''].join('\n'))
    expect(events).toHaveLength(1)
    expect(report).toMatchObject({ records: 4, unused: 2, duplicates: 1 })
  })

  it.each([
    [
      'a list',
      JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items: [EXEC] }),
    ],
    [
      'CloudWatch Logs',
      JSON.stringify({ events: [{ timestamp: 1778555645123, message: JSON.stringify(EXEC) }] }),
    ],
    ['AKS', JSON.stringify({ category: 'kube-audit', properties: { log: JSON.stringify(EXEC) } })],
  ])('finds the events in %s', async (_what, text) => {
    expect(kubernetesAudit.recognise(Buffer.from(text))).toBe(1)
    expect((await read(text)).events).toMatchObject([{ operation: 'create pods/exec' }])
  })

  it('is not every Event of Kubernetes', () => {
    const event = { kind: 'Event', apiVersion: 'v1', reason: 'Pulled', metadata: {} }
    expect(kubernetesAudit.recognise(Buffer.from(JSON.stringify(event)))).toBe(0)
  })

  it('takes any values in any field', async () => {
    const names = [...Object.keys(EXEC), 'requestObject', 'impersonatedUser']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
        await read(JSON.stringify({ ...EXEC, [name]: value }))
      }),
      { seed: 29, numRuns: 200 },
    )
  })
})
