import { expect, test } from 'vitest'
import { readAll, textInput } from './samples/text-input.ts'

/** Program starts of one machine: `count` of them, a second apart from `second` on, serials from `serial` on. */
function log(second: number, serial: number, count: number, pid = 100): string {
  return Array.from(
    { length: count },
    (_, at) =>
      `type=SYSCALL msg=audit(${1_778_554_800 + second + at}.100:${serial + at * 3}): arch=c000003e syscall=59 success=yes exit=0 a0=1 items=0 ppid=1 pid=${pid + at} auid=0 uid=0 euid=0 tty=pts0 ses=1 comm="ls" exe="/usr/bin/ls" key=(null)\n`,
  ).join('')
}

async function machines(...files: (readonly [text: string, group?: string])[]) {
  const inputs = files.map(([text, group], index) => textInput(`f${index}`, text, group))
  const forwards = await readAll(inputs)
  const backwards = await readAll(inputs.toReversed())
  const observers = (events: typeof forwards.events) =>
    [...new Set(events.map((event) => event.observer))].toSorted()
  expect(observers(backwards.events)).toEqual(observers(forwards.events))
  return {
    count: observers(forwards.events).length,
    events: forwards.events.length,
    decisions: forwards.reports.flatMap((report) => report.decisions),
  }
}

test.each<[string, (readonly [string, string?])[], number, RegExp | null]>([
  ['one file', [[log(0, 100, 50)]], 1, null],
  [
    'rotated: serials go on',
    [[log(0, 100, 50)], [log(50, 250, 50)]],
    1,
    /carry one serial sequence \(#247, #250\): one machine/u,
  ],
  [
    'rotated, in two folders',
    [
      [log(0, 100, 50), 'a'],
      [log(50, 250, 50), 'b'],
    ],
    1,
    /one machine/u,
  ],
  ['a copy', [[log(0, 100, 50)], [log(0, 100, 50), 'copy']], 1, /hold one serial sequence/u],
  [
    'a copy of the second half',
    [[log(0, 100, 50)], [log(25, 175, 25), 'copy']],
    1,
    /hold one serial sequence/u,
  ],
  [
    'two machines at one time',
    [[log(0, 100, 50)], [log(0, 9000, 50)]],
    2,
    /overlap in time with other serial numbers: two machines/u,
  ],
  [
    'two machines at one time, nearly the same numbers',
    [[log(0, 100, 50)], [log(0, 104, 50)]],
    2,
    /two machines/u,
  ],
  ['a boot in between', [[log(0, 9000, 50)], [log(600, 5, 50)]], 1, /start again as after a boot/u],
  ['a gap in between', [[log(0, 100, 50)], [log(6000, 90_000, 50)]], 1, /higher serial numbers/u],
  [
    'later, from elsewhere',
    [
      [log(0, 100, 50), 'a'],
      [log(6000, 90_000, 50), 'b'],
    ],
    2,
    /taken for another machine/u,
  ],
  [
    'two machines, the second rotated',
    [[log(0, 100, 90)], [log(0, 9000, 50)], [log(50, 9150, 40)]],
    2,
    /carry one serial sequence \(#9147, #9150\)/u,
  ],
])('%s', async (_, files, count, decision) => {
  const found = await machines(...files)
  expect(found.count).toBe(count)
  if (decision === null) expect(found.decisions).toEqual([])
  else expect(found.decisions.join('\n')).toMatch(decision)
})

test('a copy adds nothing', async () => {
  expect((await machines([log(0, 100, 50)], [log(0, 100, 50), 'copy'])).events).toBe(50)
})
