import { baseName } from '../model/host/places.ts'
import { operands, type Script, type Sign, target } from './sign.ts'

/** What the scripts of others fetch with, and what people look with. */
const TOOLS: ReadonlySet<string> = new Set(
  'curl wget ps top htop netstat ss lsof pstree chattr lsattr crontab kill pkill killall iptables'.split(' '),
)
const FETCHERS: ReadonlySet<string> = new Set(['curl', 'wget'])
const BIN = /^(?:\/usr)?(?:\/local)?\/s?bin\//u
/** Names that gangs give curl and wget. */
const GANG_NAMES: ReadonlySet<string> = new Set(
  'url cur cdt cd1 cdl lruc TNTcurl wd1 get wge wdt wdl wdz tegw good xget'.split(' '),
)

/** Tools renamed, wrapped or made unusable, so that scripts of others fail and nobody looks. */
export function toolHidingsOf({ pipelines }: Script): Sign[] {
  return pipelines.flat().flatMap((command) => {
    const [first = '', second = ''] = operands(command)
    switch (command.program) {
      case 'mv':
      case 'rename':
        return renamed(first, second)
      case 'cp':
        return isFetcher(first) && GANG_NAMES.has(baseName(second)) ? renamed(first, second) : []
      case 'rm':
        return operands(command)
          .filter(isTool)
          .map((path) => hidden('removed tools', path, false))
      case 'chmod':
        return /^(?:0{1,4}|[0-7]?[0246]{3}|a?-x|-x)$/u.test(first) && isTool(second)
          ? [hidden('made tools unusable', second, false)]
          : chmodOption(command.words)
      default:
        return command.outputs
          .filter(({ path }) => isTool(path))
          .map(({ path }) => hidden('wrapped tools', path, false))
    }
  })
}

function chmodOption(words: readonly string[]): Sign[] {
  return words.includes('-x')
    ? words.filter(isTool).map((path) => hidden('made tools unusable', path, false))
    : []
}

/** Also for what a file event shows of it. */
export function renamed(from: string, to: string): Sign[] {
  if (!isTool(from) || to === '') return []
  const name = baseName(to)
  if (isFetcher(from) && GANG_NAMES.has(name))
    return [{ ...hidden('renamed tools', from, false), tell: 'gang-name' }]
  // `wget.orig`, `ps.distrib`: put aside by somebody who means to put it back.
  return [hidden('renamed tools', from, name.startsWith(`${baseName(from)}.`))]
}

function hidden(verb: string, path: string, isPlain: boolean): Sign {
  return { category: 'tool-hiding', verb, targets: [target('path', path)], isPlain }
}

function isTool(path: string): boolean {
  return BIN.test(path) && TOOLS.has(baseName(path))
}

function isFetcher(path: string): boolean {
  return BIN.test(path) && FETCHERS.has(baseName(path))
}
