import { cloudtrail } from '../../../src/sources/cloudtrail/index.ts'
import { call, RUN_GPUS } from '../../../src/sources/cloudtrail/samples/calls.ts'
import { guardduty } from '../../../src/sources/guardduty/index.ts'
import { route53 } from '../../../src/sources/route53/index.ts'
import { vpcFlow } from '../../../src/sources/vpc-flow/index.ts'
import { type Column, parquetFile } from '../../../src/sources/parquet/samples/file.ts'
import { logTarget } from './logs.ts'

const JSON_WORDS = [
  '{"Records":[',
  '{"events":[{',
  ']}',
  '\n{',
  '"\\u0000\\ud800"',
  '"detail-type":"x","detail":{',
  '"message":"{\\"a\\":1}","timestamp":1,',
  '[[[[[[[[',
  '{"a":{"a":{"a":',
  '1e999',
  '\ufeff',
  '2026-05-12T03:14:07Z {',
]
const CALL_WORDS = [
  ...JSON_WORDS,
  '"eventTime":"2026-12-31T23:59:60Z"',
  'eventtime,eventname,eventsource,useridentity\n',
  '{type=IAMUser, arn=null, sessioncontext={',
  '"instanceId":"i-0aaaaaaaaaaaaaaa1"',
  '"maxCount":1e308',
]
const FLOW_WORDS = [
  '-',
  ' NODATA',
  'version account-id interface-id srcaddr dstaddr ',
  'pkt-srcaddr',
  '2001:db8::1',
  '99999999999999999999',
  '"',
  ',',
  '\t',
]
const START = 1_778_554_800
const FLOW = `2 123456789012 eni-1 10.0.3.17 198.51.100.20 40000 3333 6 20 4000 ${START} ${START + 60} ACCEPT OK`
const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'

export const cloudCalls = logTarget(
  'cloudtrail',
  cloudtrail,
  () => {
    const calls = [RUN_GPUS, call('StopLogging'), call('ConsoleLogin')]
    const lines = calls.map((one) => JSON.stringify(one))
    const row = `1.09,"{type=Root, arn=null}",2026-05-12T03:14:07Z,ec2.amazonaws.com,RunInstances`
    return [
      JSON.stringify({ Records: calls }),
      lines.join('\n'),
      JSON.stringify(calls, null, 2),
      JSON.stringify({ logEvents: lines.map((message) => ({ timestamp: 1, message })) }),
      `eventversion,useridentity,eventtime,eventsource,eventname\n${row}\n`,
    ].map((text) => Buffer.from(text))
  },
  CALL_WORDS,
)

export const sensorFindings = logTarget(
  'guardduty',
  guardduty,
  () => {
    const service = { serviceName: 'guardduty', count: 2, eventLastSeen: '2026-05-12T03:00:00Z' }
    const finding = {
      id: 'f',
      accountId: '1',
      type: 'CryptoCurrency:EC2/BitcoinTool.B',
      severity: 8,
      service,
    }
    return [finding, { Findings: [finding] }].map((one) => Buffer.from(JSON.stringify(one)))
  },
  [...JSON_WORDS, '"networkConnectionAction":{"remoteIpDetails":{"ipAddressV4":"', '"Severity":99'],
)

export const dnsQueries = logTarget(
  'route53',
  route53,
  () => [
    Buffer.from(
      `${JSON.stringify({ query_timestamp: '2026-05-12T03:14:07Z', query_name: 'a.example.', query_type: 'A', rcode: 'NOERROR', answers: [{ Rdata: '198.51.100.1' }], srcaddr: '10.0.0.1', srcids: { instance: 'i-1' } })}\n`.repeat(
        5,
      ),
    ),
  ],
  [...JSON_WORDS, '"firewall_rule_action":"BLOCK"', '"srcaddr":"::"'],
)

export const flowLogs = logTarget(
  'vpc-flow',
  vpcFlow,
  () =>
    [`${HEADER}\n${FLOW}\n${FLOW}\n`, `${FLOW}\n`, `2026-05-12T03:05:00.000Z ${FLOW}\n`].map((text) =>
      Buffer.from(text),
    ),
  FLOW_WORDS,
)

export const flowTables = logTarget(
  'vpc-flow-parquet',
  vpcFlow,
  () => {
    const columns = [
      columnOf('srcaddr', 'text', '10.0.3.17'),
      columnOf('dstaddr', 'text', '198.51.100.20'),
      columnOf('srcport', 'int32', 40_000),
      columnOf('protocol', 'int32', 6),
      columnOf('start', 'int64', START),
      columnOf('end', 'int64', START + 60),
    ]
    return [parquetFile(columns, 'none', 8), parquetFile(columns, 'gzip'), parquetFile(columns, 'zstd')]
  },
  ['PAR1', '\u0000\u0000\u0000\u0080', '\u00ff\u00ff\u00ff\u00ff\u000f'],
)

function columnOf(name: string, type: Column['type'], value: string | number): Column {
  return { name, type, values: Array.from({ length: 20 }, () => value) }
}
