import { Duplex } from 'node:stream'
import { connect, type SecureVersion, TLSSocket } from 'node:tls'
import { createSecureContext } from 'node:tls'
import { TcpConversation, type TimedPacket } from '../../../src/wire/encode/index.ts'
import { ownCertificate } from './own-certificate.ts'

/** What one end says, and when it is seen at the client's end, ms from when both are ready to talk. */
export interface Said {
  readonly atMs: number
  readonly fromClient: boolean
  readonly bytes: Uint8Array
}

export interface SealedFields {
  readonly client: { readonly ip: string; readonly port: number }
  readonly server: { readonly ip: string; readonly port: number }
  readonly startMs: number
  readonly rttMs: number
  readonly version: SecureVersion & ('TLSv1.2' | 'TLSv1.3')
  /** Asked for in the hello; null for none. */
  readonly serverName: string | null
  readonly alpn: readonly string[]
}

interface Written {
  readonly fromClient: boolean
  readonly bytes: Uint8Array
}

const certificate = ownCertificate('service.example')
const secureContext = createSecureContext(certificate)
/** A host answers so soon, where it need not think. */
const TURN_MS = 0.6

/** Packets of one connection over which real TLS carries what both ends say, laid out in time as told. */
export async function sealed(said: readonly Said[], fields: SealedFields): Promise<TimedPacket[]> {
  const { client, server, startMs, rttMs } = fields
  const wire: Written[] = []
  const [left, right] = cable((written) => wire.push(written))
  const near = connect({
    socket: left,
    rejectUnauthorized: false,
    minVersion: fields.version,
    maxVersion: fields.version,
    ...(fields.serverName === null ? {} : { servername: fields.serverName }),
    ...(fields.alpn.length === 0 ? {} : { ALPNProtocols: [...fields.alpn] }),
  })
  const far = new TLSSocket(right, {
    isServer: true,
    secureContext,
    ...(fields.alpn.length === 0 ? {} : { ALPNProtocols: [...fields.alpn] }),
  })
  const failed = new Promise<never>((_, reject) => {
    near.once('error', reject)
    far.once('error', reject)
  })
  failed.catch(() => undefined)
  const [nearGot, farGot] = [new Received(near), new Received(far)]
  await Promise.race([Promise.all([secured(near, 'secureConnect'), secured(far, 'secure')]), failed])
  const talk = new TcpConversation({ client, server, startMs, rttMs, isn: client.port * 7919 })
  let time = talk.connect()
  const flush = (atMs: number, isHandshake: boolean): void => {
    time = Math.max(time, atMs)
    let before: boolean | null = null
    for (const { fromClient, bytes } of wire.splice(0)) {
      if (isHandshake && before !== fromClient) time += fromClient ? TURN_MS : rttMs + TURN_MS
      talk.send(fromClient, bytes, time)
      before = fromClient
      time += 0.05
    }
  }
  flush(time, true)
  const readyMs = time
  for (const { atMs, fromClient, bytes } of said.toSorted((a, b) => a.atMs - b.atMs)) {
    const got = fromClient ? farGot : nearGot
    const wanted = got.count + bytes.length
    ;(fromClient ? near : far).write(bytes)
    await Promise.race([got.until(wanted), failed])
    flush(readyMs + atMs, false)
  }
  near.destroy()
  far.destroy()
  talk.close(time + 500)
  return talk.packets()
}

async function secured(socket: TLSSocket, event: 'secureConnect' | 'secure'): Promise<void> {
  await new Promise<void>((ready) => socket.once(event, () => ready()))
  // Tickets of TLS 1.3 leave behind the handshake.
  await new Promise((ready) => setImmediate(ready))
}

/** How much of what the other end says has come. */
class Received {
  count = 0
  #wake: () => void = () => undefined

  constructor(socket: TLSSocket) {
    socket.on('data', (bytes: Uint8Array) => {
      this.count += bytes.length
      this.#wake()
    })
  }

  async until(count: number): Promise<void> {
    while (this.count < count) await new Promise<void>((wake) => (this.#wake = wake))
  }
}

/** Both ends of a cable in memory; whatever goes over it is told. */
function cable(tell: (written: Written) => void): [Duplex, Duplex] {
  const end = (fromClient: boolean, other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write: (chunk: Uint8Array, _encoding, done) => {
        tell({ fromClient, bytes: Uint8Array.from(chunk) })
        other().push(chunk)
        done()
      },
    })
  const left: Duplex = end(true, () => right)
  const right: Duplex = end(false, () => left)
  return [left, right]
}
