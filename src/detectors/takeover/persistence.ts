import type { Command } from '../model/host/shell.ts'
import { isOddProgram, isRival, isRivalPath } from './rivals.ts'
import { operands, type Script, type Sign, target } from './sign.ts'

const CRON_PLACE =
  /^\/(?:var\/spool\/(?:cron|anacron|at)|etc\/(?:crontab|anacrontab|cron\.(?:d|hourly|daily|weekly|monthly)))(?:\/|$)/u
const SSH_FOLDER = /(?:^|\/|~)\.ssh(?:\/\*?)?$/u
const KEY_FILE = /(?:^|\/)authorized_keys2?$/u
const PRELOAD = '/etc/ld.so.preload'
const EMPTYING = /^(?::|true|echo|printf|cat|)$/u

/** Not a key, the whole folder. */
export const CLEARED_KEYS = 'threw out the folder of SSH keys'

/** What keeps others on the machine was taken from them: jobs, keys, units, files. */
export function persistenceEvictionsOf({ pipelines }: Script): Sign[] {
  return pipelines.flatMap((pipeline) => [...pipeline.flatMap(ofCommand), ...filteredTable(pipeline)])
}

function ofCommand(command: Command): Sign[] {
  const signs = [...ofOutputs(command)]
  switch (command.program) {
    case 'crontab':
      if (command.words.slice(1).some((word) => /^-\w*r\w*$/u.test(word))) signs.push(jobs('crontab'))
      break
    case 'atrm':
      signs.push({ ...jobs('at'), isPlain: true })
      break
    case 'rm':
    case 'unlink':
    case 'shred':
    case 'srm':
      signs.push(...removalsOf(operands(command)))
      break
    case 'chattr':
    case 'lockr':
      signs.push(...ofUnlocking(command))
      break
    case 'systemctl':
    case 'service':
    case 'initctl':
    case 'rc-service':
    case 'update-rc.d':
    case 'chkconfig':
      signs.push(...ofUnits(command))
      break
    case 'find':
      signs.push(...ofFind(command))
      break
    case 'sed':
      signs.push(...ofSed(command))
      break
    case 'truncate':
      if (
        command.words.some(
          (word, at) => /^-s0$|^--size=0$/u.test(word) || (word === '0' && command.words[at - 1] === '-s'),
        )
      )
        signs.push(...operands(command).flatMap((path) => ofWriting(path, true)))
      break
    case 'tee':
      if (!command.words.includes('-a') && !command.words.includes('--append'))
        signs.push(...operands(command).flatMap((path) => ofWriting(path, false)))
      break
    case 'cp':
    case 'mv':
    case 'install':
      signs.push(
        ...operands(command)
          .slice(1)
          .slice(-1)
          .flatMap((path) => ofWriting(path, command.words[1] === '/dev/null')),
      )
      break
    case 'userdel':
    case 'deluser':
      signs.push(
        plain(
          'removed accounts',
          operands(command)
            .slice(-1)
            .map((user) => target('user', user)),
        ),
      )
      break
  }
  return signs
}

function jobs(place: string): Sign {
  return {
    category: 'persistence-eviction',
    verb: 'removed all scheduled jobs',
    targets: [target('path', place)],
    isPlain: false,
  }
}

function plain(verb: string, targets: Sign['targets']): Sign {
  return { category: 'persistence-eviction', verb, targets, isPlain: true }
}

/** `> /var/spool/cron/root`, `echo key > authorized_keys`, `> /etc/ld.so.preload`, `echo > /etc/hosts.deny`. */
function ofOutputs(command: Command): Sign[] {
  const isEmpty = isEmptying(command)
  return command.outputs
    .filter(({ isAppended }) => !isAppended)
    .flatMap(({ path }) => ofWriting(path, isEmpty))
}

/** A file written anew: whatever stood there is gone. */
function ofWriting(path: string, isEmpty: boolean): Sign[] {
  const one = { category: 'persistence-eviction', targets: [target('path', path)], isPlain: false } as const
  if (KEY_FILE.test(path)) return [{ ...one, verb: 'overwrote SSH keys' }]
  if (!isEmpty) return []
  if (CRON_PLACE.test(path)) return [{ ...one, verb: 'emptied scheduled jobs' }]
  if (path === PRELOAD) return [{ ...one, verb: 'emptied the list of preloaded libraries' }]
  if (path === '/etc/hosts.deny') return [{ ...one, verb: 'emptied the list of blocked addresses' }]
  return isRivalPath(path) ? [{ ...one, verb: 'emptied files of others' }] : []
}

function isEmptying({ program, words }: Command): boolean {
  return EMPTYING.test(program) && words.slice(1).join('').length <= 8 + (program === 'cat' ? 2 : 0)
}

