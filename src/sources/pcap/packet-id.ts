/** Packet ids carry the input they came from: index × 2³² + one-based packet number. */
const PER_INPUT = 0x100000000

export function packetId(inputIndex: number, packetNumber: number): number {
  return inputIndex * PER_INPUT + packetNumber
}

/** The input and the one-based packet that an id stands for. */
export function placeOfId(files: readonly string[], id: number): { file: string; packet: number } {
  return { file: files[Math.floor(id / PER_INPUT)] ?? '', packet: id % PER_INPUT }
}
