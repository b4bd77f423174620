import type { HeldTotal } from '../kept-bytes.ts'
import type { ConnectionReader } from '../tcp/reader.ts'
import { type Certificate, firstCertificate } from './certificate.ts'
import { CertificateBook } from './certificate-book.ts'
import { type ClientHello, readClientHello, readSsl2Hello } from './client-hello.ts'
import { HANDSHAKE, HandshakeReader, type HandshakeSink, RECORD } from './handshake-reader.ts'
import { readServerHello, type ServerHello } from './server-hello.ts'
import { isSealedEarly } from './version.ts'

/** A client that goes on for so long without an answer in sight will not be seen to get one. */
const MAX_UNANSWERED_BYTES = 32_768
/** Where one side is no TLS, the other may be (its first packets were lost), but for no longer than this. */
const MAX_HALF_BYTES = 8192

/** What a TLS connection shows before it is sealed. */
export interface TlsHandshake {
  /** Of the two ends, the client is the one that opened the connection. */
  readonly clientIsInitiator: boolean
  readonly clientHello: ClientHello | null
  readonly serverHello: ServerHello | null
  /** Where it went over the wire in clear. */
  readonly certificate: Certificate | null
  /** The packet that carried the (end of the) first hello, as it was given. */
  readonly packet: number
  readonly offset: number
}

/** Whether a stream, or what follows a tunnel's head, may begin like this: a handshake record, or a hello in the form of SSL 2.0. */
export function mayBeTls(firstByte: number): boolean {
  return firstByte === RECORD.handshake || firstByte >= 0x80
}

/**
 * Reads the hellos of one TLS connection and the server's certificate, and is done with it. Give it the
 * bytes of both directions in order. No bytes make it throw; it keeps at most two messages, bounded by `total`.
 */
export class TlsSession implements ConnectionReader, HandshakeSink {
  isDone = false
  private initiator: HandshakeReader | null = null
  private responder: HandshakeReader | null = null
  private isInitiatorSpeaking = true
  private clientIsInitiator = true
  private clientHello: ClientHello | null = null
  private serverHello: ServerHello | null = null
  private certificate: Certificate | null = null
  private isServerDone = false
  private bytes = 0
  private packet = 0
  private offset = 0
  private helloPacket = 0
  private helloOffset = 0

  private readonly total: HeldTotal
  private readonly certificates: CertificateBook

  /** `certificates` may be shared by all sessions. */
  constructor(total: HeldTotal, certificates: CertificateBook = new CertificateBook()) {
    this.total = total
    this.certificates = certificates
  }

  /** `packet` and `offset` name the packet that carried the bytes and come back with the handshake. */
  feed(fromInitiator: boolean, data: Uint8Array, _timeMs: number, packet: number, offset: number): void {
    if (this.isDone) return
    this.isInitiatorSpeaking = fromInitiator
    this.packet = packet
    this.offset = offset
    const reader = this.reader(fromInitiator)
    reader.push(data, this)
    this.bytes += data.length
    this.settle()
  }

  gap(fromInitiator: boolean): void {
    this.reader(fromInitiator).gap()
    this.settle()
  }

  /** What was seen; null where no hello was. */
  handshake(): TlsHandshake | null {
    const { clientHello, serverHello, certificate } = this
    if (clientHello === null && serverHello === null) return null
    return {
      clientIsInitiator: this.clientIsInitiator,
      clientHello,
      serverHello,
      certificate,
      packet: this.helloPacket,
      offset: this.helloOffset,
    }
  }

  /** Gives back what is kept; nothing will be fed any more. */
  drop(): void {
    this.initiator?.stop()
    this.responder?.stop()
  }

  message(type: number, body: Uint8Array): void {
    if (type === HANDSHAKE.clientHello) this.takeClientHello(readClientHello(body))
    else if (type === HANDSHAKE.serverHello) this.takeServerHello(readServerHello(body))
    else if (type === HANDSHAKE.certificate) this.takeCertificate(body)
    else if (type >= HANDSHAKE.serverKeyExchange && type <= HANDSHAKE.serverHelloDone) this.endServer()
  }

  ssl2Hello(body: Uint8Array): void {
    this.takeClientHello(readSsl2Hello(body))
  }

  /**
   * Before any hello it is a connection joined in its middle; behind one that was answered, everything else is
   * sealed. Between the two come warnings and, behind a retry, a ChangeCipherSpec that means nothing.
   */
  otherRecord(type: number): void {
    if (this.serverHello === null && this.clientHello === null) this.speaker().gap()
    else if (this.serverHello !== null || type === RECORD.applicationData) this.endServer()
  }

  private takeClientHello(hello: ClientHello | null): void {
    if (hello === null) this.speaker().gap()
    if (hello === null || this.clientHello !== null) return
    if (this.serverHello !== null && this.isInitiatorSpeaking !== this.clientIsInitiator) return
    this.clientHello = hello
    this.clientIsInitiator = this.isInitiatorSpeaking
    this.markHello()
    this.speaker().stop()
  }

  private takeServerHello(hello: ServerHello | null): void {
    if (hello === null || (this.clientHello !== null && !this.isServerSpeaking())) {
      this.speaker().gap()
      return
    }
    if (hello.isRetry || this.serverHello !== null) return
    if (this.clientHello === null) {
      this.clientIsInitiator = !this.isInitiatorSpeaking
      this.markHello()
    }
    this.serverHello = hello
    if (isSealedEarly(hello.chosenVersion)) this.endServer()
  }

  private takeCertificate(body: Uint8Array): void {
    if (this.serverHello === null || !this.isServerSpeaking()) return
    const first = firstCertificate(body)
    if (first !== null) this.certificate = this.certificates.read(first)
    this.endServer()
  }

  private endServer(): void {
    this.isServerDone = true
    this.reader(!this.clientIsInitiator).stop()
  }

  private markHello(): void {
    this.helloPacket = this.packet
    this.helloOffset = this.offset
  }

  private settle(): void {
    if (this.clientHello === null && this.serverHello === null) {
      const isInitiatorBroken = this.initiator?.isBroken === true
      const isResponderBroken = this.responder?.isBroken === true
      const isHalfBroken = isInitiatorBroken || isResponderBroken
      this.isDone = (isInitiatorBroken && isResponderBroken) || (isHalfBroken && this.bytes > MAX_HALF_BYTES)
    } else {
      const server = this.clientIsInitiator ? this.responder : this.initiator
      const isAnswered = this.isServerDone || server?.isBroken === true
      this.isDone = isAnswered || this.bytes > MAX_UNANSWERED_BYTES
    }
    if (this.isDone) this.drop()
  }

  private isServerSpeaking(): boolean {
    return this.isInitiatorSpeaking !== this.clientIsInitiator
  }

  private reader(isInitiator: boolean): HandshakeReader {
    if (isInitiator) return (this.initiator ??= new HandshakeReader(this.total))
    return (this.responder ??= new HandshakeReader(this.total))
  }

  private speaker(): HandshakeReader {
    return this.reader(this.isInitiatorSpeaking)
  }
}
