import { describe, expect, it } from 'vitest'
import type { LogRecord, LogSource } from '../../event/log-record.ts'
import { RuleMatchEvent } from '../../event/rule-match.ts'
import { journald } from '../journald/index.ts'
import { readTexts } from '../samples/read-texts.ts'
import { syslog } from '../syslog/index.ts'
import { lineLogSources } from './line-rules.ts'

const LINES = [
  'Mar  3 10:00:00 web-1 sshd[811]: Failed password for root from 203.0.113.7 port 40022 ssh2',
  'Mar  3 10:00:01 web-1 vsftpd[90]: Connection refused: too many sessions for this address.',
  'Mar  3 10:00:02 web-1 /usr/sbin/CRON[7]: (root) CMD (/usr/local/bin/backup)',
  'Mar  3 10:00:03 web-1 -- MARK --',
].join('\n')

const ENTRIES = [
  {
    __REALTIME_TIMESTAMP: '1772532000000000',
    _HOSTNAME: 'web-1',
    SYSLOG_IDENTIFIER: 'clamd',
    _PID: '12',
    MESSAGE: '/tmp/x: Unix.Malware FOUND',
  },
]
  .map((entry) => JSON.stringify(entry))
  .join('\n')

/** What is asked about, by rules that look at these services. */
async function asked(
  source: typeof syslog,
  text: string,
  services: readonly string[],
): Promise<{ records: LogRecord[]; kinds: string[]; unused: number }> {
  const records: LogRecord[] = []
  const { events, reports } = await readTexts(source, [{ name: 'log', text }], {
    isAsked: ({ product, service = '' }: LogSource) => product === 'linux' && services.includes(service),
    matchesOf(record) {
      records.push(record)
      const { logSource: _, fields: __, subjects, ...witness } = record
      const said = { rule: 'r', title: 'r', level: 'low' as const, attack: [], fields: {} }
      return [RuleMatchEvent.parse({ kind: 'rule-match', ...witness, subjects: [...subjects], ...said })]
    },
  })
  return { records, kinds: events.map(({ kind }) => kind), unused: reports[0]?.unused ?? 0 }
}

describe('rules on lines', () => {
  it.each([
    ['sshd', ['sshd', 'auth', 'syslog']],
    ['sshd(pam_unix)', ['sshd', 'auth', 'syslog']],
    ['sudo', ['sudo', 'auth', 'syslog']],
    ['CROND', ['cron', 'syslog']],
    ['/usr/sbin/CRON', ['cron', 'syslog']],
    ['su', ['auth', 'syslog']],
    ['kernel', ['syslog']],
    ['', ['syslog']],
    ['constructor', ['syslog']],
  ])('lines of %s', (program, services) => {
    expect(lineLogSources(program).map(({ service }) => service)).toEqual(services)
  })

  it('asks about no line where no rule looks at lines', async () => {
    const { records, kinds, unused } = await asked(syslog, LINES, [])
    expect(records).toEqual([])
    expect(kinds).toEqual(['auth', 'process'])
    expect(unused).toBe(2)
  })

  it('asks about the lines of programs that a rule looks at, understood or not', async () => {
    const { records, kinds } = await asked(syslog, LINES, ['vsftpd', 'sshd'])
    expect(records.map(({ logSource, fields }) => ({ logSource, fields }))).toEqual([
      {
        logSource: [{ product: 'linux', service: 'sshd' }],
        fields: {
          message: 'Failed password for root from 203.0.113.7 port 40022 ssh2',
          program: 'sshd',
          host: 'web-1',
          pid: 811,
        },
      },
      {
        logSource: [{ product: 'linux', service: 'vsftpd' }],
        fields: {
          message: 'Connection refused: too many sessions for this address.',
          program: 'vsftpd',
          host: 'web-1',
          pid: 90,
        },
      },
    ])
    expect(kinds.toSorted()).toEqual(['auth', 'process', 'rule-match', 'rule-match'])
    expect(records[1]?.origin).toMatchObject({ file: 'log', line: 2, raw: LINES.split('\n')[1] })
  })

  it('asks about lines of any program for rules on the whole log', async () => {
    const { records } = await asked(syslog, LINES, ['syslog'])
    expect(records.map(({ fields }) => fields['program'])).toEqual(['sshd', 'vsftpd', '/usr/sbin/CRON'])
  })

  it('asks about journal entries of programs that nobody else understands', async () => {
    const { records, kinds } = await asked(journald, ENTRIES, ['clamav'])
    expect(records.map(({ fields }) => fields)).toEqual([
      { message: '/tmp/x: Unix.Malware FOUND', program: 'clamd', host: 'web-1', pid: 12 },
    ])
    expect(kinds).toEqual(['rule-match'])
    expect((await asked(journald, ENTRIES, [])).unused).toBe(1)
  })
})
