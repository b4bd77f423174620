import { expect, it } from 'vitest'
import { Feed } from './feed.ts'
import { type ReadMember, readMembers } from './members.ts'
import { piecesOf } from './samples/read-all.ts'

/** Members of a format where each starts with the length of the rest. */
const readCounted: ReadMember = async function* (feed) {
  const length = await feed.exactly(2)
  if (length.length < 2) return 'end'
  yield await feed.exactly(length.readUInt16LE(0))
  return 'more'
}

it.each([
  ['tiny members are counted', [1, 1, 1, 1, 1], 3 + 1],
  ['others are not', [2000, 1, 2000, 1, 2000, 1, 2000], 7],
])('a stream of far too many tiny members is cut off: %s', async (_title, lengths, expected) => {
  const packed = Buffer.concat(
    lengths.flatMap((length) => [Buffer.from(Uint16Array.of(length).buffer), Buffer.alloc(length)]),
  )
  const stream = readMembers('counted', 3, readCounted, new Feed(piecesOf(packed, 100)), () => {})
  let members = 0
  let step = await stream.next()
  for (; step.done !== true; step = await stream.next()) members++
  expect(members).toBe(expected)
  const text = 'the counted stream is made of far too many tiny pieces: cut off after 0 unpacked bytes'
  expect(step.value).toEqual(expected === lengths.length ? null : { text, isBroken: false })
})
