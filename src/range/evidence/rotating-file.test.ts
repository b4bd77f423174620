import { expect, it } from 'vitest'
import { piecesOf, RotatingFile } from './rotating-file.ts'

it('turns over at its moments, names by age, and begins every piece alike', () => {
  const written = new Map<string, string>()
  let nowMs = 0
  const rotation = {
    atMs: [10, 20, 30],
    name: (age: number) => `log.${age}`,
    head: new TextEncoder().encode('#'),
  }
  const file = new RotatingFile(
    (path) => {
      written.set(path, '')
      return (chunk) => {
        written.set(path, (written.get(path) ?? '') + new TextDecoder().decode(chunk))
      }
    },
    rotation,
    () => nowMs,
  )
  file.writeText('#a')
  nowMs = 10
  file.writeText('b')
  nowMs = 25
  file.write(new TextEncoder().encode('c'))
  nowMs = 40
  file.flush()
  expect(Object.fromEntries(written)).toEqual({ 'log.3': '#a', 'log.2': '#b', 'log.1': '#c', 'log.0': '#' })
  expect(piecesOf(rotation, { fromMs: 0, toMs: 40 })).toEqual([
    { path: 'log.3', fromMs: 0, toMs: 10 },
    { path: 'log.2', fromMs: 10, toMs: 20 },
    { path: 'log.1', fromMs: 20, toMs: 30 },
    { path: 'log.0', fromMs: 30, toMs: 40 },
  ])
})
