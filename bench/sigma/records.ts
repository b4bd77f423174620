/** Draws from a seeded sequence (mulberry32). */
export class Draw {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  below(limit: number): number {
    return Math.floor(this.number() * limit)
  }

  of<T>(list: readonly T[]): T {
    const one = list[this.below(list.length)]
    if (one === undefined) throw new Error('nothing to draw from')
    return one
  }

  hex(length: number): string {
    let text = ''
    while (text.length < length) text += Math.floor(this.number() * 16).toString(16)
    return text
  }
}

const PROGRAMS = [
  'svchost',
  'cmd',
  'powershell',
  'chrome',
  'msedge',
  'explorer',
  'rundll32',
  'services',
  'teams',
  'onedrive',
  'conhost',
  'taskhostw',
  'python',
  'node',
  'git',
]
/** What administrators and intruders start as well: one in twenty. */
const TOOLS = ['certutil', 'reg', 'net', 'whoami', 'wmic', 'bitsadmin', 'curl']
const WORDS = [
  'update',
  '--type=renderer',
  '/quiet',
  '-NoProfile',
  'install',
  '--lang=en',
  'C:\\ProgramData\\app\\config.json',
  '-k netsvcs',
  '/c',
  'status',
  '--field-trial-handle=1718',
  'query',
  'user',
  'report.csv',
  '-ExecutionPolicy',
  'Bypass',
  'http://intranet.example.net/a',
  '/S',
  'build',
  'run',
]
const FOLDERS = [
  'C:\\Windows\\System32',
  'C:\\Program Files\\Vendor\\App',
  'C:\\Users\\alice\\AppData\\Local\\Programs',
  'C:\\Windows\\SysWOW64',
  'D:\\work\\tools\\bin',
]

/** A process start on Windows as Sysmon tells it, flattened, about 1.4 kB. */
export function processRecord(draw: Draw): Record<string, unknown> {
  const program = `${draw.of(draw.below(20) === 0 ? TOOLS : PROGRAMS)}.exe`
  const parent = `${draw.of(PROGRAMS)}.exe`
  const line = (name: string): string =>
    `"${draw.of(FOLDERS)}\\${name}" ${Array.from({ length: 3 + draw.below(12) }, () => draw.of(WORDS)).join(' ')}`
  return {
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Provider_Name: 'Microsoft-Windows-Sysmon',
    Computer: `ws-${draw.below(500)}.corp.example.net`,
    RuleName: '-',
    UtcTime: '2026-03-04 10:20:30.123',
    ProcessGuid: `{${draw.hex(8)}-${draw.hex(4)}-${draw.hex(4)}-${draw.hex(4)}-${draw.hex(12)}}`,
    ProcessId: draw.below(65_000),
    Image: `${draw.of(FOLDERS)}\\${program}`,
    FileVersion: '10.0.20348.1 (WinBuild.160101.0800)',
    Description: 'Host Process for Services of the operating system',
    Product: 'Operating System',
    Company: 'Vendor Corporation',
    OriginalFileName: program,
    CommandLine: line(program),
    CurrentDirectory: `${draw.of(FOLDERS)}\\`,
    User: `CORP\\user${draw.below(900)}`,
    LogonId: `0x${draw.hex(6)}`,
    TerminalSessionId: 2,
    IntegrityLevel: draw.of(['Medium', 'High', 'System']),
    Hashes: `SHA1=${draw.hex(40)},MD5=${draw.hex(32)},SHA256=${draw.hex(64)},IMPHASH=${draw.hex(32)}`,
    ParentProcessGuid: `{${draw.hex(8)}-${draw.hex(4)}-${draw.hex(4)}-${draw.hex(4)}-${draw.hex(12)}}`,
    ParentProcessId: draw.below(65_000),
    ParentImage: `${draw.of(FOLDERS)}\\${parent}`,
    ParentCommandLine: line(parent),
    ParentUser: `CORP\\user${draw.below(900)}`,
  }
}

