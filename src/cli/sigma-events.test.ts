import { describe, expect, it } from 'vitest'
import type { Input } from '../inputs/input.ts'
import { jsonDocuments } from './sigma-events.ts'

function inputOf(text: string, chunkSize: number): Input {
  const bytes = new TextEncoder().encode(text)
  return {
    name: 'events',
    group: '',
    storedSize: null,
    modifiedAt: null,
    head: bytes,
    tail: () => null,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.slice(at, at + chunkSize)
    },
  }
}

async function read(text: string, chunkSize: number): Promise<{ documents: unknown[]; problems: string[] }> {
  const documents: unknown[] = []
  const problems: string[] = []
  for await (const some of jsonDocuments(inputOf(text, chunkSize), (problem) => problems.push(problem)))
    documents.push(...some)
  return { documents, problems }
}

describe('JSON documents', () => {
  it.each<[string, unknown[], string[]]>([
    ['{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }], []],
    ['{"a":1}\r\n\r\n{"a":2}', [{ a: 1 }, { a: 2 }], []],
    ['{\n "a": "ü}{",\n "b": [\n1]\n}\n{\n"c": "日本"}', [{ a: 'ü}{', b: [1] }, { c: '日本' }], []],
    ['{"a":1}{"b":2}\n', [{ a: 1 }, { b: 2 }], []],
    ['{"a":1}\nnonsense\n{"b":2}\n', [{ a: 1 }, { b: 2 }], ['line 2: no valid JSON: passed over']],
    ['{"a":1}\n{"b":\n', [{ a: 1 }], ['line 2: the JSON that begins here does not end']],
    [
      '{"a":1}\n{"b":\n{"c":3}\n  1,\n[4]\n',
      [{ a: 1 }, { c: 3 }, [4]],
      ['line 2: the JSON that begins here does not end'],
    ],
    ['\uFEFF{"a":1}\r\n{"b":2}', [{ a: 1 }, { b: 2 }], []],
    ['', [], []],
  ])('%j', async (text, documents, problems) => {
    for (const size of [1, 2, 7, 1000]) expect(await read(text, size)).toEqual({ documents, problems })
  })
})
