/** What opening evidence may use at most. Everything beyond is left out, and named. */
export interface InputLimits {
  /** Folders below a given one. */
  readonly maxFolderDepth: number
  /** Files of all folders, and members of all archives, together. */
  readonly maxFiles: number
  /** Archives and compressions inside each other, counted together. */
  readonly maxLayers: number
  /** What all streams of one file may unpack to, in bytes. */
  readonly maxUnpackedBytes: number
  /** Unpacked bytes kept aside in the temporary file, all together. */
  readonly maxSpoolBytes: number
  /** Unpacked bytes kept in memory, all together. */
  readonly maxHeldBytes: number
  /** How many times its compressed size a stream may grow to, once it is past `freeUnpackedBytes`. */
  readonly maxRatio: number
  readonly freeUnpackedBytes: number
}

const MIB = 2 ** 20
const GIB = 2 ** 30

export const DEFAULT_LIMITS: InputLimits = {
  maxFolderDepth: 64,
  maxFiles: 100_000,
  maxLayers: 6,
  maxUnpackedBytes: 256 * GIB,
  maxSpoolBytes: 16 * GIB,
  maxHeldBytes: 16 * MIB,
  maxRatio: 1000,
  freeUnpackedBytes: 64 * MIB,
}

/** The most that `Input.head` and `Input.tail` give. */
export const HEAD_BYTES = 64 * 1024
