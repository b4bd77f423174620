import { isIP } from 'node:net'
import { isOwnNetwork } from '../model/host/remote.ts'
import type { Command } from '../model/host/shell.ts'
import { isPoolPort } from './rivals.ts'
import { type Script, type Sign, target, type Target } from './sign.ts'

/** Ports that intruders come in by: closing one behind oneself keeps the next one out. */
const DOORS: ReadonlySet<number> = new Set([
  22, 2375, 2376, 2379, 4243, 5555, 6379, 7001, 8080, 8088, 8090, 8161, 8983, 9000, 9200, 10250, 10255, 61616,
])

/** Pools, rivals and doors shut by firewall, routes or name files. */
export function lockOutsOf({ pipelines, intel }: Script): Sign[] {
  return pipelines.flatMap((pipeline) =>
    pipeline.flatMap((command, at) => [
      ...ofFirewall(command, intel),
      ...ofNames(command, pipeline[at - 1], intel),
      ...ofDoors(command),
    ]),
  )
}

function ofFirewall(command: Command, intel: Script['intel']): Sign[] {
  const { program, words } = command
  switch (program) {
    case 'iptables':
    case 'ip6tables':
    case 'iptables-legacy':
    case 'iptables-nft':
      return ofIptables(words, intel)
    case 'nft':
      return words.includes('flush')
        ? [flushed()]
        : / (?:drop|reject)\b/u.test(words.join(' ').slice(0, 2048))
          ? dropped(words.join(' '), intel)
          : []
    case 'ufw':
      return words.includes('deny') || words.includes('reject') ? dropped(words.join(' '), intel) : []
    case 'firewall-cmd':
      return /drop|reject/u.test(words.join(' ').slice(0, 2048)) ? dropped(words.join(' '), intel) : []
    case 'route':
      return words.includes('reject') ? dropped(words.join(' '), intel) : []
    case 'ip':
      return words.includes('blackhole') || words.includes('unreachable') || words.includes('prohibit')
        ? dropped(words.join(' '), intel)
        : []
    default:
      return []
  }
}

function ofIptables(words: readonly string[], intel: Script['intel']): Sign[] {
  if (words.some((word) => word === '-F' || word === '--flush' || word === '-X')) return [flushed()]
  const to = words[words.findIndex((word) => word === '-j' || word === '--jump') + 1] ?? ''
  const isAdding = words.some((word) => /^-[AI]$|^--(?:append|insert)$/u.test(word))
  if (!isAdding || !/^(?:DROP|REJECT|TARPIT)$/u.test(to)) return []
  return dropped(words.join(' '), intel)
}

function flushed(): Sign {
  return {
    category: 'guard-removal',
    verb: 'emptied the firewall',
    targets: [target('unit', 'firewall')],
    isPlain: true,
  }
}

