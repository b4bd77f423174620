import { basename } from 'node:path'
import { maskSecrets } from '../../text/secrets.ts'
import type { Fact } from '../fact.ts'
import type { Account } from './accounts.ts'
import { configLines, type Image } from './image.ts'

const SYSTEM_TABLES = ['/etc/crontab', '/etc/anacrontab']
const USER_TABLES = ['/var/spool/cron/crontabs', '/var/spool/cron', '/var/spool/cron/tabs', '/etc/crontabs']
const SCHEDULE = /^(@[a-z]+|(?:[^\s=]+\s+){4}[^\s=]+)\s+(.+)$/u
const ANACRON = /^(\d+|@[a-z]+)\s+\d+\s+(\S+)\s+(.+)$/u

/** Everything that starts by itself. */
export function* persistenceFacts(image: Image, accounts: readonly Account[]): Generator<Fact> {
  yield* cronJobs(image)
  yield* units(image, accounts)
  yield* startScripts(image, accounts)
  yield* preloads(image)
  yield* pamRules(image)
}

function* cronJobs(image: Image): Generator<Fact> {
  for (const path of [...SYSTEM_TABLES, ...image.files('/etc/cron.d')]) yield* jobsIn(image, path, null)
  for (const folder of USER_TABLES)
    for (const path of image.files(folder)) yield* jobsIn(image, path, basename(path))
}

/** crontab(5): tables of the system name a user behind the schedule, those of users do not. */
function* jobsIn(image: Image, path: string, owner: string | null): Generator<Fact> {
  const content = image.content(path)
  if (content === null) return
  for (const { line, number } of configLines(content.bytes.toString('utf8'))) {
    const isAnacron = path.endsWith('anacrontab')
    const [, schedule, second = '', third = ''] = (isAnacron ? ANACRON : SCHEDULE).exec(line) ?? []
    if (schedule === undefined) continue
    const named = owner === null && !isAnacron ? /^(\S+)\s+(.+)$/u.exec(second) : null
    const command = isAnacron ? third : (named?.[2] ?? second)
    const user = owner ?? named?.[1] ?? 'root'
    yield {
      type: 'cron-job',
      id: `${path}:${number}`,
      name: user,
      attributes: {
        path,
        line: number,
        user,
        schedule,
        command: maskSecrets(command),
        modifiedAt: content.stats.mtimeMs,
      },
    }
  }
}

const UNIT_FOLDERS = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
]
const ENABLED = /\.(?:wants|requires|upholds)$/u
const UNIT = /\.(?:service|timer|path|socket)$/u

function* units(image: Image, accounts: readonly Account[]): Generator<Fact> {
  const own = accounts.map(({ home }) => `${home}/.config/systemd/user`)
  const enabled = enabledUnits(image)
  const seen = new Set<string>()
  for (const folder of [...UNIT_FOLDERS, '/etc/systemd/user', ...own]) {
    for (const path of image.files(folder)) {
      const name = basename(path)
      if (!UNIT.test(name)) continue
      const content = image.content(path)
      // The same file under two paths: /lib is a link to /usr/lib.
      if (content === null || seen.has(content.path)) continue
      seen.add(content.path)
      const fields = unitFields(content.bytes.toString('utf8'))
      const isTimer = name.endsWith('.timer')
      yield {
        type: isTimer ? 'timer' : 'service',
        id: path,
        name,
        attributes: {
          name,
          path,
          target: content.path,
          isEnabled: enabled.has(name),
          description: fields.get('Description')?.[0] ?? null,
          user: fields.get('User')?.[0] ?? null,
          starts: [...STARTS].flatMap((key) => fields.get(key) ?? []).map((line) => maskSecrets(line)),
          schedule: [...SCHEDULES].flatMap((key) =>
            (fields.get(key) ?? []).map((value) => `${key}=${value}`),
          ),
          listens: fields.get('ListenStream') ?? [],
          cpuQuota: fields.get('CPUQuota')?.[0] ?? null,
          restart: fields.get('Restart')?.[0] ?? null,
          modifiedAt: content.stats.mtimeMs,
        },
      }
    }
  }
}

