import type { SpendSign } from '../cost/spending.ts'
import { quoteShell } from '../text/shell.ts'
import type { ToDo } from './document.ts'

const DAY_MS = 86_400_000
const INSTANCE = /(?:^|[/:])(i-[0-9a-f]{8,17})$/u

function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** What would tell what makes a load. */
export function fetchForLoad(machine: string): ToDo[] {
  return [
    {
      text: `look at what runs on ${machine}, there and as root`,
      command: 'sudo davylamp investigate --this-host',
    },
    {
      text: 'or take it along and read it elsewhere',
      command: 'sudo davylamp collect --out load.tar.zst && davylamp investigate load.tar.zst',
    },
    {
      text: 'and ten minutes of its traffic: mining shows there, whatever hides it on the machine',
      command: 'sudo timeout 600 tcpdump -i any -w load.pcap',
    },
  ]
}

/** What would tell who makes a bill rise: of AWS with the commands, of others in words. */
export function fetchForBill(sign: SpendSign): ToDo[] {
  const isAws = sign.provider === null || /aws|amazon/iu.test(sign.provider)
  const machines = sign.resources.flatMap((resource) => INSTANCE.exec(resource)?.[1] ?? [])
  return [
    ...(isAws ? awsCalls(sign) : otherCalls(sign)),
    ...(machines[0] === undefined ? [] : machineCalls(sign, machines[0])),
    { text: 'then read all of it together with the bill', command: 'davylamp investigate FOLDER/' },
  ]
}

function awsCalls({ region, from, to, resources, parts }: SpendSign): ToDo[] {
  const where = region === null ? '' : ` --region ${quoteShell(region)}`
  const start = isoDay(from - 1)
  const calls: ToDo[] = []
  const service = parts[0]?.service ?? null
  if (resources.length === 0 && service === null)
    calls.push({
      text: 'which usage it is: the bill by service and usage type',
      command: `aws ce get-cost-and-usage --time-period Start=${isoDay(from - 14)},End=${isoDay(to + 1)} --granularity DAILY --metrics UnblendedCost --group-by Type=DIMENSION,Key=SERVICE Type=DIMENSION,Key=USAGE_TYPE > bill.json`,
    })
  else if (resources.length === 0)
    calls.push({
      text: 'which machine it is: the bill of that service by resource (AWS keeps that for 14 days, where it was switched on)',
      command: `aws ce get-cost-and-usage-with-resources --time-period Start=${isoDay(Math.max(from - 7, to - 13))},End=${isoDay(to + 1)} --granularity DAILY --metrics UnblendedCost --filter ${quoteShell(JSON.stringify({ Dimensions: { Key: 'SERVICE', Values: [service] } }))} --group-by Type=DIMENSION,Key=RESOURCE_ID > resources.json`,
    })
  calls.push(
    {
      text: 'who started it, and with which key',
      command: `aws cloudtrail lookup-events${where} --start-time ${start} --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --output json > trail.json`,
    },
    {
      text: 'what runs there now',
      command: `aws ec2 describe-instances${where} --output json > instances.json`,
    },
  )
  return calls
}

function otherCalls({ provider, from }: SpendSign): ToDo[] {
  const start = isoDay(from - 1)
  if (/google/iu.test(provider ?? ''))
    return [
      {
        text: 'who started it, and with which account',
        command: `gcloud logging read 'logName:cloudaudit.googleapis.com%2Factivity AND timestamp>="${start}T00:00:00Z"' --format json > trail.json`,
      },
    ]
  if (/microsoft|azure/iu.test(provider ?? ''))
    return [
      {
        text: 'who started it, and with which account',
        command: `az monitor activity-log list --start-time ${start} --max-events 5000 --output json > trail.json`,
      },
    ]
  return [
    { text: 'the audit trail of the account since the day before: who started what, and with which key' },
  ]
}

function machineCalls({ region, from, to }: SpendSign, machine: string): ToDo[] {
  const where = region === null ? '' : ` --region ${quoteShell(region)}`
  return [
    {
      text: `whether ${machine} works without a rest`,
      command: `aws cloudwatch get-metric-statistics${where} --namespace AWS/EC2 --metric-name CPUUtilization --dimensions Name=InstanceId,Value=${machine} --start-time ${isoDay(from - 14)} --end-time ${isoDay(to + 2)} --period 3600 --statistics Average > cpu.json`,
    },
    {
      text: `what runs on ${machine}, looked at there`,
      command: `sudo davylamp collect --out ${machine}.tar.zst`,
    },
  ]
}
