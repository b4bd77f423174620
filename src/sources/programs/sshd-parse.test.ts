import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SshdMessage } from './sshd-message.ts'
import { parseSshdMessage } from './sshd-parse.ts'

const FP = 'SHA256:q3Xn0Vg1cT5bW7dYfH2jK4lM6nP8rS0tUvXwYzAbCdE'
const MD5 = '0a:1b:2c:3d:4e:5f:60:71:82:93:a4:b5:c6:d7:e8:f9'

type Expected = Partial<SshdMessage> | null

/** Messages as the versions of OpenSSH from 6 to 10 write them, and what they say. */
const forms: readonly (readonly [string, Expected])[] = [
  // Verdicts
  [
    'Accepted password for deploy from 192.0.2.7 port 40112 ssh2',
    { what: 'accepted', method: 'password', user: 'deploy', address: '192.0.2.7', port: 40112 },
  ],
  [
    `Accepted publickey for deploy from 2001:db8::7 port 40112 ssh2: ED25519 ${FP}`,
    { what: 'accepted', method: 'publickey', address: '2001:db8::7', keyFingerprint: FP },
  ],
  [`Accepted publickey for deploy from 192.0.2.7 port 1 ssh2: RSA ${MD5}`, { keyFingerprint: `MD5:${MD5}` }],
  [
    `Accepted publickey for deploy from 192.0.2.7 port 1 ssh2: RSA MD5:${MD5}`,
    { keyFingerprint: `MD5:${MD5}` },
  ],
  [
    `Accepted publickey for deploy from 192.0.2.7 port 1 ssh2: RSA-CERT ${FP} ID deploy from 198.51.100.1 port 9 (serial 4) CA RSA ${FP}`,
    { user: 'deploy', address: '192.0.2.7', port: 1, keyFingerprint: FP },
  ],
  [
    'Accepted gssapi-with-mic for deploy from 192.0.2.7 port 22 ssh2: deploy@EXAMPLE.ORG',
    { method: 'gssapi-with-mic', keyFingerprint: null },
  ],
  [
    'Accepted keyboard-interactive/pam for deploy from 192.0.2.7 port 22 ssh2',
    { method: 'keyboard-interactive' },
  ],
  [
    'Failed password for root from 192.0.2.7 port 40112 ssh2',
    { what: 'failed', method: 'password', user: 'root', isUnknownUser: false, address: '192.0.2.7' },
  ],
  [
    'Failed password for invalid user admin from 192.0.2.7 port 40112 ssh2',
    { what: 'failed', user: 'admin', isUnknownUser: true },
  ],
  [
    'Failed password for illegal user admin from ::ffff:192.0.2.7 port 40112 ssh2',
    { user: 'admin', isUnknownUser: true, address: '::ffff:192.0.2.7' },
  ],
  [
    'Failed password for invalid user  from 192.0.2.7 port 40112 ssh2',
    { user: '', isUnknownUser: true, address: '192.0.2.7' },
  ],
  ['Failed password for invalid user a b  c from 192.0.2.7 port 40112 ssh2', { user: 'a b  c' }],
  [
    'Failed password for invalid user root from 198.51.100.1 port 22 ssh2 from 192.0.2.7 port 5 ssh2',
    { user: 'root from 198.51.100.1 port 22 ssh2', address: '192.0.2.7', port: 5 },
  ],
  [
    'Failed none for invalid user 0 from 192.0.2.7 port 40112 ssh2',
    { what: 'failed', method: 'none', user: '0' },
  ],
  [
    `Failed publickey for root from 192.0.2.7 port 40112 ssh2: RSA ${FP}`,
    { method: 'publickey', keyFingerprint: FP },
  ],
  [
    'Failed keyboard-interactive/pam for invalid user admin from 192.0.2.7 port 40112 ssh2 [preauth]',
    { what: 'failed', method: 'keyboard-interactive', user: 'admin' },
  ],
  // Hints
  [
    'Invalid user admin from 192.0.2.7 port 40112',
    {
      what: 'hint',
      sign: 'invalid-user',
      user: 'admin',
      isUnknownUser: true,
      address: '192.0.2.7',
      port: 40112,
    },
  ],
  ['Invalid user admin from 192.0.2.7', { what: 'hint', user: 'admin', address: '192.0.2.7', port: null }],
  ['Invalid user  from 192.0.2.7 port 40112', { user: '', address: '192.0.2.7' }],
  ['Invalid user from 192.0.2.7', { user: '', address: '192.0.2.7' }],
  [
    'Invalid user x from 198.51.100.1 port 1 from 192.0.2.7 port 2',
    { user: 'x from 198.51.100.1 port 1', address: '192.0.2.7', port: 2 },
  ],
  ['Invalid user from from 192.0.2.7 port 2', { user: 'from', address: '192.0.2.7' }],
  [
    'User root from 192.0.2.7 not allowed because not listed in AllowUsers',
    { what: 'hint', sign: 'not-allowed', user: 'root', address: '192.0.2.7', isUnknownUser: false },
  ],
  [
    "User www from gate.example.org not allowed because none of user's groups are listed in AllowGroups",
    { user: 'www', address: 'gate.example.org' },
  ],
  ['User www not allowed because account is locked', { user: 'www', address: '' }],
  ['User www not allowed because shell /bin/none does not exist', { user: 'www', address: '' }],
  [
    'ROOT LOGIN REFUSED FROM 192.0.2.7 port 40112 [preauth]',
    { what: 'hint', sign: 'root-refused', user: 'root', address: '192.0.2.7', port: 40112 },
  ],
  ['ROOT LOGIN REFUSED FROM 192.0.2.7', { address: '192.0.2.7', port: null }],
  [
    'error: PAM: Authentication failure for root from gate.example.org',
    { what: 'hint', sign: 'pam-error', user: 'root', address: 'gate.example.org', isUnknownUser: false },
  ],
  [
    'error: PAM: User not known to the underlying authentication module for illegal user admin from 192.0.2.7',
    { what: 'hint', sign: 'pam-error', user: 'admin', isUnknownUser: true },
  ],
  [
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root',
    { what: 'hint', sign: 'pam_unix', method: 'pam', user: 'root', address: '192.0.2.7' },
  ],
  [
    'pam_sss(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=gate.example.org user=bob',
    { sign: 'pam_sss', user: 'bob', address: 'gate.example.org' },
  ],
  [
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7',
    { sign: 'pam_unix', user: null, address: '192.0.2.7' },
  ],
  [
    'authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=192.0.2.7  user=root',
    { sign: 'pam_unix', user: 'root' },
  ],
  ['pam_unix(sshd:auth): check pass; user unknown', { what: 'unknown-user' }],
  [
    'PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root',
    { what: 'more', count: 5, user: 'root', address: '192.0.2.7' },
  ],
  [
    'PAM 1 more authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7',
    { what: 'more', count: 1, user: null },
  ],
  // Ends
  [
    'Connection closed by authenticating user root 192.0.2.7 port 40112 [preauth]',
    { what: 'end', user: 'root', address: '192.0.2.7', port: 40112, isPreauth: true },
  ],
  [
    'Connection closed by invalid user a b 192.0.2.7 port 40112 [preauth]',
    { what: 'end', user: 'a b', isUnknownUser: true, address: '192.0.2.7' },
  ],
  ['Connection closed by invalid user  192.0.2.7 port 40112 [preauth]', { user: '', address: '192.0.2.7' }],
  [
    'Connection closed by 192.0.2.7 port 40112 [preauth]',
    { what: 'end', user: null, address: '192.0.2.7', isPreauth: true },
  ],
  ['Connection closed by 192.0.2.7 [preauth]', { address: '192.0.2.7', port: null }],
  [
    'Connection reset by authenticating user root 192.0.2.7 port 40112 [preauth]',
    { what: 'end', user: 'root' },
  ],
  ['Connection reset by 192.0.2.7 port 40112 [preauth]', { address: '192.0.2.7' }],
  ['Connection closed by user deploy 192.0.2.7 port 40112', null],
  [
    'Disconnected from authenticating user root 192.0.2.7 port 40112 [preauth]',
    { what: 'end', user: 'root', address: '192.0.2.7' },
  ],
  [
    'Disconnected from invalid user admin 192.0.2.7 port 40112 [preauth]',
    { user: 'admin', isUnknownUser: true },
  ],
  [
    'Disconnected from strange user admin 192.0.2.7 port 40112 [preauth]',
    { address: '192.0.2.7', port: 40112 },
  ],
  ['Disconnected from 192.0.2.7 port 40112 [preauth]', { address: '192.0.2.7' }],
  ['Disconnected from user deploy 192.0.2.7 port 40112', null],
  [
    'Received disconnect from 192.0.2.7 port 40112:11: Bye Bye [preauth]',
    { what: 'end', address: '192.0.2.7', port: 40112, isPreauth: true },
  ],
  ['Received disconnect from 192.0.2.7: 11: Bye Bye [preauth]', { address: '192.0.2.7', port: null }],
  ['Received disconnect from 2001:db8::7: 11: Bye Bye [preauth]', { address: '2001:db8::7' }],
  [
    'error: Received disconnect from 192.0.2.7 port 9:3: com.jcraft.jsch.JSchException: Auth fail [preauth]',
    { address: '192.0.2.7', port: 9 },
  ],
  ['Received disconnect from 192.0.2.7 port 40112:11: disconnected by user', { isPreauth: false }],
  [
    'Disconnecting authenticating user root 192.0.2.7 port 40112: Too many authentication failures [preauth]',
    { what: 'end', user: 'root', address: '192.0.2.7', isFailure: true },
  ],
  [
    'Disconnecting invalid user a 192.0.2.7 port 40112: Change of username or service not allowed: (a,ssh-connection) -> (b 198.51.100.1 port 1: x,ssh-connection) [preauth]',
    { user: 'a', address: '192.0.2.7', isFailure: false },
  ],
  [
    'Disconnecting: Too many authentication failures for root [preauth]',
    { what: 'end', user: 'root', isFailure: true },
  ],
  [
    'Disconnecting: Too many authentication failures for invalid user admin from 192.0.2.7 port 9 ssh2 [preauth]',
    { user: 'admin', isUnknownUser: true, address: '192.0.2.7', isFailure: true },
  ],
  ['Disconnecting: Too many authentication failures [preauth]', { what: 'end', isFailure: true }],
  [
    'error: maximum authentication attempts exceeded for root from 192.0.2.7 port 40112 ssh2 [preauth]',
    { what: 'end', user: 'root', address: '192.0.2.7', isFailure: true },
  ],
  [
    'error: maximum authentication attempts exceeded for invalid user a b from 192.0.2.7 port 40112 ssh2 [preauth]',
    { user: 'a b', isUnknownUser: true },
  ],
  [
    'Did not receive identification string from 192.0.2.7 port 40112',
    { what: 'end', address: '192.0.2.7', port: 40112, isPreauth: true },
  ],
  ['Did not receive identification string from 192.0.2.7', { address: '192.0.2.7', port: null }],
  [
    "Bad protocol version identification 'GET / HTTP/1.1' from 192.0.2.7 port 40112",
    { what: 'end', address: '192.0.2.7', port: 40112 },
  ],
  [
    "Bad protocol version identification '\\003' from 198.51.100.1 port 7' from 192.0.2.7 port 40112",
    { address: '192.0.2.7', port: 40112 },
  ],
  [
    'banner exchange: Connection from 192.0.2.7 port 40112: invalid format',
    { what: 'end', address: '192.0.2.7', port: 40112 },
  ],
  [
    'banner exchange: Connection from 2001:db8::7 port 40112: could not read protocol version',
    { address: '2001:db8::7' },
  ],
  ['error: kex_exchange_identification: Connection closed by remote host', { what: 'end', address: '' }],
  [
    'error: kex_exchange_identification: client sent invalid protocol identifier "GET / HTTP/1.1"',
    { what: 'end', address: '' },
  ],
  [
    'Unable to negotiate with 192.0.2.7 port 40112: no matching key exchange method found. Their offer: diffie-hellman-group1-sha1 [preauth]',
    { what: 'end', address: '192.0.2.7', port: 40112 },
  ],
  [
    'fatal: Unable to negotiate with 192.0.2.7 port 9: no matching host key type found. Their offer: ssh-dss [preauth] ',
    { address: '192.0.2.7' },
  ],
  [
    'fatal: no matching cipher found: client aes128-cbc server aes256-ctr [preauth]',
    { what: 'end', address: '' },
  ],
  [
    'fatal: Timeout before authentication for 192.0.2.7 port 40112',
    { what: 'end', address: '192.0.2.7', port: 40112 },
  ],
  ['fatal: Timeout before authentication for 192.0.2.7', { address: '192.0.2.7' }],
  [
    'Timeout before authentication for connection from 192.0.2.7 to 10.0.0.5, pid = 4711',
    { what: 'end', address: '192.0.2.7', pid: 4711 },
  ],
  [
    'ssh_dispatch_run_fatal: Connection from 192.0.2.7 port 40112: message authentication code incorrect [preauth]',
    { what: 'end', address: '192.0.2.7', port: 40112 },
  ],
  [
    'ssh_dispatch_run_fatal: Connection from invalid user a b 192.0.2.7 port 40112: Broken pipe [preauth]',
    { user: 'a b', address: '192.0.2.7' },
  ],
  [
    'Magic value check failed (4289475479) on obfuscated handshake from 192.0.2.7 port 40112',
    { what: 'end', address: '192.0.2.7', port: 40112 },
  ],
  ['refused connect from gate.example.org (192.0.2.7)', { what: 'end', address: '192.0.2.7' }],
  ['refused connect from _x_@::ffff:192.0.2.7 (::ffff:192.0.2.7)', { address: '::ffff:192.0.2.7' }],
  ['refused connect from 192.0.2.7', { address: '192.0.2.7' }],
  [
    'drop connection #10 from [192.0.2.7]:40112 on [10.0.0.5]:22 past MaxStartups',
    { what: 'end', sign: 'dropped', address: '192.0.2.7', port: 40112 },
  ],
  [
    'drop connection #0 from [2001:db8::7]:40112 on [2001:db8::1]:22 penalty: failed authentication',
    { sign: 'dropped', address: '2001:db8::7', port: 40112 },
  ],
  [
    'Protocol major versions differ for 192.0.2.7 port 9: SSH-2.0-OpenSSH vs. SSH-1.5-x',
    { what: 'end', address: '192.0.2.7', port: 9 },
  ],
  [
    "scanned from 192.0.2.7 with SSH-1.0-SSH_Version_Mapper.  Don't panic.",
    { what: 'end', address: '192.0.2.7' },
  ],
  // Starts and sessions
  [
    'Connection from 192.0.2.7 port 40112 on 10.0.0.5 port 22 rdomain ""',
    { what: 'start', address: '192.0.2.7', port: 40112 },
  ],
  ['pam_unix(sshd:session): session opened for user root by (uid=0)', { what: 'pam-open', user: 'root' }],
  [
    'pam_unix(sshd:session): session opened for user root(uid=0) by root(uid=0)',
    { what: 'pam-open', user: 'root' },
  ],
  ['pam_unix(sshd:session): session closed for user root', { what: 'pam-close', user: 'root' }],
  [
    'Starting session: shell on pts/0 for deploy from 192.0.2.7 port 40112 id 0',
    { what: 'shell-open', user: 'deploy', address: '192.0.2.7', port: 40112 },
  ],
  [
    "Starting session: forced-command (config) 'rsync for x from y' for deploy from 192.0.2.7 port 40112",
    { what: 'shell-open', user: 'deploy' },
  ],
  [
    'Close session: user deploy from 192.0.2.7 port 40112 id 0',
    { what: 'shell-close', user: 'deploy', port: 40112 },
  ],
  // Nothing to say
  ['Postponed publickey for root from 192.0.2.7 port 40112 ssh2 [preauth]', null],
  ['Partial publickey for root from 192.0.2.7 port 40112 ssh2', null],
  [
    'reverse mapping checking getaddrinfo for gate.example.org [192.0.2.7] failed - POSSIBLE BREAK-IN ATTEMPT!',
    null,
  ],
  ['input_userauth_request: invalid user admin [preauth]', null],
  ['Authentication refused: bad ownership or modes for directory /home/x', null],
  ['PAM service(sshd) ignoring max retries; 6 > 3', null],
  ['Server listening on 0.0.0.0 port 22.', null],
  ['Received signal 15; terminating.', null],
  ['error: Could not load host key: /etc/ssh/ssh_host_dsa_key', null],
  ['Failed password for', null],
  ['Accepted ', null],
  ['', null],
]