const STARTS = new Set(['ExecStart', 'ExecStartPre', 'ExecStartPost', 'ExecReload', 'ExecStop'])
const SCHEDULES = new Set(['OnCalendar', 'OnBootSec', 'OnStartupSec', 'OnUnitActiveSec', 'OnActiveSec'])

/** systemd.syntax(7): sections do not matter here; a line that ends in a backslash goes on in the next. */
function unitFields(text: string): ReadonlyMap<string, string[]> {
  const fields = new Map<string, string[]>()
  for (const { line } of configLines(text.replaceAll(/\\\n/gu, ' '))) {
    const equals = line.indexOf('=')
    if (equals <= 0) continue
    const key = line.slice(0, equals).trim()
    const value = line.slice(equals + 1).trim()
    const known = fields.get(key)
    if (known === undefined) fields.set(key, [value])
    else if (value === '') known.length = 0
    else known.push(value)
  }
  return fields
}

function enabledUnits(image: Image): ReadonlySet<string> {
  const enabled = new Set<string>()
  for (const folder of ['/etc/systemd/system', '/run/systemd/system'])
    for (const wants of image.folders(folder))
      if (ENABLED.test(wants)) image.each(wants, ({ path }) => enabled.add(basename(path)))
  return enabled
}

const SCRIPTS = [
  '/etc/rc.local',
  '/etc/rc.d/rc.local',
  '/etc/profile',
  '/etc/bash.bashrc',
  '/etc/bashrc',
  '/etc/environment',
  '/etc/inittab',
]
const SCRIPT_FOLDERS = [
  '/etc/profile.d',
  '/etc/init.d',
  '/etc/rc.d/init.d',
  '/etc/update-motd.d',
  '/etc/network/if-up.d',
]
const PROFILES = [
  '.profile',
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.zshrc',
  '.zprofile',
  '.bash_logout',
  '.config/autostart',
]
const MAX_SCRIPT_BYTES = 32 * 1024

/** What shells and the old init run. Their text, masked: what an intruder adds is a line among many. */
function* startScripts(image: Image, accounts: readonly Account[]): Generator<Fact> {
  const homes = accounts
    .filter(({ home, shell }) => home !== '/' && shell.endsWith('sh'))
    .map(({ home }) => home)
  const paths = [
    ...SCRIPTS,
    ...SCRIPT_FOLDERS.flatMap((folder) => image.files(folder)),
    ...homes.flatMap((home) => PROFILES.map((name) => `${home}/${name}`)),
  ]
  for (const path of paths) {
    const content = image.content(path, MAX_SCRIPT_BYTES)
    if (content === null) continue
    yield {
      type: 'start-script',
      id: path,
      name: basename(path),
      attributes: {
        path,
        uid: content.stats.uid,
        mode: content.stats.mode.toString(8),
        modifiedAt: content.stats.mtimeMs,
        isCut: content.isCut,
        text: maskSecrets(content.bytes.toString('utf8')),
      },
    }
  }
}

/** ld.so(8): libraries that every program loads. */
function* preloads(image: Image): Generator<Fact> {
  const path = '/etc/ld.so.preload'
  const content = image.content(path)
  if (content === null) return
  const libraries = content.bytes
    .toString('utf8')
    .replaceAll(/#.*/gu, '')
    .split(/[\s:]+/u)
    .filter((library) => library !== '')
  for (const library of libraries.slice(0, 64)) {
    const file = image.with(library, ({ stats }) => stats)
    yield {
      type: 'preload',
      id: library,
      name: basename(library),
      attributes: {
        path,
        library,
        isThere: file !== null,
        sizeBytes: file?.size ?? null,
        modifiedAt: content.stats.mtimeMs,
        libraryModifiedAt: file?.mtimeMs ?? null,
      },
    }
  }
}

/** pam.conf(5): who may log in, and what runs when somebody does. */
function* pamRules(image: Image): Generator<Fact> {
  for (const path of image.files('/etc/pam.d')) {
    for (const { line, number } of configLines(image.text(path) ?? '')) {
      if (!/pam_exec|pam_permit|\s\/|pam_python|pam_script/u.test(line)) continue
      yield {
        type: 'pam-rule',
        id: `${path}:${number}`,
        name: basename(path),
        attributes: { path, line: number, rule: line },
      }
    }
  }
}
