/** Whoever reads the bytes of a TCP connection in their order. */
export interface ConnectionReader {
  /**
   * The next bytes of one direction. `data` is the reader's only during the call. `packet` and `offset`
   * name the packet that carried them and are handed back as they are.
   */
  feed(fromInitiator: boolean, data: Uint8Array, timeMs: number, packet: number, offset: number): void
  /** Bytes of this direction are missing here. */
  gap(fromInitiator: boolean): void
}
