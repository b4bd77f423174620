import type { Source } from '../source.ts'
import { headText } from '../measured/whole-text.ts'
import { readRuns } from '../measured/read-measured.ts'
import { readSadf } from './sadf.ts'
import { firstSadfTime } from './sadf-first-time.ts'
import { readHeader } from './sar-header.ts'
import { readSar } from './sar-text.ts'

const SOURCE_ID = 'sysstat'

/** What sysstat has recorded every ten minutes on most servers. https://sysstat.github.io/ */
export const sysstat: Source = {
  id: SOURCE_ID,
  title: 'sysstat: sadf -j JSON and sar text (CPU, load, pressure)',
  kinds: ['cpu', 'metric'],
  hint: 'sadf -j /var/log/sysstat/saDD -- -u -q ALL (Debian, Ubuntu; /var/log/sa/saDD on Red Hat); sar -u -q alone prints text.',
  recognise: (head) => (isSadf(head) || isSar(head) ? 0.95 : 0),
  firstTime: () => null,
  read: (inputs, env) =>
    readRuns(inputs, env, SOURCE_ID, {
      firstTimeOf: (input) => (isSadf(input.head) ? firstSadfTime(input) : Promise.resolve(null)),
      read: (input, report) =>
        isSadf(input.head) ? readSadf(input, report, env) : readSar(input, report, env),
    }),
}

function isSadf(head: Uint8Array): boolean {
  const text = headText(head).slice(0, 512)
  return /^\s*\{\s*"sysstat"\s*:/u.test(text)
}

function isSar(head: Uint8Array): boolean {
  const first = headText(head)
    .split('\n')
    .find((line) => line.trim() !== '')
  return first !== undefined && readHeader(first) !== null
}
