import type { Peer } from '../peers.ts'

/** Everything on that it does by itself: DPI, flow risks, no names looked up. One thread (`-n` would be more). */
export const NDPI_READER: Peer = {
  program: 'ndpiReader',
  args: (file) => ['-q', '-i', file],
  versionArgs: ['-h'],
}

/** One worker and these rules. With `everything` as it is configured when it is installed: records of every flow, of DNS, TLS, HTTP and files beside the alerts. */
export function suricata(rules: string, folder: string, everything: boolean): Peer {
  const alertsOnly = ['--set', 'outputs.1.eve-log.enabled=no']
  return {
    program: 'suricata',
    args: (file) => [
      '-r',
      file,
      '-S',
      rules,
      '-l',
      folder,
      '-k',
      'none',
      '--runmode',
      'single',
      ...(everything ? [] : alertsOnly),
    ],
    versionArgs: ['-V'],
  }
}

/** A handful of signatures such as everybody writes for mining: words of the protocols, no ports. */
export const RULES: string = [
  ['"mining.subscribe"', 1],
  ['"mining.notify"', 2],
  ['"method":"login"', 3],
  ['"method":"submit"', 4],
  ['eth_submitLogin', 5],
]
  .map(
    ([words, sid]) =>
      `alert tcp any any -> any any (msg:"mining ${sid}"; flow:established; content:"${hex(String(words))}"; sid:${9_000_000 + Number(sid)}; rev:1;)`,
  )
  .join('\n')

/** Quotes and colons would end the option. */
function hex(text: string): string {
  return `|${Buffer.from(text)
    .toString('hex')
    .replaceAll(/(..)(?=.)/gu, '$1 ')}|`
}
