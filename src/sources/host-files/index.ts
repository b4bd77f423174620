import type { ResourceEvent } from '../../event/resource.ts'
import type { Input } from '../../inputs/input.ts'
import { tellDecision, tellProblem } from '../reading.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { headText, wholeText } from '../whole-text.ts'
import { hostNameOf } from './host-name.ts'
import { FORMATS, type HostFact } from './formats.ts'

/**
 * What an administrator collects on a machine by hand: `ss -tulpn`, `netstat -tulpn`, `sshd -T`, `nft -j list ruleset`,
 * `iptables-save`, `docker ps --format json`. These name no machine: it is the folder they are in, or `host-` or
 * `NAME.` in the name of the file.
 */
export const hostFiles: Source = {
  id: 'host-files',
  title: 'State of a host by hand (ss -tulpn, sshd -T, nft -j, iptables-save, docker ps)',
  kinds: ['resource'],
  hint: 'mkdir -p hosts/web-1; on web-1 as root: ss -tulpn > ss.txt; sshd -T > sshd.txt; nft -j list ruleset > nft.json; docker ps --format json > docker.json',
  recognise: (head) => {
    const text = headText(head)
    return FORMATS.some((format) => format.isIt(text)) ? 0.7 : 0
  },
  firstTime: () => null,
  read: (inputs, env): AsyncIterable<Batch> => readAll(inputs, env),
}

async function* readAll(inputs: readonly Input[], env: SourceEnv): AsyncGenerator<Batch, void, undefined> {
  const timeOf = (input: Input): number => Math.min(input.modifiedAt ?? env.now, env.now)
  for (const input of inputs.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const report = env.reportOf(input)
    const time = timeOf(input)
    const text = await wholeText(input, report)
    const format = FORMATS.find((one) => one.isIt(text))
    if (format === undefined) continue
    report.format = format.id
    const host = hostNameOf(input.name)
    tellDecision(report, `machine ${host}: by the name of its folder or file`)
    const { facts, bad } = format.read(text)
    report.records += facts.length + bad
    report.bad += bad
    if (bad > 0) tellProblem(report, bad === 1 ? '1 line makes no sense' : `${bad} lines make no sense`)
    yield { events: facts.map((fact) => resourceOf(fact, host, input.name, time)), watermark: time }
  }
  yield { events: [], watermark: Infinity }
}

const MAX_RAW = 512

function resourceOf(
  { type, id, name, attributes, line, raw }: HostFact,
  host: string,
  file: string,
  time: number,
): ResourceEvent {
  return {
    kind: 'resource',
    time,
    timeQuality: 'unknown',
    observer: `host:${host}`,
    subjects: [`host:${host}`],
    origin: { source: 'host-files', file, line, offset: 0, raw: raw.slice(0, MAX_RAW) },
    provider: 'host',
    resourceType: type,
    resourceId: id,
    name,
    account: null,
    region: null,
    state: 'observed',
    attributes,
    unknownAttributes: [],
  }
}
