import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Draw } from './records.ts'

const CORPUS = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'corpus', 'sigma')

/** Rules as texts: those of the corpus, where it is there, and variants of them until there are `count`. The same seed gives the same rules. */
export function ruleTexts(count: number, seed: number): string[] {
  const own = existsSync(CORPUS)
    ? globSync('**/*.yml', { cwd: CORPUS })
        .filter((file) => !file.endsWith('info.yml'))
        .toSorted()
        .map((file) => readFileSync(join(CORPUS, file), 'utf8'))
    : []
  const models = own.length > 0 ? own : [MODEL]
  // As in the public rule set, two of three rules are about Windows, most about processes.
  const windows = models.filter((text) => /product: windows/u.test(text))
  const draw = new Draw(seed)
  const texts = own.slice(0, count)
  while (texts.length < count) {
    const from = windows.length > 0 && draw.number() < 0.8 ? windows : models
    const made = variant(draw.of(from), draw)
    if (made !== null) texts.push(made)
  }
  return texts
}

/**
 * Other words in most of the values, the exceptions left as they are. A quarter of the variants keep
 * the names of programs, as many rules are about the same ones. Null where nothing changed: the same
 * rule again would measure nothing.
 */
function variant(text: string, draw: Draw): string | null {
  const at = text.indexOf('\ndetection:')
  const end = text.indexOf('\nfalsepositives:')
  const head = text
    .slice(0, at)
    .replace(/^id: .*$/mu, `id: ${draw.hex(8)}-${draw.hex(4)}-${draw.hex(4)}-${draw.hex(4)}-${draw.hex(12)}`)
  const detection = text.slice(at, end < 0 ? undefined : end)
  const filters = /\n\s+(?:filter|condition)/u.exec(detection)?.index ?? detection.length
  const keepsPrograms = draw.number() < 0.25
  let changes = 0
  const changed = detection.slice(0, filters).replaceAll(/'([^'\n]{4,})'/gu, (whole, value: string) => {
    const isProgram = /\.exe$/iu.test(value)
    if (isProgram ? keepsPrograms : draw.number() < 0.2) return whole
    changes++
    return `'${value.replaceAll(/(?!exe)[a-z]{3}/giu, (word) => (draw.number() < 0.3 ? word : syllable(draw)))}'`
  })
  if (changes === 0) return null
  return `${head}${changed}${detection.slice(filters)}${end < 0 ? '' : text.slice(end)}`
}

function syllable(draw: Draw): string {
  return (
    CONSONANTS.charAt(draw.below(CONSONANTS.length)) +
    VOWELS.charAt(draw.below(VOWELS.length)) +
    CONSONANTS.charAt(draw.below(CONSONANTS.length))
  )
}

const CONSONANTS = 'bcdfgklmnprstvw'
const VOWELS = 'aeiou'

const MODEL = `title: Tool of an intruder
id: 00000000-0000-4000-8000-000000000000
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\tool.exe'
        CommandLine|contains:
            - ' --download '
            - 'exfiltrate'
    condition: selection
falsepositives:
    - none
`
