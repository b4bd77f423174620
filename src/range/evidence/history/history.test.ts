import { describe, expect, it } from 'vitest'
import { Random } from '../../random.ts'
import { EvidenceFile } from '../evidence-file.ts'
import { collected, machineFacts } from '../samples/stage.ts'
import type { ShellLine } from '../witness.ts'
import { SHELL_HISTORIES } from './index.ts'
import { type HistoryStyle, metafied, ShellHistory } from './shell-history.ts'

const AT_MS = Date.UTC(2026, 4, 12, 3, 4, 5)

/** Types lines a minute apart in one session and leaves, unless told not to. */
function historyOf(style: HistoryStyle, lines: readonly string[], leaves = true): string {
  const { open, textOf } = collected()
  const history = new ShellHistory(new EvidenceFile(open('h')), style)
  for (const [i, line] of lines.entries()) history.typed('1', line, AT_MS + i * 60_000)
  if (leaves) history.leave('1', AT_MS + lines.length * 60_000)
  history.end()
  return textOf('h')
}

describe('what a shell writes down', () => {
  it.each<[HistoryStyle, readonly string[], string]>([
    ['bash', ['ls', 'cd /tmp'], 'ls\ncd /tmp\n'],
    ['bash', ['ls', 'ls', ' secret', '', 'ls'], 'ls\n'],
    ['bash', ['for i in 1\ndo\necho $i\ndone'], 'for i in 1; do; echo $i; done\n'],
    ['bash-timed', ['ls', 'id'], '#1778555045\nls\n#1778555105\nid\n'],
    ['bash-timed', ['a \\\nb'], '#1778555045\na \\\nb\n'],
    ['zsh', ['ls', 'ls'], ': 1778555045:0;ls\n: 1778555105:0;ls\n'],
    ['zsh', ['a\nb'], ': 1778555045:0;a\\\nb\n'],
  ])('%s: %j', (style, lines, text) => {
    expect(historyOf(style, lines)).toBe(text)
  })

  it.each<[string, HistoryStyle, readonly string[], string]>([
    ['keeps nothing of a session whose file is unset', 'bash', ['id', 'unset HISTFILE', 'ls'], ''],
    ['keeps nothing of a session sent to /dev/null', 'bash', ['export HISTFILE=/dev/null', 'ls'], ''],
    ['keeps what was typed after history -c', 'bash', ['id', 'history -c', 'ls'], 'ls\n'],
    [
      'keeps what was typed before set +o history',
      'bash',
      ['id', 'set +o history', 'ls'],
      'id\nset +o history\n',
    ],
    ['writes no more through a link to nowhere', 'bash', ['ln -sf /dev/null /root/.bash_history'], ''],
    [
      'has in zsh what was typed before the file was unset',
      'zsh',
      ['id', 'unset HISTFILE', 'ls'],
      ': 1778555045:0;id\n: 1778555105:0;unset HISTFILE\n',
    ],
  ])('%s', (_, style, lines, text) => {
    expect(historyOf(style, lines)).toBe(text)
  })

  it('has nothing of a bash that still runs, and all of such a zsh', () => {
    expect(historyOf('bash', ['ls'], false)).toBe('')
    expect(historyOf('zsh', ['ls'], false)).toBe(': 1778555045:0;ls\n')
  })

  it('hides bytes that zsh uses itself, and gives them back', () => {
    const text = 'echo ’é\u0000'
    const bytes: number[] = []
    let isHidden = false
    for (const byte of metafied(text)) {
      if (byte === 0x83 && !isHidden) isHidden = true
      else {
        bytes.push(isHidden ? byte ^ 0x20 : byte)
        isHidden = false
      }
    }
    expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe(text)
    expect(metafied(text)).not.toEqual(new TextEncoder().encode(text))
  })
})

it('keeps one file for each user, in that user’s home, on the clock of the machine', () => {
  const { open, paths, textOf } = collected()
  const place = {
    open,
    random: new Random('users'),
    startMs: AT_MS,
    endMs: AT_MS + 1e6,
    machine: machineFacts('web-1'),
  }
  const witness = SHELL_HISTORIES.start({ ...place, folder: 'web-1/', clockSkewMs: 60_000 })
  const line: ShellLine = {
    kind: 'shell-line',
    timeMs: AT_MS,
    userName: 'root',
    uid: 0,
    home: '/root',
    session: 7,
    line: 'id',
    isKept: true,
  }
  witness.observe(line)
  witness.observe({ ...line, userName: 'mira', home: '/home/mira', session: 8, line: 'whoami' })
  witness.observe({ kind: 'session-ended', timeMs: AT_MS, userName: 'root', session: 7 })
  witness.observe({ kind: 'session-ended', timeMs: AT_MS, userName: 'mira', session: 8 })
  witness.end()
  expect(paths()[0]).toBe('web-1/root/.bash_history')
  expect(paths()[1]).toMatch(/^web-1\/home\/mira\/\.(?:bash|zsh)_history$/u)
  expect(textOf('web-1/root/.bash_history')).toMatch(/^(?:#1778555105\n)?id\n$/u)
  expect(witness.files().map(({ path }) => path)).toEqual(paths())
})
