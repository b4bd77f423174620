import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineCounter, parseAllDocuments } from 'yaml'
import { readDocuments } from './documents.ts'

function read(text: string): { seen: unknown[]; problems: string[] } {
  const all = [...readDocuments(text)]
  return {
    seen: all.flatMap(({ documents }) =>
      documents.map(({ content, document, line }) => [content, document, line]),
    ),
    problems: all.flatMap(({ problems }) => problems.map(({ line, message }) => `${line}: ${message}`)),
  }
}

describe('documents of a rule file', () => {
  it.each<[string, unknown[]]>([
    ['', []],
    ['# nothing\n', []],
    ['a: 1\n', [[{ a: 1 }, 0, 1]]],
    ['# head\n\n---\na: 1\n', [[{ a: 1 }, 0, 4]]],
    [
      '%YAML 1.2\n---\na: 1\n---\nb: 2\n',
      [
        [{ a: 1 }, 0, 3],
        [{ b: 2 }, 1, 5],
      ],
    ],
    [
      'a: 1\n---\nb: 2\n---\nc: 3',
      [
        [{ a: 1 }, 0, 1],
        [{ b: 2 }, 1, 3],
        [{ c: 3 }, 2, 5],
      ],
    ],
    [
      'a: 1\r\n---\r\nb: 2\r\n',
      [
        [{ a: 1 }, 0, 1],
        [{ b: 2 }, 1, 3],
      ],
    ],
    [
      'a: 1\n...\n---\nb: 2\n',
      [
        [{ a: 1 }, 0, 1],
        [{ b: 2 }, 1, 4],
      ],
    ],
    [
      'a: |\n  x\n  ---\n  y\n---\nb: "--- "\n',
      [
        [{ a: 'x\n---\ny\n' }, 0, 1],
        [{ b: '--- ' }, 1, 6],
      ],
    ],
    [
      '--- { a: 1 }\n--- { b: 2 }\n',
      [
        [{ a: 1 }, 0, 1],
        [{ b: 2 }, 1, 2],
      ],
    ],
    [
      '---\n---\na: 1\n',
      [
        [null, 0, 1],
        [{ a: 1 }, 1, 3],
      ],
    ],
    [
      '\uFEFFa: 1\n---\nb: 2\n',
      [
        [{ a: 1 }, 0, 1],
        [{ b: 2 }, 1, 3],
      ],
    ],
    ['\uFEFF# head\n---\na: 1\n', [[{ a: 1 }, 0, 3]]],
  ])('%j', (text, seen) => {
    expect(read(text)).toEqual({ seen, problems: [] })
  })

  it('goes on after what is no YAML, and knows its line', () => {
    const { seen, problems } = read('a: 1\n---\nb: [\n---\nc: 3\n---\n\td: 4\n---\ne: 5\n')
    expect(seen).toEqual([
      [{ a: 1 }, 0, 1],
      [{ c: 3 }, 2, 5],
      [{ e: 5 }, 4, 9],
    ])
    expect(problems.map((one) => Number.parseInt(one, 10))).toEqual([4, 7])
  })

  it('finds what a parser finds that reads all at once, and its lines', () => {
    const line = fc.constantFrom(
      'a: 1',
      '---',
      '--- x',
      '...',
      '# c',
      '',
      '%YAML 1.2',
      ' - x',
      'k: |',
      '"',
      '[',
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.join('\n')
        const counter = new LineCounter()
        const whole = parseAllDocuments(text, {
          lineCounter: counter,
          prettyErrors: false,
          logLevel: 'error',
        })
        if (!Array.isArray(whole) || whole.some(({ errors }) => errors.length > 0)) return
        // Parsers differ about documents without content, which nobody asks for.
        const found = [...readDocuments(text)].flatMap(({ documents }) =>
          documents.flatMap(({ content, line: at }) => (content === null ? [] : [[content, at]])),
        )
        const expected = whole.flatMap((one) => {
          const content: unknown = one.toJS()
          return content === null ? [] : [[content, counter.linePos(one.contents?.range?.[0] ?? 0).line]]
        })
        expect(found).toEqual(expected)
      }),
      { seed: 71, numRuns: 3000 },
    )
  })
})
