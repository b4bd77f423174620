import type { ProcessEvent } from '../../event/process.ts'
import { baseName } from '../model/host/places.ts'
import type { Command } from '../model/host/shell.ts'
import { isBystander, isOddProgram, isPoolPort, isRival } from './rivals.ts'
import { operands, type Script, type Sign, target, type Target } from './sign.ts'

const KILLERS: ReadonlySet<string> = new Set(['pkill', 'killall', 'killall5', 'skill', 'slay'])
const LISTERS: ReadonlySet<string> = new Set(
  'ps top netstat ss lsof pgrep pidof fuser docker podman crictl nerdctl ls find readlink systemctl'.split(
    ' ',
  ),
)
const CONTAINER_TOOLS: ReadonlySet<string> = new Set(['docker', 'podman', 'nerdctl', 'crictl', 'ctr'])
const FILTERS: ReadonlySet<string> = new Set([
  'grep',
  'egrep',
  'fgrep',
  'zgrep',
  'rg',
  'awk',
  'gawk',
  'mawk',
  'sed',
])
/** What scripts leave out of a list for itself. */
const ITSELF =
  /^(?:grep|egrep|awk|ps|sed|xargs|kill|pid|-|PID|USER|COMMAND|CONTAINER|REPOSITORY|root|\$\$|sshd?|bash|sh)$/u

/** Who was ended, told by name, by pool, port, load or container. */
export function killsOf({ pipelines, intel }: Script): Sign[] {
  const signs: Sign[] = []
  let listing: readonly Command[] = []
  const spared: Target[] = []
  for (const [index, pipeline] of pipelines.entries()) {
    const killer = pipeline.find(isKill)
    if (killer === undefined) {
      const test = sparedBy(pipeline)
      if (test.length > 0) spared.push(...test)
      else if (isListing(pipeline)) listing = pipeline
      continue
    }
    if (KILLERS.has(killer.program)) signs.push(byName(killer))
    else if (killer.program === 'fuser') signs.push(byFuser(killer))
    else signs.push(...byListing(killer, [listing, pipeline, pipelines[index + 1] ?? []], { intel, spared }))
  }
  return signs.filter((sign) => sign.targets.length > 0)
}

/** `if ! grep -q mine /proc/$pid/cmdline`, `if [[ $name != *mine* ]]`: whom a loop passes over. */
function sparedBy(pipeline: readonly Command[]): Target[] {
  const [only, ...more] = pipeline
  if (only === undefined || more.length > 0) return []
  const { program, words } = only
  if (program.endsWith('grep') && words.some((word) => word.startsWith('/proc/')))
    return selves(patternsOf(only))
  if (program !== '[' && program !== '[[' && program !== 'test') return []
  return selves(
    words.filter((word, at) => at > 0 && /^(?:!=|=~)$/u.test(words[at - 1] ?? '') && !word.startsWith('$')),
  )
}

function selves(words: readonly string[]): Target[] {
  return words
    .map((word) => word.replaceAll('*', ''))
    .filter((word) => word !== '' && !ITSELF.test(word))
    .map((word) => target('self', word))
}

function isKill(command: Command): boolean {
  const { program, words } = command
  if (program === 'kill' || KILLERS.has(program)) return !words.includes('-0') && !words.includes('-l')
  if (program === 'fuser') return words.some((word) => /^-\w*k\w*$/u.test(word) || word === '--kill')
  return CONTAINER_TOOLS.has(program) && containerVerb(command) !== null
}

function isListing(pipeline: readonly Command[]): boolean {
  return pipeline.some(({ program }) => LISTERS.has(program) || FILTERS.has(program))
}

/** `kill`, `rm`, `rmi`, `stop`, also behind `container` and `image`. */
function containerVerb({ words }: Command): 'container' | 'image' | null {
  const [first = '', second = ''] = words.slice(1).filter((word) => !word.startsWith('-'))
  const verb = first === 'container' || first === 'image' ? second : first
  if (verb === 'rmi' || (first === 'image' && verb === 'rm')) return 'image'
  return verb === 'kill' || verb === 'rm' || verb === 'stop' || verb === 'pause' ? 'container' : null
}

function byName(command: Command): Sign {
  const names = namesOf(command).filter((name) => name.length > 1 && !name.startsWith('$'))
  const isTelling = names.some((name) => isRival(name) || isOddProgram(name))
  const base = { category: 'process-eviction', verb: 'killed by name', isPlain: !isTelling } as const
  const targets = names.map((name) => target('process', name))
  return names.some(isBystander) ? { ...base, targets, tell: 'bystanders' } : { ...base, targets }
}

