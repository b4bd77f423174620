import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Shares of one TCP stream, as counted here from what tshark puts together: nothing of Davylamp has a part in it. */
export interface StreamShares {
  readonly client: string
  readonly server: string
  readonly submitted: number
  readonly accepted: number
  readonly rejected: number
}

const TSHARK = ['/usr/bin/tshark', '/usr/local/bin/tshark'].find((path) => existsSync(path))

export const hasTshark: boolean = TSHARK !== undefined

interface Line {
  readonly fromFirst: boolean
  readonly message: Record<string, unknown>
}

const SHARES = new Set(['submit', 'mining.submit', 'eth_submitWork'])

/** Every stream with at least one share. */
export function sharesByTshark(file: string): StreamShares[] {
  const streams = new Set(tshark(file, '-Y', 'tcp.len > 0', '-T', 'fields', '-e', 'tcp.stream').split('\n'))
  const numbers = [...streams].filter((text) => text !== '')
  const follow = numbers.flatMap((stream) => ['-z', `follow,tcp,raw,${stream}`])
  return tshark(file, '-q', ...follow)
    .split(/={20,}\n/u)
    .filter((part) => part.startsWith('Follow:'))
    .map(countOf)
    .filter((stream) => stream.submitted > 0)
}

function tshark(file: string, ...args: readonly string[]): string {
  const run = spawnSync(TSHARK ?? 'tshark', ['-n', '-r', file, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (run.status !== 0) throw new Error(run.stderr)
  return run.stdout
}

/** The text of one stream: four lines of heading, then a line of hex per segment, the second node's after a tab. */
function countOf(text: string): StreamShares {
  const [first = '', second = ''] = [/^Node 0: (.*)$/mu, /^Node 1: (.*)$/mu].map(
    (node) => node.exec(text)?.[1],
  )
  const isFirstMiner = { votes: 0 }
  const open = new Map<string, number>()
  const counts = { submitted: 0, accepted: 0, rejected: 0 }
  for (const { fromFirst, message } of linesOf(text)) {
    const { method, id, result, error } = message
    if (typeof method === 'string') {
      if (!SHARES.has(method)) continue
      isFirstMiner.votes += fromFirst ? 1 : -1
      counts.submitted++
      open.set(String(id), (open.get(String(id)) ?? 0) + 1)
    } else if ((open.get(String(id)) ?? 0) > 0) {
      open.set(String(id), (open.get(String(id)) ?? 0) - 1)
      const isAccepted =
        result === true || (typeof result === 'object' && result !== null && 'status' in result)
      if (isAccepted && (error === null || error === undefined)) counts.accepted++
      else counts.rejected++
    }
  }
  const [client, server] = isFirstMiner.votes >= 0 ? [first, second] : [second, first]
  return { client, server, ...counts }
}

function* linesOf(text: string): Generator<Line> {
  const rest = { first: '', second: '' }
  for (const row of text.split('\n').slice(4)) {
    const fromFirst = !row.startsWith('\t')
    const side = fromFirst ? 'first' : 'second'
    const pieces = (rest[side] + Buffer.from(row.trim(), 'hex').toString('latin1')).split('\n')
    rest[side] = pieces.pop() ?? ''
    for (const piece of pieces) {
      const message = parse(piece)
      if (message !== null) yield { fromFirst, message }
    }
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}
