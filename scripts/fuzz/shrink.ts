/** Tells whether the bytes still fail in the same way. */
export type Fails = (bytes: Uint8Array) => Promise<boolean>

/** A smaller input that fails as well: leaves out pieces, large ones first, for as long as `deadlineMs` (of `now`) allows. */
export async function shrink(
  bytes: Uint8Array,
  fails: Fails,
  now: () => number,
  deadlineMs: number,
): Promise<Uint8Array> {
  let smallest = bytes
  for (let size = bytes.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < smallest.length;) {
      if (now() > deadlineMs) return smallest
      const candidate = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)])
      if (await fails(candidate)) smallest = candidate
      else at += size
    }
  }
  return smallest
}