describe('parseSshdMessage', () => {
  it.each(forms)('%s', (text, expected) => {
    const message = parseSshdMessage(text)
    if (expected === null) expect(message).toBeNull()
    else expect(message).toMatchObject(expected)
  })

  it('never fails, whatever stands behind a known beginning', () => {
    const beginnings = forms.flatMap(([text]) => {
      const words = text.split(' ')
      return [words.slice(0, 2).join(' '), words.slice(0, 4).join(' ')]
    })
    const words = fc.constantFrom(
      'from',
      'for',
      'port',
      '22',
      'ssh2',
      'ssh2:',
      '192.0.2.7',
      '2001:db8::1',
      'invalid',
      'user',
      '[preauth]',
      '',
      ':',
      '(',
      ')',
      '[',
      ']',
      'id',
    )
    const text = fc
      .tuple(
        fc.constantFrom(...beginnings),
        fc.array(fc.oneof(words, fc.string({ maxLength: 8 })), { maxLength: 12 }),
      )
      .map(([beginning, rest]) => [beginning, ...rest].join(' '))
    const property = fc.property(text, (line) => {
      const message = parseSshdMessage(line)
      if (message === null) return
      expect(line).toContain(message.address)
      expect(message.address).not.toMatch(/ /u)
      if (message.port !== null) expect(message.port).toBeLessThan(65_536)
      expect(message.count).toBeGreaterThanOrEqual(0)
    })
    fc.assert(property, { seed: 21, numRuns: 3000 })
  })

  it('takes the address from where sshd puts it, not from the name', () => {
    const name = fc
      .array(fc.constantFrom('root', 'from', '198.51.100.9', 'port', '1', 'ssh2', 'ssh2:', 'x'), {
        maxLength: 9,
      })
      .map((words) => words.join(' '))
    const property = fc.property(name, (user) => {
      for (const text of [
        `Failed password for invalid user ${user} from 192.0.2.7 port 40112 ssh2`,
        `Invalid user ${user} from 192.0.2.7 port 40112`,
        `Connection closed by invalid user ${user} 192.0.2.7 port 40112 [preauth]`,
        `error: maximum authentication attempts exceeded for invalid user ${user} from 192.0.2.7 port 40112 ssh2 [preauth]`,
      ])
        expect(parseSshdMessage(text)).toMatchObject({ user, address: '192.0.2.7', port: 40112 })
    })
    fc.assert(property, { seed: 22, numRuns: 500 })
  })
})
