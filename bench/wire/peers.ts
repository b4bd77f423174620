import type { Peer } from '../peers.ts'

/** Everything on that it does by itself: DPI, flow risks, no names looked up. One thread (`-n` would be more). */
export const NDPI_READER: Peer = {
  program: 'ndpiReader',
  args: (file) => ['-q', '-i', file],
  versionArgs: ['-h'],
}

/** One worker, these rules, no output but the alerts. */
export function suricata(rules: string, folder: string): Peer {
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
      '--set',
      'outputs.1.eve-log.enabled=no',
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
