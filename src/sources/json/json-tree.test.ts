import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonTree, type JsonPath, type Opening, type TreeReader } from './json-tree.ts'

class Gathering implements TreeReader {
  readonly taken: [string, string][] = []
  readonly scalars: [string, unknown][] = []
  readonly ends: boolean[] = []
  readonly places: number[] = []

  open(path: JsonPath): Opening {
    if (path.length < 2) return path[0] === 'skip' ? 'pass' : 'enter'
    return 'take'
  }

  take(path: JsonPath, text: string, line: number): void {
    this.taken.push([path.join('.'), text])
    this.places.push(line)
  }

  scalar(path: JsonPath, value: unknown): void {
    this.scalars.push([path.join('.'), value])
  }

  end(isWhole: boolean): void {
    this.ends.push(isWhole)
  }
}

function walk(
  text: string | Uint8Array,
  step = 1 << 20,
  maxBytes = 1 << 20,
): { read: Gathering; tree: JsonTree; isWhole: boolean } {
  const read = new Gathering()
  const tree = new JsonTree(read, maxBytes)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += step) {
    const chunk = Uint8Array.from(bytes.subarray(at, at + step))
    tree.push(chunk)
    // The reader's only until the next one.
    chunk.fill(0x7b)
  }
  return { read, tree, isWhole: tree.end() }
}

const A = '{"a":"}]\\"","b":[1,{"c":2}]}'

describe('a tree of JSON', () => {
  it.each([
    [
      'lists of objects',
      `{"X":[${A},${A}],"n":1}`,
      [
        ['X.*', A],
        ['X.*', A],
      ],
      [['n', 1]],
    ],
    ['over lines', `{\n "X" : [\n ${A}\n ]\n}\n`, [['X.*', A]], []],
    [
      'several documents',
      `{"X":[${A}]}\n{"Y":[${A}]}{"Z":[]}`,
      [
        ['X.*', A],
        ['Y.*', A],
      ],
      [],
    ],
    ['an array of objects', `[{"X":{"q":1}}]`, [['*.X', '{"q":1}']], []],
    [
      'what is passed over',
      `{"skip":[${A},"x"],"X":[${A}],"t":"é","f":false,"z":null}`,
      [['X.*', A]],
      [
        ['t', 'é'],
        ['f', false],
        ['z', null],
      ],
    ],
    [
      'words in lists',
      '{"X":["a","b"]}',
      [],
      [
        ['X.*', 'a'],
        ['X.*', 'b'],
      ],
    ],
    ['text before a document', `log: {"X":[${A}]}`, [['X.*', A]], []],
  ])('gives %s, whatever the cuts', (_, text, taken, scalars) => {
    for (const step of [1, 2, 3, 7, 1000]) {
      const { read, isWhole } = walk(text, step)
      expect(read.taken).toEqual(taken)
      expect(read.scalars).toEqual(scalars)
      expect(isWhole).toBe(true)
    }
  })

  it('gives what is whole of a document that breaks off, and goes on with the next', () => {
    const { read, tree, isWhole } = walk(`{"X":[${A},{"a":"cut\n{"Y":[${A}]}`)
    expect(read.taken).toEqual([
      ['X.*', A],
      ['Y.*', A],
    ])
    expect(read.ends).toEqual([false, true])
    expect(tree.flaws.cut).toBe(1)
    expect(isWhole).toBe(true)
    const half = walk(`{"X":[${A},{"a":{"b":`)
    expect(half.read.taken).toEqual([['X.*', A]])
    expect(half.isWhole).toBe(false)
    expect(half.tree.flaws.cut).toBe(1)
  })

  it('leaves out what is too long or too deep, and holds no more than that', () => {
    const long = walk(`{"X":[{"a":"${'x'.repeat(5000)}"},${A}]}`, 100, 1000)
    expect(long.read.taken).toEqual([['X.*', A]])
    expect(long.tree.flaws.long).toBe(1)
    const deep = walk(`{"X":[${'{"a":'.repeat(300)}1${'}'.repeat(300)},${A}]}`)
    expect(deep.read.taken).toEqual([['X.*', A]])
    expect(deep.tree.flaws.deep).toBe(1)
  })

  it('gives back any lists, whatever the cuts', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((name) => name !== 'skip'),
          fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 4 }),
          { maxKeys: 4 },
        ),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (document, step, isPretty) => {
          const { read, tree, isWhole } = walk(JSON.stringify(document, null, isPretty ? 2 : 0), step)
          const objects = Object.values(
            JSON.parse(JSON.stringify(document)) as Record<string, unknown[]>,
          ).flat()
          expect(read.taken.map(([, text]) => JSON.parse(text) as unknown)).toEqual(objects)
          expect(tree.flaws).toEqual({ text: 0, cut: 0, long: 0, deep: 0 })
          expect(isWhole).toBe(true)
        },
      ),
      { seed: 21, numRuns: 200 },
    )
  })

  it('stands any bytes, and says the same whatever the cuts', () => {
    const word = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      '\n',
      'a',
      '1',
      ' ',
      '{"X":[',
      '\n{"X":[{"a":1}]}',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (words, step) => {
        const text = words.join('')
        const [once, cut] = [walk(text), walk(text, step)]
        expect(cut.read.taken).toEqual(once.read.taken)
        expect(cut.read.scalars).toEqual(once.read.scalars)
        expect(cut.read.ends).toEqual(once.read.ends)
      }),
      { seed: 22, numRuns: 400 },
    )
  })
})
