import { describe, expect, it } from 'vitest'
import { Event, type EventOf } from '../../event/event.ts'
import { compileRules } from '../compile/compile-rules.ts'
import { parseRules } from '../parse/parse-rules.ts'
import type { SigmaRule } from '../rule.ts'
import { Ancestry } from './ancestry.ts'
import { viewsOf } from './event-views.ts'
import { EVENT_MAPPINGS, MAPPINGS } from './index.ts'
import { withProducerNames } from './rename-rule.ts'
import { reportFields } from './unknown-fields.ts'
import { readWindowsRecord } from './windows/read-windows.ts'

const ORIGIN = { source: 'sample', file: 'sample', offset: 0, raw: 'a line' }
const COMMON = {
  time: 0,
  timeQuality: 'exact' as const,
  observer: 'host:web-1',
  subjects: ['host:web-1'],
  origin: ORIGIN,
} satisfies Partial<Event>
const ACTOR = {
  pid: 7,
  ppid: 3,
  exe: '/usr/bin/curl',
  name: 'curl',
  uid: 0,
  loginUid: 1000,
  session: '4',
  tty: null,
}

function exec(pid: number, ppid: number, exe: string, commandLine: string): EventOf<'process'> {
  return {
    ...COMMON,
    kind: 'process',
    action: 'exec',
    actor: { ...ACTOR, pid, ppid, exe },
    args: commandLine.split(' '),
    commandLine,
    cwd: '/tmp',
    paths: [exe],
    isSuccess: true,
    targetPid: null,
    key: null,
  }
}

const HTTP: EventOf<'http'> = {
  ...COMMON,
  kind: 'http',
  role: 'server',
  srcIp: '192.0.2.9',
  srcHost: null,
  dstIp: null,
  dstPort: null,
  user: null,
  method: 'GET',
  host: 'shop.example',
  path: '/a/b.php',
  query: 'q=1',
  protocol: 'HTTP/1.1',
  status: 404,
  bytes: 12,
  seconds: 0.25,
  referrer: null,
  userAgent: 'curl/8',
}

const SAMPLES: readonly Event[] = [
  exec(7, 3, '/usr/bin/curl', 'curl -o x'),
  HTTP,
  { ...HTTP, role: 'client' },
  {
    ...COMMON,
    kind: 'socket',
    action: 'connect',
    actor: ACTOR,
    ip: '198.51.100.4',
    port: 3333,
    path: null,
    isSuccess: true,
    key: null,
  },
  {
    ...COMMON,
    kind: 'file',
    action: 'write',
    actor: ACTOR,
    path: '/etc/x',
    targetPath: null,
    mode: null,
    isSuccess: true,
    key: null,
  },
  {
    ...COMMON,
    kind: 'file',
    action: 'delete',
    actor: ACTOR,
    path: '/etc/x',
    targetPath: null,
    mode: null,
    isSuccess: true,
    key: null,
  },
  {
    ...COMMON,
    kind: 'dns',
    query: 'pool.example',
    queryType: 'A',
    isResponse: true,
    responseCode: 'NOERROR',
    answers: ['198.51.100.4'],
    srcIp: '10.0.0.5',
    dstIp: '10.0.0.2',
  },
  {
    ...COMMON,
    kind: 'flow',
    communityId: '1:x',
    transport: 'tcp',
    srcIp: '10.0.0.5',
    srcPort: 40_000,
    dstIp: '198.51.100.4',
    dstPort: 3333,
    start: -2000,
    packetsOut: 3,
    packetsIn: 2,
    bytesOut: 300,
    bytesIn: 200,
    isHandshakeSeen: true,
  },
]
const NOBODY = { parentOf: (): null => null }