/** Options of pkill and killall that take a word. */
const VALUED = new Set([
  '-u',
  '-U',
  '-G',
  '-g',
  '-P',
  '-s',
  '-t',
  '-F',
  '-o',
  '-y',
  '--signal',
  '--user',
  '--euid',
  '--uid',
])

function namesOf({ words }: Command): string[] {
  const names: string[] = []
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? ''
    if (VALUED.has(word)) at++
    else if (!word.startsWith('-')) names.push(...word.split('|'))
  }
  return names
}

function byFuser(command: Command): Sign {
  const ports = operands(command).flatMap((word) => /^(\d{1,5})(?:\/(?:tcp|udp))?$/u.exec(word)?.[1] ?? [])
  return {
    category: 'process-eviction',
    verb: 'killed by port',
    targets: ports.map((port) => target('port', port)),
    isPlain: !ports.some((port) => isPoolPort(Number(port))),
  }
}

/** `ps … | grep … | awk … | xargs kill`, `kill $(pgrep …)`, `for p in $(…); do kill $p; done`. */
function byListing(
  killer: Command,
  around: readonly (readonly Command[])[],
  { intel, spared }: { readonly intel: Script['intel']; readonly spared: readonly Target[] },
): Sign[] {
  const literal = operands(killer).filter((word) => !/^[-%]|^\d+$|^\$|^\{\}$/u.test(word))
  const isContainer = CONTAINER_TOOLS.has(killer.program)
  const sources = around.filter((pipeline) => pipeline.some((command) => command !== killer))
  const isOpen = literal.length <= (isContainer ? 1 : 0) || isContainer
  const commands = isOpen ? chosen(sources, killer) : []
  const kept: Target[] = [...spared]
  const found: string[] = isContainer
    ? literal.slice(literal[0] === 'container' || literal[0] === 'image' ? 2 : 1)
    : []
  let isByLoad = false
  for (const command of commands) {
    if (isByCpu(command)) isByLoad = true
    if (command.program === 'pgrep' || command.program === 'pidof') found.push(...namesOf(command))
    if (CONTAINER_TOOLS.has(command.program)) found.push(...filtersOf(command))
    if (command.program === 'lsof') found.push(...portsOf(command))
    if (!FILTERS.has(command.program)) continue
    const patterns = patternsOf(command)
    if (isInverted(command)) kept.push(...selves(patterns))
    else found.push(...patterns)
  }
  if (isContainer) return [ofContainers(killer, found)]
  if (isByLoad) return [byLoad(found, kept)]
  return found.length === 0 ? [] : ofListed(found, kept, intel)
}

/** `lsof -ti:3333`, `lsof -i tcp:3333`. */
function portsOf({ words }: Command): string[] {
  return words.flatMap((word) => /:(\d{2,5})$/u.exec(word)?.[1] ?? [])
}

/** `docker ps -q --filter name=xmr`. */
function filtersOf({ words }: Command): string[] {
  return words.flatMap((word) => /^(?:--filter=)?(?:name|ancestor)=(.{1,128})$/u.exec(word)?.[1] ?? [])
}

/** What lists most nearly: the pipe itself, then the one before, then the one behind (`kill $(…)`). */
function chosen(sources: readonly (readonly Command[])[], killer: Command): readonly Command[] {
  const own = sources.find(
    (pipeline) => pipeline.includes(killer) && isListing(pipeline.filter((c) => c !== killer)),
  )
  if (own !== undefined) return own
  const others = sources.filter((pipeline) => !pipeline.includes(killer) && isListing(pipeline))
  const behind = others.at(-1)
  return (killer.words.length <= 2 ? behind : others[0]) ?? others[0] ?? []
}

