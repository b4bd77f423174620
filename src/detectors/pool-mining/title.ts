import { coinName } from '../../event/coin.ts'
import type { MiningFacts } from '../../event/finding.ts'

/** `Mines Monero with XMRig 6.21 at 198.51.100.7:3333`; `Tries to mine …` where it has got no job. */
export function titleOf(facts: MiningFacts, isMining: boolean): string {
  const software = facts.agent === null ? '' : ` with ${softwareOf(facts.agent)}`
  const coin = coinName(facts.coin)
  if (isMining) return `Mines ${coin}${software} at ${poolOf(facts)}`
  return `Tries to mine ${coin}${software} at ${poolOf(facts)}`
}

function poolOf({ pool }: MiningFacts): string {
  const address = pool.ip.includes(':') ? `[${pool.ip}]:${pool.port}` : `${pool.ip}:${pool.port}`
  return pool.name === null ? address : `${pool.name} (${address})`
}

const NAME_AND_VERSION = /^([A-Za-z][\w.+-]{0,39})[ /]v?(\d{1,6}(?:\.\d{1,6}){0,1})/u

/** Name and version as far as they matter: `XMRig 6.21` of `XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/9.3.0`. */
export function softwareOf(agent: string): string {
  const found = NAME_AND_VERSION.exec(agent)
  if (found !== null) return `${found[1]} ${found[2]}`
  return agent.length > 40 ? `${agent.slice(0, 39)}…` : agent
}
