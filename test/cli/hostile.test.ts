import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Investigation } from '../../src/story/document.ts'
import { davylamp, evidence, type Run, workFolder } from './run.ts'

/** The example's battle, told with names that try to reach whoever reads about it. */
const folder = workFolder()
const dir = join(folder, 'evidence')
mkdirSync(dir)

const ANSI = '\x1b[2J\x1b]0;owned\x07'
const BIDI = '\u202egnp.sh\u2066'
const MARKUP = '<img src=x onerror=alert(1)>'
const LINK = '![x](https://198.51.100.7/x.png)'
const SHELL = "';touch pwned;'$(id)`id`"
const FORMULA = '=HYPERLINK(1)'
/** A program in a place where nothing should run, called by everything at once. */
const PROGRAM = `/dev/shm/.${ANSI}${BIDI}${MARKUP}${LINK}${SHELL}`

/** As auditd writes what is not plain. */
const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase()

const audit = readFileSync(join(evidence, 'audit.log'), 'utf8')
  .replaceAll('"/dev/shm/.x"', hex(PROGRAM))
  .replaceAll('"/etc/cron.d/0kz"', hex(`/etc/cron.d/0kz${ANSI}${SHELL}`))
const auth = [
  readFileSync(join(evidence, 'auth.log'), 'utf8').trimEnd(),
  ...Array.from(
    { length: 30 },
    (_, i) =>
      `May 12 03:50:${String(i).padStart(2, '0')} web-1 sshd[99]: Failed password for invalid user ${FORMULA}${ANSI}${BIDI}${MARKUP}${LINK} from 203.0.113.66 port 4000${i % 10} ssh2`,
  ),
  `May 12 03:51:00 web-1 sshd[99]: Accepted password for ${MARKUP}${ANSI} from 203.0.113.66 port 40009 ssh2`,
  '',
].join('\n')

/** The miner's name for itself, of the same length, so that every length in the capture stays right. */
function withAgent(capture: Buffer, agent: string): Buffer {
  const before = '"agent":"XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/9.3.0"'
  const inside = agent.padEnd(before.length - '"agent":""'.length, '.')
  const after = `"agent":"${inside}"`
  expect(after).toHaveLength(before.length)
  return Buffer.from(capture.toString('latin1').replaceAll(before, after), 'latin1')
}

writeFileSync(join(dir, `audit${ANSI}${MARKUP}.log`), audit)
writeFileSync(join(dir, `${FORMULA}${BIDI}\n.log`), auth)
writeFileSync(
  join(dir, 'eth0.pcap'),
  withAgent(readFileSync(join(evidence, 'eth0.pcap')), 'XMRig/6.21 <img src=x>\\u001b[2J\\u202e'),
)
writeFileSync(join(dir, `${LINK.replaceAll('/', '_')}${SHELL.replaceAll('/', '_')}`), 'nothing known\n')

const run = (...args: string[]): Promise<Run> => davylamp(args, { cwd: folder })
const story = await run('investigate', 'evidence', '--format', 'json')
const document = Investigation.parse(JSON.parse(story.stdout))
const ids = document.incidents.flatMap((incident) => incident.findings.map((finding) => finding.id))

/** Controls, marks that reorder or hide text, separators: nothing of it but line ends. */
const HIDDEN = /[^\n\P{C}]|\p{Zl}|\p{Zp}/u

async function everyOutput(): Promise<Record<string, Run>> {
  return {
    json: story,
    terminal: await run('investigate', 'evidence', '--no-case', '--full'),
    quiet: await run('investigate', 'evidence', '--no-case', '--quiet'),
    html: await run('investigate', 'evidence', '--no-case', '--format', 'html'),
    markdown: await run('investigate', 'evidence', '--no-case', '--format', 'markdown'),
    events: await run('events', 'evidence'),
    case: await run('show'),
    machine: await run('show', 'web-1'),
    'machine json': await run('show', 'web-1', '--format', 'json'),
    'unknown name': await run('show', `${ANSI}${BIDI}`),
    'unknown path': await run('investigate', `${ANSI}${BIDI}\n`, '--no-case'),
    'unknown asset': await run('investigate', 'evidence', '--no-case', '--asset', `${ANSI}${BIDI}`),
    'unknown kind': await run('events', 'evidence', '--kind', `${ANSI}${BIDI}`),
  }
}
const outputs = await everyOutput()

describe('hostile names', () => {
  it('are in the story at all', () => {
    expect(document.incidents).toHaveLength(1)
    const text = JSON.stringify(document)
    for (const part of [MARKUP, LINK, 'touch pwned', FORMULA]) expect(text).toContain(part)
    expect(text).toContain('<img src=x>')
    expect(ids.length).toBeGreaterThan(5)
  })

  it.each(Object.keys(outputs))('move no cursor, turn no text and hide nothing: %s', (name) => {
    const { stdout, stderr } = outputs[name] ?? { stdout: '', stderr: '' }
    expect(HIDDEN.exec(stdout)).toBeNull()
    expect(HIDDEN.exec(stderr)).toBeNull()
    expect(stdout + stderr).not.toBe('')
  })

  it('add no line to what is told of files', () => {
    for (const line of outputs['terminal']?.stderr.trimEnd().split('\n') ?? [])
      expect(line).toMatch(/^davylamp: /u)
  })

  it('are text in HTML', () => {
    const page = outputs['html']?.stdout ?? ''
    expect(page).not.toContain('<img')
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(page.match(/<script>/gu)).toHaveLength(1)
  })

  it('are text in Markdown', () => {
    const outsideCode = (outputs['markdown']?.stdout ?? '').replaceAll(/(`+)[^]*?\1/gu, '')
    expect(outsideCode).not.toMatch(/<[a-z]/iu)
    expect(outsideCode).not.toMatch(/(?<!\\)(?:!\[|\]\()/u)
  })

  it('stay one word in commands', () => {
    const commands = document.incidents.flatMap((incident) => incident.todo.map((step) => step.command ?? ''))
    const touching = commands.filter((command) => command.includes('touch'))
    expect(touching.length).toBeGreaterThan(0)
    // What is in single quotes is a word; what is left must not name the second command.
    for (const command of touching) expect(command.replaceAll(/'[^']*'/gu, '')).not.toContain('touch')
  })

  it('are as harmless beside their proof', async () => {
    const shown = await Promise.all(ids.map((id) => run('show', id, '--full')))
    for (const { stdout, stderr, exitCode } of shown) {
      expect(HIDDEN.exec(stdout + stderr)).toBeNull()
      expect(exitCode).toBe(0)
    }
    const all = shown.map((one) => one.stdout).join('')
    expect(all).not.toContain('The file is not where it was')
    expect(all).not.toContain('The file has changed')
  })
})