const CALLS = [
  ['ec2.amazonaws.com', 'DescribeInstances'],
  ['ec2.amazonaws.com', 'RunInstances'],
  ['sts.amazonaws.com', 'AssumeRole'],
  ['s3.amazonaws.com', 'GetObject'],
  ['s3.amazonaws.com', 'PutObject'],
  ['kms.amazonaws.com', 'Decrypt'],
  ['iam.amazonaws.com', 'ListRoles'],
  ['iam.amazonaws.com', 'CreateAccessKey'],
  ['logs.amazonaws.com', 'CreateLogStream'],
  ['lambda.amazonaws.com', 'GetFunction20150331v2'],
] as const

/** A call to AWS as CloudTrail tells it, nested, about 2 kB. */
export function cloudRecord(draw: Draw): Record<string, unknown> {
  const [eventSource, eventName] = draw.of(CALLS)
  const account = '111122223333'
  const role = `app-role-${draw.below(50)}`
  return {
    eventVersion: '1.09',
    userIdentity: {
      type: draw.of(['AssumedRole', 'IAMUser', 'AWSService']),
      principalId: `AROA${draw.hex(16).toUpperCase()}:session-${draw.below(90)}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/session-${draw.below(90)}`,
      accountId: account,
      accessKeyId: `ASIA${draw.hex(16).toUpperCase()}`,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: `AROA${draw.hex(16).toUpperCase()}`,
          arn: `arn:aws:iam::${account}:role/${role}`,
          accountId: account,
          userName: role,
        },
        attributes: { creationDate: '2026-03-04T09:00:00Z', mfaAuthenticated: 'false' },
      },
    },
    eventTime: '2026-03-04T10:20:30Z',
    eventSource,
    eventName,
    awsRegion: draw.of(['us-east-1', 'eu-central-1', 'ap-south-1']),
    sourceIPAddress: `198.51.100.${draw.below(255)}`,
    userAgent: 'aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.170.0',
    requestParameters: {
      instancesSet: {
        items: Array.from({ length: 1 + draw.below(3) }, () => ({ instanceId: `i-${draw.hex(17)}` })),
      },
      filterSet: { items: [{ name: 'tag:env', valueSet: { items: [{ value: draw.of(['prod', 'dev']) }] } }] },
      bucketName: `data-${draw.below(40)}`,
      key: `exports/2026/03/04/${draw.hex(24)}.parquet`,
    },
    responseElements: draw.number() < 0.5 ? null : { requestId: draw.hex(32), _return: true },
    requestID: `${draw.hex(8)}-${draw.hex(4)}-${draw.hex(12)}`,
    eventID: `${draw.hex(8)}-${draw.hex(4)}-${draw.hex(12)}`,
    readOnly: draw.number() < 0.7,
    resources: [{ accountId: account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::data-${draw.below(40)}` }],
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: 'ec2.us-east-1.amazonaws.com',
    },
  }
}

/** A DNS answer as Zeek tells it with some answers, about 1 kB. */
export function dnsRecord(draw: Draw): Record<string, unknown> {
  const name = `${draw.hex(6)}.${draw.of(['cdn', 'api', 'www', 'mail'])}.${draw.of(['example.net', 'example.org', 'service.example.com'])}`
  return {
    ts: 1_772_619_630.123 + draw.number(),
    uid: `C${draw.hex(17)}`,
    'id.orig_h': `10.0.${draw.below(255)}.${draw.below(255)}`,
    'id.orig_p': draw.below(65_000),
    'id.resp_h': '10.0.0.2',
    'id.resp_p': 53,
    proto: 'udp',
    trans_id: draw.below(65_000),
    query: name,
    qclass: 1,
    qclass_name: 'C_INTERNET',
    qtype: 1,
    qtype_name: draw.of(['A', 'AAAA', 'TXT', 'MX']),
    rcode: 0,
    rcode_name: 'NOERROR',
    answers: Array.from({ length: 4 + draw.below(12) }, () => `${draw.hex(12)}.${name}`),
    TTLs: Array.from({ length: 8 }, () => draw.below(300)),
    rejected: false,
  }
}
