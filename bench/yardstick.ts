/** `node bench/yardstick.ts FILE`: JSON.parse of every line, and nothing else: what this machine and this Node can do. */
import { openSync, readSync } from 'node:fs'

const handle = openSync(process.argv[2] ?? '', 'r')
const chunk = Buffer.alloc(1 << 20)
let rest = ''
let parsed = 0
for (let length = readSync(handle, chunk); length > 0; length = readSync(handle, chunk)) {
  // The lines are ASCII, so a chunk may end anywhere.
  const lines = (rest + chunk.toString('latin1', 0, length)).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) if (typeof JSON.parse(line) === 'object') parsed++
}
process.stdout.write(`${parsed}\n`)