describe('event mappings', () => {
  it('has samples that are events, and one for every mapping', () => {
    for (const sample of SAMPLES) expect(Event.safeParse(sample).error).toBeUndefined()
    const seen = new Set(
      SAMPLES.flatMap((sample) => viewsOf(sample, NOBODY).map(({ mapping }) => mapping.id)),
    )
    expect([...seen].toSorted()).toEqual(EVENT_MAPPINGS.map(({ id }) => id).toSorted())
  })

  it('gives no field that its table does not name, and none that is empty', () => {
    for (const { mapping, record } of SAMPLES.flatMap((sample) => viewsOf(sample, NOBODY))) {
      expect(Object.keys(mapping.fields)).toEqual(expect.arrayContaining(Object.keys(record)))
      expect(Object.values(record)).not.toContain(null)
    }
  })

  it('knows the parent where its start was seen', () => {
    const ancestry = new Ancestry()
    ancestry.note(exec(3, 1, '/usr/sbin/nginx', 'nginx -g daemon'))
    const child = exec(7, 3, '/bin/sh', 'sh -c id')
    expect(viewsOf(child, ancestry)[0]?.record).toEqual({
      Image: '/bin/sh',
      CommandLine: 'sh -c id',
      CurrentDirectory: '/tmp',
      Computer: 'host:web-1',
      ProcessId: 7,
      User: 'root',
      LogonId: 0,
      TerminalSessionId: '4',
      ParentProcessId: 3,
      ParentImage: '/usr/sbin/nginx',
      ParentCommandLine: 'nginx -g daemon',
    })
    expect(viewsOf({ ...child, observer: 'host:other' }, ancestry)[0]?.record).not.toHaveProperty(
      'ParentImage',
    )
  })

  it('says what a web server and a proxy say', () => {
    expect(viewsOf(HTTP, NOBODY)[0]?.record).toMatchObject({
      'c-ip': '192.0.2.9',
      'cs-uri-stem': '/a/b.php',
      'cs-uri-query': ['q=1', '/a/b.php?q=1'],
      'sc-status': 404,
      'time-taken': 250,
    })
    expect(viewsOf({ ...HTTP, role: 'client' }, NOBODY)[0]?.record).toMatchObject({
      'c-uri': 'shop.example/a/b.php?q=1',
      'c-uri-extension': 'php',
      'c-useragent': 'curl/8',
    })
  })
})

describe('tables', () => {
  it('have names of their own, and words for every field', () => {
    expect(new Set(MAPPINGS.map(({ id }) => id)).size).toBe(MAPPINGS.length)
    for (const { id, fields, logSources } of MAPPINGS) {
      expect(logSources.length, id).toBeGreaterThan(0)
      for (const [field, docs] of Object.entries(fields))
        expect(docs.length, `${id} ${field}`).toBeGreaterThan(2)
    }
  })
})

function ruleOf(logSource: string, selection: string): SigmaRule {
  const { rules, problems } = parseRules(
    `title: x\nlogsource: { ${logSource} }\ndetection:\n  selection: { ${selection} }\n  condition: selection\n`,
    'x.yml',
  )
  const [rule] = rules
  if (rule === undefined) throw new Error(JSON.stringify(problems))
  return rule
}

describe('fields of rules', () => {
  it.each([
    ['product: linux, category: process_creation', 'Image: a, Comandline: b', [['Comandline', null]]],
    ['product: linux, category: process_creation', 'CommandLines: b', [['CommandLines', 'CommandLine']]],
    ['product: linux, category: file_event', 'TargetFilename|fieldref: Imagee', [['Imagee', 'Image']]],
    [
      'product: aws, service: cloudtrail',
      'requestParameters.x.y: a, evntName: b',
      [['evntName', 'eventName']],
    ],
    ['product: kubernetes, service: audit', 'objectRef.resource: a, hostPath: b', []],
    ['product: linux, service: auditd', 'anything: a', []],
    ['product: windows, category: registry_set', 'Details: a', []],
  ])('%s: %s', (logSource, selection, unknown) => {
    const report = reportFields(ruleOf(logSource, selection))
    expect(report.mappings.length).toBeGreaterThan(0)
    expect(report.unknown.map(({ field, meant }) => [field, meant])).toEqual(
      unknown.map(([field, meant]) => [field, field === 'Comandline' ? 'CommandLine' : meant]),
    )
  })

  it('says that nobody reads a log source', () => {
    expect(reportFields(ruleOf('product: cisco, service: aaa', 'a: b')).mappings).toEqual([])
  })

  it('are found under the names of the producer', () => {
    const set = compileRules([
      withProducerNames(
        ruleOf('product: gcp, service: gcp.audit', 'gcp.audit.method_name|endswith: .delete'),
      ),
    ])
    expect(set.match({ protoPayload: { methodName: 'v1.compute.instances.delete' } }, null)).toHaveLength(1)
    const pod = compileRules([
      withProducerNames(ruleOf('product: kubernetes, service: audit', "hostPath: '*'")),
    ])
    expect(
      pod.match({ requestObject: { spec: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } } }, null),
    ).toHaveLength(1)
    expect(pod.match({ requestObject: { spec: { volumes: [{ name: 'v' }] } } }, null)).toHaveLength(0)
  })
})