/** Also for what a file event shows of it. */
export function removalsOf(paths: readonly string[]): Sign[] {
  const signs: Sign[] = []
  const rivals: string[] = []
  const odd: string[] = []
  for (const path of paths) {
    const bare = path.replace(/\/?\*$/u, '')
    const one = { category: 'persistence-eviction', targets: [target('path', path)], isPlain: false } as const
    if (
      /^\/var\/spool\/cron(?:\/crontabs)?(?:\/root|\/)?$/u.test(bare) ||
      /^\/etc\/cron\.(?:d|hourly|daily|weekly|monthly)\/?$/u.test(bare)
    )
      signs.push({ ...one, verb: 'removed all scheduled jobs' })
    else if (CRON_PLACE.test(bare))
      signs.push({ ...one, verb: 'removed scheduled jobs', isPlain: !isRival(bare) })
    else if (SSH_FOLDER.test(path)) signs.push({ ...one, verb: CLEARED_KEYS })
    else if (KEY_FILE.test(path)) signs.push({ ...one, verb: 'threw out SSH keys' })
    else if (path === PRELOAD) signs.push({ ...one, verb: 'emptied the list of preloaded libraries' })
    else if (isRivalPath(path)) rivals.push(path)
    else if (isOddProgram(path) || /\/systemd\/system\/|\/init\.d\//u.test(path)) odd.push(path)
  }
  if (rivals.length > 0) signs.push(ofRivals(rivals))
  if (odd.length > 0)
    signs.push(
      plain(
        'removed files',
        odd.map((path) => target('path', path)),
      ),
    )
  return signs
}

/** `find / -name 'xmrig*' -delete`. */
function ofFind({ words }: Command): Sign[] {
  const isRemoving =
    words.includes('-delete') || words.some((word, at) => word === '-exec' && words[at + 1] === 'rm')
  const names = words.filter(
    (word, at) => /^-i?name$/u.test(words[at - 1] ?? '') && isRival(word.replaceAll('*', '')),
  )
  return isRemoving && names.length > 0 ? [ofRivals(names)] : []
}

/** `sed -i '/203.0.113.9/d' /var/spool/cron/root`. */
function ofSed({ words }: Command): Sign[] {
  const isInPlace = words.some((word) => /^-[a-zA-Z]*i/u.test(word) || word.startsWith('--in-place'))
  const isTable = words.some((word) => CRON_PLACE.test(word))
  const patterns = isInPlace && isTable ? deletedBySed(words) : []
  return patterns.length === 0 ? [] : [tookOut(patterns)]
}

function deletedBySed(words: readonly string[]): string[] {
  const found = /\/([^/]{1,128})\/d/u.exec(words.slice(1).join(' ').slice(0, 1024))?.[1]
  return found?.split(/\\?\|/u) ?? []
}

/** `chattr -ia .ssh; lockr -ia .ssh`: unlocking is the first step of throwing out. */
function ofUnlocking({ program, words }: Command): Sign[] {
  const letters = words.find(
    (word, index) => index > 0 && /^-[a-zA-Z]{1,8}$/u.test(word) && /[ia]/u.test(word),
  )
  const named = words.filter(
    (word, index) =>
      index > 0 &&
      (SSH_FOLDER.test(word) || KEY_FILE.test(word) || CRON_PLACE.test(word) || isRivalPath(word)),
  )
  if (letters === undefined || named.length === 0) return []
  const one = {
    category: 'persistence-eviction',
    verb: 'unlocked for changes',
    targets: named.map((path) => target('path', path)),
    isPlain: program === 'chattr',
  } as const
  return [program === 'lockr' ? { ...one, tell: 'gang-tool' } : one]
}

function ofUnits({ program, words }: Command): Sign[] {
  const args = words.slice(1).filter((word) => !word.startsWith('-'))
  const isVerbLast = program === 'service' || program === 'rc-service' || program === 'chkconfig'
  const verb = (isVerbLast ? args[1] : args[0]) ?? ''
  const names = isVerbLast ? args.slice(0, 1) : args.slice(1)
  if (!/^(?:stop|disable|mask|kill|off|remove|--del)$/u.test(verb) || names.length === 0) return []
  const isTelling = names.some((name) => isRival(name.replace(/\.(?:service|timer)$/u, '')))
  return [
    {
      category: 'persistence-eviction',
      verb: 'stopped services',
      targets: names.map((name) => target('unit', name)),
      isPlain: !isTelling,
    },
  ]
}

/** `crontab -l | grep -v … | crontab -`: telling where what is left out is somebody’s download or miner. */
function filteredTable(pipeline: readonly Command[]): Sign[] {
  const isListed = pipeline.some(({ program, words }) => program === 'crontab' && words.includes('-l'))
  const isWritten = pipeline.some(
    ({ program, words }, at) => at > 0 && program === 'crontab' && !words.includes('-l'),
  )
  if (!isListed || !isWritten) return []
  const patterns = pipeline.flatMap((command) =>
    command.program === 'sed' ? deletedBySed(command.words) : leftOutBy(command),
  )
  return patterns.length === 0 ? [] : [tookOut(patterns)]
}

/** Of `grep -v`. */
function leftOutBy({ program, words }: Command): string[] {
  if (!program.endsWith('grep') || !words.some((word) => /^-[a-zA-Z]*v/u.test(word))) return []
  return words
    .slice(1)
    .filter((word) => !word.startsWith('-'))
    .flatMap((word) => word.split(/\\?\|/u))
}

/** What a job of somebody else begins with, or fetches from. */
const FOREIGN =
  /^(?:wget|curl|http|https|base64|\/tmp|\/dev\/shm|pastebin\S{0,64}|\d{1,3}\\?\.\d{1,3}\S{0,64})$/u

function tookOut(patterns: readonly string[]): Sign {
  const isTelling = patterns.some((word) => isRival(word) || isOddProgram(word) || FOREIGN.test(word))
  return {
    category: 'persistence-eviction',
    verb: 'took jobs out of the table',
    targets: patterns.map((word) => target('path', word)),
    isPlain: !isTelling,
  }
}

function ofRivals(paths: readonly string[]): Sign {
  return {
    category: 'persistence-eviction',
    verb: 'removed files of others',
    targets: paths.map((path) => target('path', path)),
    isPlain: false,
  }
}
