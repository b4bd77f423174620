/** What follows a head: a body to read as one line, a body to leave out, another stream (a tunnel, a WebSocket), or nothing of interest. */
export type AfterHead = 'body' | 'skip' | 'tunnel' | 'websocket' | 'foreign'

/** What is carried, and what carries it, as their readers tell it to their owner. */
export interface StreamSink {
  /** One message in JSON. `bytes` belong to the reader: they are gone after the call. */
  line(bytes: Uint8Array, from: number, to: number, packet: number, offset: number): void
  /** Whether a line that begins like this may be one of a mining dialogue. */
  isWorthKeeping(bytes: Uint8Array, from: number, to: number): boolean
  /** The head of an HTTP message, latin1. */
  head(text: string): AfterHead
  /** A SOCKS proxy was asked for this end (`host:port`); null: only its consent was seen. */
  socks(version: 4 | 5, target: string | null): void
  /** Messages come in a WebSocket. */
  webSocket(): void
}