const SYSMON = 'Microsoft-Windows-Sysmon/Operational'
const SYSTEM = {
  Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
  EventID: 1,
  Channel: SYSMON,
  Computer: 'pc-1.example',
}
const DATA = { Image: String.raw`C:\a.exe`, ProcessId: 5 }
const LIST = [
  { '#attributes': { Name: 'Image' }, '#text': DATA.Image },
  { '#attributes': { Name: 'ProcessId' }, '#text': 5 },
]

describe('Windows events', () => {
  it.each([
    ['EventData as a map', { Event: { System: SYSTEM, EventData: DATA } }],
    ['EventData as a list', { Event: { System: SYSTEM, EventData: { Data: LIST } } }],
    [
      'winlogbeat',
      {
        '@timestamp': '2026-01-05T00:00:00Z',
        winlog: {
          event_id: '1',
          channel: SYSMON,
          provider_name: 'Microsoft-Windows-Sysmon',
          computer_name: 'pc-1.example',
          event_data: DATA,
        },
      },
    ],
    [
      'winlogbeat with dots',
      {
        'winlog.event_id': 1,
        'winlog.channel': SYSMON,
        'winlog.provider_name': 'Microsoft-Windows-Sysmon',
        'winlog.computer_name': 'pc-1.example',
        'winlog.event_data.Image': DATA.Image,
        'winlog.event_data.ProcessId': 5,
      },
    ],
    [
      'EvtxECmd',
      {
        EventId: 1,
        Channel: SYSMON,
        Provider: 'Microsoft-Windows-Sysmon',
        Computer: 'pc-1.example',
        Payload: JSON.stringify({
          EventData: {
            Data: LIST.map((one) => ({ '@Name': one['#attributes'].Name, '#text': one['#text'] })),
          },
        }),
      },
    ],
    [
      'flat',
      {
        EventID: 1,
        Channel: SYSMON,
        Provider_Name: 'Microsoft-Windows-Sysmon',
        Computer: 'pc-1.example',
        ...DATA,
      },
    ],
  ])('%s', (_, document) => {
    const read = readWindowsRecord(document)
    expect(read?.record).toMatchObject({
      Provider_Name: 'Microsoft-Windows-Sysmon',
      Channel: SYSMON,
      Computer: 'pc-1.example',
      ...DATA,
    })
    expect(Number(read?.record['EventID'])).toBe(1)
    expect(read?.logSources).toEqual([
      { product: 'windows', service: 'sysmon' },
      { product: 'windows', service: 'sysmon', category: 'process_creation' },
    ])
  })

  it('knows what the Security log calls otherwise', () => {
    const read = readWindowsRecord({
      EventID: 4688,
      Channel: 'Security',
      NewProcessName: String.raw`C:\b.exe`,
      ParentProcessName: String.raw`C:\a.exe`,
      NewProcessId: '0x10',
      ProcessId: '0x4',
      MandatoryLabel: 'S-1-16-12288',
      CommandLine: 'b',
    })
    expect(read?.record).toMatchObject({
      Image: String.raw`C:\b.exe`,
      ParentImage: String.raw`C:\a.exe`,
      ProcessId: '0x10',
      ParentProcessId: '0x4',
      IntegrityLevel: 'High',
    })
    expect(read?.logSources.map(({ category }) => category)).toEqual([undefined, 'process_creation'])
  })

  it.each([
    [12, { EventType: 'CreateKey' }, ['registry_event', 'registry_add']],
    [12, { EventType: 'DeleteValue' }, ['registry_event', 'registry_delete']],
    [13, {}, ['registry_event', 'registry_set']],
    [26, {}, ['file_delete', 'file_delete_detected']],
    [255, {}, ['sysmon_error']],
    [99, {}, []],
  ])('Sysmon event %i %j', (EventID, data, categories) => {
    const read = readWindowsRecord({ EventID, Channel: SYSMON, ...data })
    expect(read?.logSources.slice(1).map(({ category }) => category)).toEqual(categories)
  })

  it.each([{}, { EventID: 1 }, { Payload: '{', EventId: 1 }, { Event: null }])('is none: %j', (document) => {
    expect(readWindowsRecord(document)).toBeNull()
  })
})
