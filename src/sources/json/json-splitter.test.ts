import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitJson } from './json-records.ts'
import { type JsonPiece, JsonSplitter } from './json-splitter.ts'

async function split(
  bytes: Uint8Array,
  cuts: readonly number[] = [],
): Promise<{ pieces: JsonPiece[]; splitter: JsonSplitter }> {
  const splitter = new JsonSplitter()
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  async function* chunks(): AsyncIterable<Uint8Array> {
    let start = 0
    for (const end of ends) {
      // The reader's only until the next one: overwritten afterwards.
      const chunk = Uint8Array.from(bytes.subarray(start, end))
      yield chunk
      chunk.fill(0x7b)
      start = end
    }
  }
  const pieces: JsonPiece[] = []
  for await (const some of splitJson(chunks(), splitter)) pieces.push(...some)
  return { pieces, splitter }
}

async function texts(text: string): Promise<string[]> {
  return (await split(Buffer.from(text))).pieces.map((piece) => piece.text)
}

const A = '{"a":1}'
const B = '{"b":{"c":["}",{"d":"\\"{"}]}}'

describe('JSON records', () => {
  const shapes: [string, string, string[]][] = [
    ['lines', `${A}\n${B}\n`, [A, B]],
    ['lines with CRLF and without an end', `${A}\r\n${B}`, [A, B]],
    ['blank lines between', `\n\n${A}\n\n\n${B}\n\n`, [A, B]],
    ['nothing between', `${A}${B}`, [A, B]],
    ['white space and commas between', ` ${A} ,\n\t${B},`, [A, B]],
    ['a BOM', `\ufeff${A}\n`, [A]],
    ['record separators (RFC 7464)', `\u001e${A}\n\u001e${B}\n`, [A, B]],
    ['an array', `[${A},${B}]`, [A, B]],
    ['an array over lines', `[\n  ${A},\n  ${B}\n]\n`, [A, B]],
    ['arrays one after the other', `[${A}]\n[${B}]`, [A, B]],
    ['arrays in an array', `[[${A}],[${B}]]`, [A, B]],
    ['an envelope', `{"Records":[${A},${B}]}`, [A, B]],
    ['an envelope over lines', `{\n "Records" : [\n${A},\n${B}\n]\n}`, [A, B]],
    ['an envelope with more around the list', `{"x":[1,{"y":2}],"logEvents":[${A}],"z":{"q":[${B}]}}`, [A]],
    ['envelopes one after the other', `{"Records":[${A}]}{"Records":[${B}]}\n${A}`, [A, B, A]],
    ['envelopes in an array', `[{"Records":[${A}]},{"Records":[${B}]}]`, [A, B]],
    ['an empty envelope', '{"Records":[]}', []],
    ['a list of another name', `{"list":[${A}]}`, [`{"list":[${A}]}`]],
    ['a list of the name deeper down', `{"x":{"Records":[${A}]}}`, [`{"x":{"Records":[${A}]}}`]],
    ['the name, but no list of objects', '{"events":["a"],"value":[]}', ['{"events":["a"],"value":[]}']],
    ['a list inside a record of an envelope', `{"Records":[{"items":[${A}]}]}`, [`{"items":[${A}]}`]],
    ['a time before each', `2026-05-12T03:14:07.000Z ${A}\n2026-05-12T03:14:08.000Z ${B}\n`, [A, B]],
    ['a syslog header before each', `May 12 03:14:07 web-1 app[17]: ${A}\n[x] @cee: ${B}`, [A, B]],
    ['NULs of a crash', `\0\0\0${A}\n`, [A]],
    ['nothing', '', []],
  ]
  it.each(shapes)('reads %s', async (_, text, expected) => {
    expect(await texts(text)).toEqual(expected)
  })

  const damages: [string, string, string[], Partial<Record<string, number>>][] = [
    ['a line cut inside a string', `{"a":"x\n${B}\n`, [B], { cut: 1 }],
    ['a line cut behind a value', `{"a":{"b":1}\n${B}\n${A}\n`, [B, A], { cut: 1 }],
    ['a line cut behind a comma', `{"a":1,\n${B}\n${A}\n`, [B, A], { cut: 1 }],
    ['the end missing', `${A}\n{"b":`, [A], { cut: 1 }],
    ['lines that are no JSON', `hello\n${A}\nworld\n`, [A], { text: 2 }],
    ['text in an array', `["x",${A}]`, [A], { text: 1 }],
    ['too deep', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}\n${A}`, [A], { deep: 1 }],
    ['a bomb of arrays', `{"a":${'['.repeat(100_000)}`, [], { cut: 1 }],
    ['too long', `{"a":"${'x'.repeat(1 << 20)}"}\n${A}\n`, [A], { long: 1 }],
    ['too long and cut', `{"a":1,"b":"${'x'.repeat(1 << 20)}\n${A}\n`, [A], { long: 1 }],
    ['unclosed for long', `{"a":[${'1,\n'.repeat(1 << 19)}\n${A}\n`, [A], { long: 1 }],
  ]
  it.each(damages)('passes over what is damaged: %s', async (_, text, expected, flaws) => {
    for (const cuts of [[], [1, 5, 1000], Array.from({ length: 40 }, (__, i) => i * 65_536)]) {
      const { pieces, splitter } = await split(Buffer.from(text), cuts)
      expect(pieces.map((piece) => piece.text)).toEqual(expected)
      expect(splitter.flaws).toEqual({ text: 0, cut: 0, long: 0, deep: 0, ...flaws })
    }
  })

  it('tells where each begins, in any encoding', async () => {
    const text = `[\n${A},\n  {"ä€😀":\n1},\n${B}]`
    const places = async (bytes: Buffer, cuts: number[]) =>
      (await split(bytes, cuts)).pieces.map(({ line, offset }) => ({ line, offset }))
    const at = (needle: string, bytes: (part: string) => number) => bytes(text.slice(0, text.indexOf(needle)))
    const needles = [A, '{"ä', B]
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
    for (const cuts of [[], [3, 17, 18, 19, 20, 21, 22, 23, 24, 25], [1, 2]]) {
      expect(await places(Buffer.from(text), cuts)).toEqual(
        needles.map((needle, i) => ({
          line: [2, 3, 5][i],
          offset: at(needle, (part) => Buffer.byteLength(part)),
        })),
      )
      expect(await places(utf16, cuts)).toEqual(
        needles.map((needle, i) => ({
          line: [2, 3, 5][i],
          offset: at(needle, (part) => 2 + 2 * part.length),
        })),
      )
    }
    expect((await split(utf16)).pieces[1]?.text).toBe('{"ä€😀":\n1}')
  })

  it('says where an envelope ends too early', async () => {
    const { pieces, splitter } = await split(Buffer.from(`{"Records":[${A},{"b"`))
    expect(pieces).toHaveLength(1)
    expect(splitter.isIncomplete).toBe(true)
  })

  it('gives back any objects, however they are put together and cut', async () => {
    const separators = fc.constantFrom('\n', '\r\n', '', ' ', ',\n', '\n\n')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), separators), {
          maxLength: 8,
        }),
        fc.constantFrom('plain', 'array', 'envelope'),
        fc.array(fc.nat(2000), { maxLength: 12 }),
        async (items, shape, cuts) => {
          const objects = items.map(([object]) => ({ k: object }))
          const parts = items.map(([object, isPretty]) =>
            JSON.stringify({ k: object }, null, isPretty ? 2 : 0),
          )
          const body =
            shape === 'plain' ? parts.map((part, i) => part + items[i]?.[2]).join('') : parts.join(',')
          const text =
            shape === 'array' ? `[${body}]` : shape === 'envelope' ? `{"a":0,"Records":[${body}]}` : body
          const { pieces, splitter } = await split(Buffer.from(text), cuts)
          expect(pieces.map((piece) => JSON.parse(piece.text))).toEqual(JSON.parse(JSON.stringify(objects)))
          for (const { offset, text: found } of pieces)
            expect(Buffer.from(text).subarray(offset).toString().startsWith(found)).toBe(true)
          expect(splitter.flaws).toEqual({ text: 0, cut: 0, long: 0, deep: 0 })
        },
      ),
      { seed: 4, numRuns: 300 },
    )
  })

  it('stands any bytes, and says the same whatever the cuts', async () => {
    const word = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      '\n',
      ',',
      ':',
      '{"Records":[',
      '{"a":1}',
      'x',
      '\n{',
      'é',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 60 }),
        fc.array(fc.nat(300), { maxLength: 20 }),
        async (words, cuts) => {
          const bytes = Buffer.from(words.join(''))
          const whole = await split(bytes)
          const parts = await split(bytes, cuts)
          expect(parts.pieces).toEqual(whole.pieces)
          expect(parts.splitter.flaws).toEqual(whole.splitter.flaws)
        },
      ),
      { seed: 4, numRuns: 1000 },
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        for (const { text, offset } of (await split(bytes)).pieces) {
          expect(text.startsWith('{')).toBe(true)
          expect(offset).toBeLessThan(bytes.length)
        }
      }),
      { seed: 4, numRuns: 300 },
    )
  })
})
