/** One element of DER (X.690): its tag, where its content is, and where it begins. */
export interface DerElement {
  readonly tag: number
  readonly start: number
  readonly from: number
  readonly to: number
}

export const DER = {
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  utcTime: 0x17,
  generalizedTime: 0x18,
}

/** Of any element. */
const MAX_LENGTH_BYTES = 4
const MAX_CHILDREN = 256

/** The element that begins at `at` and ends at or before `end`; null where there is none. Every element is at least two bytes long. */
export function elementAt(bytes: Uint8Array, at: number, end: number): DerElement | null {
  if (at + 2 > end || end > bytes.length) return null
  const tag = bytes[at] ?? 0
  // Tags of more than one byte do not occur in certificates.
  if ((tag & 0x1f) === 0x1f) return null
  let length = bytes[at + 1] ?? 0
  let from = at + 2
  if (length >= 0x80) {
    const count = length & 0x7f
    if (count === 0 || count > MAX_LENGTH_BYTES || from + count > end) return null
    length = 0
    for (const last = from + count; from < last; from++) length = length * 256 + (bytes[from] ?? 0)
  }
  return from + length > end ? null : { tag, start: at, from, to: from + length }
}

/** The elements inside another, up to the first that makes no sense; at most 256. */
export function childrenOf(bytes: Uint8Array, parent: DerElement | null): DerElement[] {
  if (parent === null) return []
  const children: DerElement[] = []
  let child = elementAt(bytes, parent.from, parent.to)
  while (child !== null && children.length < MAX_CHILDREN) {
    children.push(child)
    child = elementAt(bytes, child.to, parent.to)
  }
  return children
}

/** `2.5.4.3`; empty where the element is no object identifier. */
export function oidText(bytes: Uint8Array, element: DerElement | undefined): string {
  if (element === undefined || element.tag !== DER.oid || element.to - element.from > 32) return ''
  const arcs: number[] = []
  let arc = 0
  for (let at = element.from; at < element.to; at++) {
    const byte = bytes[at] ?? 0
    arc = arc * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40))
      arcs.push(first, arc - first * 40)
    } else arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}
