import { bill } from '../../../src/sources/bill/index.ts'
import { cgroupCpu } from '../../../src/sources/cgroup-cpu/index.ts'
import { cloudwatch } from '../../../src/sources/cloudwatch/index.ts'
import { parquetFile } from '../../../src/sources/parquet/samples/file.ts'
import { processTable } from '../../../src/sources/process-table/index.ts'
import { prometheus } from '../../../src/sources/prometheus/index.ts'
import type { Source } from '../../../src/sources/source.ts'
import { sysstat } from '../../../src/sources/sysstat/index.ts'
import { logTarget } from './logs.ts'

const START = '2026-05-12T03:00:00Z'
const BILL = `BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ResourceId,Tags
0.0832,0.05,USD,Usage,${START},2026-05-12T04:00:00Z,i-0aaaaaaaaaaaaaaaa,"{""a"": ""b""}"
-1.5e-7,0,EUR,Tax,2026-05-12,2026-05-13,,{}
`
const CHARGES = {
  GroupDefinitions: [{ Type: 'DIMENSION', Key: 'RECORD_TYPE' }],
  ResultsByTime: [
    {
      TimePeriod: { Start: '2026-05-12', End: '2026-05-13' },
      Groups: [{ Keys: ['Usage'], Metrics: { UnblendedCost: { Amount: '1.5', Unit: 'USD' } } }],
    },
  ],
}

export const bills = logTarget(
  'bill',
  bill,
  () => [
    Buffer.from(BILL.repeat(3)),
    Buffer.from(`\uFEFF${BILL}`, 'utf16le'),
    Buffer.from(JSON.stringify(CHARGES)),
    parquetFile([
      { name: 'BilledCost', type: 'int64', scale: 9, values: [1, 2, 3] },
      { name: 'EffectiveCost', type: 'double', values: [1, 2, 3] },
      { name: 'ChargePeriodStart', type: 'text', values: [START, START, null] },
      { name: 'BillingCurrency', type: 'text', values: ['USD', 'USD', 'USD'] },
    ]),
  ],
  [
    '"',
    ',',
    '\n',
    '\r\n',
    '""',
    '1e60',
    '-',
    '.',
    '2026-02-30',
    'USD',
    'PAR1',
    '\u0000',
    '99999999999999999999',
  ],
)

const READERS: readonly Source[] = [sysstat, prometheus, cloudwatch, processTable, cgroupCpu]
const SAMPLES: readonly string[] = [
  '{"sysstat":{"hosts":[{"nodename":"web-1","number-of-cpus":2,"statistics":[{"timestamp":{"date":"2026-05-12","time":"03:00:00","utc":1,"interval":600},"cpu-load":[{"cpu":"all","user":9.5,"idle":90.5}]}]}]}}',
  'Linux 6.1 (web-1) \t05/12/2026 \t_x86_64_\t(2 CPU)\n\n03:00:01     CPU     %user   %idle\n03:10:01     all     9.5     90.5\n',
  '# HELP node_load1 x\n# TYPE node_load1 gauge\nnode_load1 1\nnode_cpu_seconds_total{cpu="0",mode="idle"} 1\nnode_time_seconds 1.77e9\n',
  '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"mode":"idle","instance":"web-1:9100"},"values":[[1778554800,"0.5"]]}]}}',
  '{"MetricDataResults":[{"Id":"m","Label":"CPUUtilization","Timestamps":["2026-05-12T03:00:00Z"],"Values":[13]}]}',
  'top - 03:14:07 up 1 day,  1 user,  load average: 1.00, 1.00, 1.00\n%Cpu(s): 99.0 us,  1.0 sy\n    PID USER %CPU COMMAND\n      1 root 99.0 x\n',
  '1778554800\nusage_usec 0\nuser_usec 0\n1778554860\nusage_usec 60000000\n',
]

/** One source for all of them: each text goes to whoever knows it, as in an investigation. */
const anyReader: Source = {
  ...sysstat,
  read: (inputs, env) => {
    const [first] = inputs
    const head = first?.head ?? new Uint8Array()
    const reader = READERS.find((one) => one.recognise(head) > 0) ?? sysstat
    return reader.read(inputs, env)
  },
}

export const measurements = logTarget(
  'measurements',
  anyReader,
  () => SAMPLES.map((text) => Buffer.from(text)),
  ['1e308', '-1', 'NaN', '"', '{', '}', '\n', '%', '99:99:99', '2026-02-30', '9'.repeat(30)],
)