/** What a rule that drops is about: ports of pools and names of pools tell; one address or a door says little. */
function dropped(rule: string, intel: Script['intel']): Sign[] {
  const text = rule.slice(0, 2048)
  const isIncoming =
    /\bINPUT\b|\bPREROUTING\b|\bhook input\b|\binput\b|^ufw (?:insert \d+ )?(?:deny|reject) (?:in |from |\d)/u.test(
      text,
    )
  const ports = [
    ...text.matchAll(
      /(?:--?d(?:estination-)?ports?[ =]|\bdport \{? ?|\bport[ =]"?|(?:deny|reject)(?: out)? (?:to any )?)([\d,:{} ]{1,120})/gu,
    ),
  ]
    .flatMap(([, list = '']) => list.match(/\d{1,5}/gu) ?? [])
    .map(Number)
  const pools = text
    .split(/[\s,"']/u)
    .filter((word) => /[a-z]\.[a-z]/u.test(word) && intel.poolByHost(word) !== null)
  const addresses = text
    .split(/[\s,"'{}]/u)
    .map((word) => word.replace(/\/32$/u, ''))
    .filter((word) => isIP(word) !== 0 && !isOwnNetwork(word))
  const signs: Sign[] = []
  const outPorts = isIncoming ? [] : ports.filter(isPoolPort)
  if (outPorts.length > 0 || pools.length > 0) {
    const targets: Target[] = [
      ...pools.map((host) => target('pool', host)),
      ...outPorts.map((port) => target('port', String(port))),
    ]
    signs.push({ category: 'network-lock-out', verb: 'shut out pools', targets, isPlain: false })
  } else if (addresses.length > 0 && ports.length === 0) {
    signs.push({
      category: 'network-lock-out',
      verb: 'shut out single addresses',
      targets: addresses.map((ip) => target('address', ip)),
      isPlain: true,
    })
  }
  const doors = isIncoming || program(text) === 'ufw' ? ports.filter((port) => DOORS.has(port)) : []
  if (doors.length > 0) signs.push(closed(doors.map((port) => target('port', String(port)))))
  return signs
}

function program(text: string): string {
  return text.slice(0, text.indexOf(' '))
}

function closed(targets: readonly Target[]): Sign {
  return { category: 'closing-the-door', verb: 'shut the door behind', targets, isPlain: true }
}

/** `echo 127.0.0.1 pool >> /etc/hosts`: to nowhere anybody may send a pool; to an address that answers only who wants its miners. */
function ofNames(command: Command, before: Command | undefined, intel: Script['intel']): Sign[] {
  const { words, outputs, program } = command
  const named = (path: string) =>
    outputs.some((output) => output.path === path) ||
    ((program === 'tee' || program === 'sed') && words.includes(path))
  const said = program === 'tee' ? (before?.words ?? []) : words
  if (named('/etc/hosts')) return hostsLines(said.slice(1).join(' '), intel)
  if (!named('/etc/resolv.conf')) return []
  const addresses =
    said
      .join(' ')
      .slice(0, 1024)
      .match(/\d{1,3}(?:\.\d{1,3}){3}/gu) ?? []
  return [
    {
      category: 'network-lock-out',
      verb: 'replaced the resolver',
      targets: addresses.slice(0, 8).map((ip) => target('address', ip)),
      isPlain: true,
    },
  ]
}

/** Lines as they stand in a hosts file, or in a command that writes them. */
export function hostsLines(text: string, intel: Script['intel']): Sign[] {
  const signs: Sign[] = []
  for (const line of text
    .slice(0, 8192)
    .split(/\\n|\n/u)
    .slice(0, 256)) {
    const words = line.trim().split(/\s+/u)
    const at = words.findIndex((word) => isIP(word) !== 0)
    const ip = words[at] ?? ''
    const pools = (at < 0 ? [] : words.slice(at + 1)).filter((name) => intel.poolByHost(name) !== null)
    if (pools.length === 0) continue
    const isNowhere = isOwnNetwork(ip) || ip === '0.0.0.0' || ip === '::'
    const targets = pools.map((name) => target('pool', name))
    signs.push(
      isNowhere
        ? {
            category: 'network-lock-out',
            verb: 'sent pools nowhere by the hosts file',
            targets,
            isPlain: false,
          }
        : {
            category: 'network-lock-out',
            verb: 'sent pools elsewhere by the hosts file',
            targets: [...targets, target('address', ip)],
            isPlain: false,
            tell: 'hijack',
          },
    )
  }
  return signs
}

/** Passwords for open services, hosts.deny, sshd made stricter: hygiene, or the last one in shutting the door. */
function ofDoors({ program, words, outputs }: Command): Sign[] {
  const text = words.join(' ').slice(0, 2048)
  if (
    /^(?:redis-cli|valkey-cli)$/u.test(program) &&
    /config\s+set\s+(?:requirepass|protected-mode\s+yes)|rename-command/iu.test(text)
  )
    return [closed([target('unit', 'redis')])]
  const isDeny = outputs.some(({ path }) => path === '/etc/hosts.deny') && /\b(?:ALL|sshd)\s*:/u.test(text)
  if (isDeny) return [closed([target('path', '/etc/hosts.deny')])]
  const isSshd =
    /\/etc\/ssh\/sshd_config/u.test(text) ||
    outputs.some(({ path }) => path.startsWith('/etc/ssh/sshd_config'))
  if (isSshd && /PasswordAuthentication\s+no|PermitRootLogin\s+no|AllowUsers|\bPort\s+\d/u.test(text))
    return [closed([target('path', '/etc/ssh/sshd_config')])]
  return []
}