function isByCpu({ program, words }: Command): boolean {
  const text = words.join(' ').slice(0, 2048)
  if (/^[gm]?awk$/u.test(program))
    return /\$\d{1,2}\s{0,4}>=?\s{0,4}["']?\d/u.test(text) || /\$\w{1,16}\s{0,4}>=?\s{0,4}\d{2}/u.test(text)
  if (program === 'ps') return /--sort=?\s?-?(?:%cpu|pcpu)/u.test(text)
  return program === 'sort' && /(?:^|\s)-[a-z]*(?:rn|nr)[a-z]*k?\s?3|-k\s?3/u.test(text)
}

function isInverted({ program, words }: Command): boolean {
  return (
    program.endsWith('grep') &&
    words.some((word) => /^-[a-zA-Z]*v[a-zA-Z]*$/u.test(word) || word === '--invert-match')
  )
}

/** Words that a filter looks for; of awk and sed those between slashes. */
function patternsOf({ program, words }: Command): string[] {
  if (/awk$|^sed$/u.test(program)) {
    const text = words.slice(1).join(' ').slice(0, 2048)
    return [...text.matchAll(/\/([^/\s]{2,128})\//gu)]
      .flatMap(([, word = '']) => split(word))
      .filter((word) => !ITSELF.test(word))
  }
  const patterns: string[] = []
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '-e' || word === '--regexp') patterns.push(...split(words[++at] ?? ''))
    else if (!word.startsWith('-') && patterns.length === 0) patterns.push(...split(word))
  }
  return patterns
}

function split(pattern: string): string[] {
  return pattern
    .split(/\\?\|/u)
    .map((word) => word.replace(/^[(^]+|[)$]+$/gu, ''))
    .filter((word) => word.length > 1 && /\w/u.test(word))
}

function ofContainers(killer: Command, found: readonly string[]): Sign {
  const isImage = containerVerb(killer) === 'image'
  const names = found.filter(
    (word) => !/^[$%{]/u.test(word) && word !== 'rm' && word !== 'kill' && word !== 'stop',
  )
  return {
    category: 'process-eviction',
    verb: isImage ? 'removed container images' : 'ended containers',
    targets: names.map((word) => target('container', word)),
    isPlain: !names.some(
      (word) =>
        isRival(word) ||
        /^(?:pocosow|gakeaws|azulu|auto|mine|slowhttp|bash\.shell|entrypoint\.sh|patsissons)$/u.test(word),
    ),
  }
}

function byLoad(found: readonly string[], kept: readonly Target[]): Sign {
  const sparing = kept.length > 0
  return {
    category: 'process-eviction',
    verb: 'killed by processor load',
    targets: [
      ...found.map((word) => target('process', word)),
      ...kept,
      ...(found.length + kept.length === 0 ? [target('process', 'whatever is busy')] : []),
    ],
    isPlain: false,
    tell: sparing ? 'spares-itself' : 'by-load',
  }
}

function ofListed(found: readonly string[], kept: readonly Target[], intel: Script['intel']): Sign[] {
  const targets = found.map((word) => targetOf(word, intel))
  const pools = targets.filter(({ type }) => type !== 'process')
  const rest = targets.filter(({ type }) => type === 'process')
  const signs: Sign[] = []
  if (pools.length > 0) {
    const isPool = pools.some(({ type, value }) => type !== 'port' || isPoolPort(Number(value)))
    const sign = {
      category: 'process-eviction',
      verb: 'killed by whom they talk to',
      targets: [...pools, ...kept],
      isPlain: !isPool,
    } as const
    signs.push(isPool ? { ...sign, tell: 'by-pool' } : sign)
  }
  if (rest.length > 0) {
    const isTelling = rest.some(({ value }) => isRival(value) || isOddProgram(value))
    signs.push({
      category: 'process-eviction',
      verb: 'killed by name',
      targets: [...rest, ...kept],
      isPlain: !isTelling,
    })
  }
  return signs
}

/** A pool’s host, host and port, a port, or a program. */
export function targetOf(word: string, intel: Script['intel']): Target {
  const clean = word.replace(/\\/gu, '')
  const port = /^:?(\d{2,5})$/u.exec(clean)?.[1]
  if (port !== undefined) return target('port', port)
  const host = clean.replace(/^[a-z+]{2,16}:\/\//u, '').replace(/:\d{1,5}$/u, '')
  if (
    /^[\w.-]{4,253}$/u.test(host) &&
    host.includes('.') &&
    (intel.poolByHost(host) !== null || /pool|xmr|monero|stratum/u.test(host)) &&
    !/\.(?:sh|py|conf|cfg|json|log|service)$/u.test(host)
  )
    return target('pool', clean)
  if (/^\d{1,3}(?:\.\d{1,3}){1,3}\.?$/u.test(clean)) return target('address', clean)
  const address = /^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/u.exec(clean)
  return address === null ? target('process', clean) : target('pool', clean)
}

/** Shells and what they start to kill: services and the system end their own children all day. */
const HANDS = /^(?:(?:ba|da|a|z|k)?sh|kill|pkill|killall|busybox|xargs|python[\d.]*|perl)$/u

/** A kill as the kernel records it: by number, with the name of whom it hit. */
export function signalOf({ args, actor }: ProcessEvent): Sign[] {
  const [, signal = '', , name] = args
  if (name === undefined || !/^-(?:9|15|2|3|KILL|TERM)$/u.test(signal)) return []
  const isTelling = isRival(name) || isOddProgram(name)
  if (!isTelling && !HANDS.test(baseName(actor.exe ?? ''))) return []
  return [
    {
      category: 'process-eviction',
      verb: 'killed by name',
      targets: [target('process', name)],
      isPlain: !isTelling,
    },
  ]
}
