import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../event/finding.ts'
import type { Incident } from '../incidents/incident.ts'
import { asset, finding, host, incident, mining, START } from './samples/findings.ts'
import { todoOf } from './todo.ts'

const tenure = {
  occupant: 'unknown-1',
  start: START,
  end: START + 60_000,
  startKnown: true,
  endKnown: false,
  confidence: 1,
  hashrate: null,
  sharesAccepted: null,
  evidence: [],
}
const wayIn: Incident['wayIn'] = {
  kind: 'ssh-password',
  time: START,
  srcIp: '203.0.113.7',
  user: 'root',
  tries: 100,
  sourceCount: 1,
  method: 'password',
  pid: 811,
  session: null,
  confidence: 0.9,
  evidence: [],
}

function commandsOf(part: Partial<Incident>): string[] {
  return todoOf(incident({ tenures: [tenure], ...part }))
    .map((step) => step.command)
    .filter((command) => command !== undefined)
}

const miner = (path: string | null, pid: number | null = 2238): Finding =>
  finding(0, 'started', { stage: 'mining', facts: host('miner-process', { path, pid }) })
const left = (what: string, path: string, commandLine: string | null = null): Finding =>
  finding(1, what, { stage: 'persistence', facts: host(what, { path, commandLine }) })

describe('what to do', () => {
  it.each<[string, Partial<Incident>, string]>([
    [
      'cuts off pool and stranger',
      { wayIn, findings: [finding(0, 'mines', { stage: 'mining', facts: mining() })] },
      'sudo iptables -I OUTPUT -d 198.51.100.7 -j DROP && sudo iptables -I INPUT -s 203.0.113.7 -j DROP',
    ],
    [
      'knows IPv6',
      {
        findings: [
          finding(0, 'mines', {
            stage: 'mining',
            facts: mining({ pool: { ip: '2001:db8::7', port: 3333, name: null } }),
          }),
        ],
      },
      'sudo ip6tables -I OUTPUT -d 2001:db8::7 -j DROP',
    ],
    [
      'freezes the miner by its program',
      { findings: [miner('/dev/shm/.x')] },
      'sudo kill -STOP $(pidof /dev/shm/.x)',
    ],
    [
      'looks at the process before it trusts a number',
      { findings: [miner(null)] },
      'ps -o pid,lstart,args -p 2238',
    ],
    [
      'finds the process by its connection',
      { findings: [finding(0, 'mines', { stage: 'mining', facts: mining() })] },
      'sudo ss -tnp dst 198.51.100.7',
    ],
    [
      'takes a snapshot where the instance is known',
      { asset: asset({ names: ['web-1', 'i-0a1b2c3d4e5f60718'] }) },
      "aws ec2 create-snapshots --instance-specification InstanceId=i-0a1b2c3d4e5f60718 --description 'evidence inc-0123456789ab'",
    ],
    [
      'puts files aside',
      { findings: [left('cron', '/etc/cron.d/0kz'), left('systemd', '/etc/systemd/system/netd.service')] },
      'sudo systemctl disable --now -- netd.service; sudo mkdir -p /root/set-aside && sudo mv -t /root/set-aside -- /etc/cron.d/0kz /etc/systemd/system/netd.service',
    ],
    [
      'unlocks keys that were locked',
      {
        findings: [
          left('authorized-keys', '/root/.ssh/authorized_keys', 'chattr +i /root/.ssh/authorized_keys'),
        ],
      },
      'sudo chattr -ia -- /root/.ssh/authorized_keys && sudoedit -- /root/.ssh/authorized_keys',
    ],
    ['changes the password', { wayIn }, 'sudo passwd root'],
  ])('%s', (_, part, command) => {
    expect(commandsOf(part)).toContain(command)
  })

  it('leaves alone what has ended', () => {
    expect(commandsOf({ status: 'ended', findings: [miner('/dev/shm/.x')] })).toEqual([])
  })

  it('offers no program of ours that does not exist', () => {
    const part = { wayIn, findings: [miner('/dev/shm/.x'), left('cron', '/etc/cron.d/0kz')] }
    expect(commandsOf(part).join('\n')).not.toContain('davylamp')
  })

  it.each([
    '/tmp/a b',
    "/tmp/it's",
    '/tmp/$(touch pwned)',
    '/tmp/`id`',
    '/tmp/x;rm -rf',
    '/tmp/\u202egnp',
    '/tmp/\n-rf',
    '/-rf',
  ])('quotes %j for the shell', (path) => {
    const shell = commandsOf({ findings: [miner(path), left('cron', path)] })
      .filter((command) => command.includes('mv -t') || command.includes('pidof'))
      .map((command) => command.replace('$(pidof ', '$(printf "%s\\n" '))
    for (const command of shell) {
      // The shell takes the command apart, but runs only `printf` in place of every program.
      const words = spawnSync(
        'sh',
        ['-c', `sudo() { for word; do printf '[%s]' "$word"; done; }; ${command}`],
        {
          encoding: 'utf8',
          cwd: '/',
        },
      )
      if (command.includes('mv -t')) expect(words.stdout).toContain(`[--][${path}]`)
      expect(words.stderr).toBe('')
    }
    expect(shell).toHaveLength(2)
  })
})
