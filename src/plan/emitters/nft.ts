import { parseRange } from '../../policy/address-set.ts'
import type { NftChange } from '../change.ts'
import { comment } from './aws-cli.ts'
import type { EmittedFile, Emitter, PlannedChange } from './emitter.ts'
import { fileName } from './file-name.ts'

const TABLE = 'inet davylamp_plan'
/**
 * After connection tracking (-200) and before address translation (-100), so that ports that Docker publishes are judged
 * by the number that strangers use. What is accepted here is still judged by the host's own rules.
 */
const BEFORE_NAT = -150
const FILTER = -10

/** One ruleset per host, in a table of its own: nothing of the host's rules is touched, and the revert is to delete it. */
export const nft: Emitter = {
  id: 'nft',
  title: 'nftables: one file per host, and its revert',
  emit(changes, operators) {
    const hosts = new Map<string, { planned: PlannedChange; change: NftChange }[]>()
    for (const planned of changes) {
      const change = planned.change.nft
      if (change === undefined) continue
      const list = hosts.get(change.host) ?? []
      list.push({ planned, change })
      hosts.set(change.host, list)
    }
    const files = [...hosts].flatMap(([host, list]) => filesOf(host, list, operators))
    return { files, refused: [] }
  },
}

function filesOf(
  host: string,
  list: readonly { planned: PlannedChange; change: NftChange }[],
  operators: readonly string[],
): EmittedFile[] {
  const name = fileName(host)
  const input = list.flatMap(({ planned, change }) => [
    `    # ${comment(planned.title)}`,
    ...change.input.flatMap((port) => inputRules(port, operators)),
  ])
  const outputs = list.filter(({ change }) => change.output !== undefined)
  const output = outputs.flatMap(({ planned, change }) => [
    `    # ${comment(planned.title)}`,
    ...(change.output ?? []).flatMap(outputRule),
  ])
  const text = [
    `# For ${comment(host)}: check with nft -c -f ${name}.nft, load with nft -f ${name}.nft`,
    `table ${TABLE}`,
    `delete table ${TABLE}`,
    `table ${TABLE} {`,
    '  chain from_outside {',
    `    type filter hook prerouting priority ${BEFORE_NAT}; policy accept;`,
    '    iifname "lo" accept',
    '    ct state established,related accept',
    ...input,
    '  }',
    ...(outputs.length === 0 ? [] : outputChain(output, operators)),
    '}',
    '',
  ]
  return [
    { path: `${name}.nft`, text: text.join('\n'), isExecutable: false },
    { path: `${name}-revert.nft`, text: `table ${TABLE}\ndelete table ${TABLE}\n`, isExecutable: false },
  ]
}

function inputRules(port: NftChange['input'][number], operators: readonly string[]): string[] {
  const range = portRange(port.portFrom, port.portTo)
  if (range === null) return []
  const allowed = addressRules(
    `fib daddr type local ${port.protocol} dport ${range}`,
    [...operators, ...port.allow],
    'saddr',
  )
  return [...allowed, `    fib daddr type local ${port.protocol} dport ${range} drop`]
}

function addressRules(match: string, networks: readonly string[], side: 'saddr' | 'daddr'): string[] {
  const { v4, v6 } = byFamily(networks)
  return [
    ...(v4.length === 0 ? [] : [`    ip ${side} { ${v4.join(', ')} } ${match} accept`]),
    ...(v6.length === 0 ? [] : [`    ip6 ${side} { ${v6.join(', ')} } ${match} accept`]),
  ]
}

function outputRule({ protocol, address, port }: NonNullable<NftChange['output']>[number]): string[] {
  const range = portRange(port, port)
  return range === null ? [] : addressRules(`${protocol} dport ${range}`, [address], 'daddr')
}

function outputChain(rules: readonly string[], operators: readonly string[]): string[] {
  const { v4, v6 } = byFamily(operators)
  return [
    '  chain output {',
    `    type filter hook output priority ${FILTER}; policy drop;`,
    '    oifname "lo" accept',
    '    ct state established,related accept',
    '    meta l4proto { icmp, ipv6-icmp } accept',
    ...(v4.length === 0 ? [] : [`    ip daddr { ${v4.join(', ')} } accept`]),
    ...(v6.length === 0 ? [] : [`    ip6 daddr { ${v6.join(', ')} } accept`]),
    ...rules,
    '  }',
  ]
}

/** Only what is an address or a network gets through, in nft's own notation, without overlaps. */
function byFamily(networks: readonly string[]): { v4: string[]; v6: string[] } {
  const parsed = networks.map(parseRange).filter((range) => range !== null)
  const of = (kind: 'ipv4' | 'ipv6'): string[] => {
    const ranges = parsed.filter(([address]) => address.kind() === kind).toSorted((a, b) => a[1] - b[1])
    const kept: typeof ranges = []
    for (const range of ranges)
      if (!kept.some(([network, bits]) => bits <= range[1] && range[0].match(network, bits))) kept.push(range)
    return kept.map(([address, bits]) => `${address.toString()}/${bits}`).toSorted()
  }
  return { v4: of('ipv4'), v6: of('ipv6') }
}

function portRange(from: number, to: number): string | null {
  if (!isPort(from) || !isPort(to) || from > to) return null
  return from === to ? String(from) : `${from}-${to}`
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535
}
