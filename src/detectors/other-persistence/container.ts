import type { Lasting } from './index.ts'

/** Options of `docker run` that take no word. */
const BARE =
  /^-[a-zA-Z]*[ditP][a-zA-Z]*$|^--(?:rm|init|detach|interactive|tty|privileged|read-only|publish-all|no-healthcheck|oom-kill-disable|quiet|sig-proxy)(?:=|$)/u

/** The image that `docker run` or `create` starts a container from. */
export function containerOf(words: readonly string[]): Lasting | null {
  const verb = words.findIndex((word, at) => at > 0 && at < 4 && (word === 'run' || word === 'create'))
  if (verb < 0) return null
  for (let at = verb + 1; at < words.length; at++) {
    const word = words[at] ?? ''
    if (!word.startsWith('-')) {
      const isHosts = holdsHost(words.slice(verb))
      const title = isHosts
        ? `A container with the machine’s own disk was started from ${word}`
        : `A container was started from ${word}`
      return {
        what: 'container',
        title,
        path: word,
        attack: 'T1610',
        weight: isHosts ? 'telling' : 'context',
      }
    }
    if (!BARE.test(word) && !word.includes('=')) at++
  }
  return null
}

/** `-v /:/host`, `--mount source=/,…`: the root of the machine’s disk. */
function holdsHost(words: readonly string[]): boolean {
  return words.some(
    (word) => /^(?:-v|--volume=)?\/:\/?[\w/-]*/u.test(word) || /(?:src|source)=\/,/u.test(word),
  )
}

const PUTS: ReadonlySet<string> = new Set(['apply', 'create', 'run', 'replace'])

/** `kubectl apply -f FILE`, `kubectl run NAME --image=IMAGE`: what then runs on a machine of the cluster was put there. */
export function podOf(words: readonly string[]): Lasting | null {
  const verb = words.slice(1).find((word) => PUTS.has(word))
  if (verb === undefined) return null
  const file = words.findIndex((word) => word === '-f' || word === '--filename')
  const image = words.find((word) => word.startsWith('--image='))?.slice('--image='.length)
  const path = image ?? (file < 0 ? words.at(-1) : words[file + 1]) ?? ''
  return {
    what: 'pod',
    title: `Something was put into the cluster: ${['kubectl', verb, path].join(' ')}`,
    path,
    attack: 'T1610',
    weight: 'context',
  }
}
