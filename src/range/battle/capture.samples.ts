/** Reads captures for tests, by itself: nothing of the product's own decoding. */
export interface Segment {
  readonly timeMs: number
  readonly src: string
  readonly dst: string
  readonly srcPort: number
  readonly dstPort: number
  readonly seq: number
  readonly flags: number
  readonly payload: Uint8Array
}

/** TCP segments over IPv4 of a classic little-endian capture with microseconds. */
export function segmentsOf(pcap: Uint8Array): Segment[] {
  const view = new DataView(pcap.buffer, pcap.byteOffset, pcap.length)
  const segments: Segment[] = []
  for (let at = 24; at + 16 <= pcap.length;) {
    const length = view.getUint32(at + 8, true)
    const timeMs = view.getUint32(at, true) * 1000 + view.getUint32(at + 4, true) / 1000
    const frame = at + 16
    at = frame + length
    if (at > pcap.length) break
    if (view.getUint16(frame + 12) !== 0x0800 || view.getUint8(frame + 14 + 9) !== 6) continue
    const ip = frame + 14
    const tcp = ip + (view.getUint8(ip) & 0x0f) * 4
    const start = tcp + (view.getUint8(tcp + 12) >> 4) * 4
    segments.push({
      timeMs,
      src: pcap.subarray(ip + 12, ip + 16).join('.'),
      dst: pcap.subarray(ip + 16, ip + 20).join('.'),
      srcPort: view.getUint16(tcp),
      dstPort: view.getUint16(tcp + 2),
      seq: view.getUint32(tcp + 4),
      flags: view.getUint8(tcp + 13),
      payload: pcap.subarray(start, ip + view.getUint16(ip + 2)),
    })
  }
  return segments
}

/** Replies "accepted" from one pool, each counted once however often it was sent. */
export function acceptedShares(segments: readonly Segment[], poolIp: string): number {
  const seen = new Set<string>()
  for (const { src, dstPort, payload } of segments) {
    if (src !== poolIp) continue
    const text = new TextDecoder('latin1').decode(payload)
    for (const [, id] of text.matchAll(/"id":(\d+),"error":null,"result":\{"status":"OK"\}/gu))
      seen.add(`${dstPort}/${id}`)
  }
  return seen.size
}
