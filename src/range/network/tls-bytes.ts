import { concatBytes, uint16s } from '../../wire/bytes.ts'
import type { Random } from '../random.ts'

/** What a TLS 1.3 connection looks like from outside (RFC 8446): two readable hellos, then sealed records. */
const RECORD = { changeCipherSpec: 20, handshake: 22, applicationData: 23 }
const EXTENSION = { serverName: 0, groups: 10, signatures: 13, alpn: 16, versions: 43, keyShare: 51 }
const X25519 = 0x001d
const TLS12 = 0x0303
const TLS13 = 0x0304
const MAX_RECORD_BYTES = 16_384

export function clientHello(serverName: string, random: Random): Uint8Array {
  const name = new TextEncoder().encode(serverName)
  const extensions = concatBytes(
    extension(EXTENSION.serverName, vector16(concatBytes(Uint8Array.of(0), vector16(name)))),
    extension(EXTENSION.groups, vector16(uint16s(X25519, 0x0017, 0x0018))),
    extension(EXTENSION.signatures, vector16(uint16s(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501))),
    extension(EXTENSION.alpn, vector16(vector8(new TextEncoder().encode('http/1.1')))),
    extension(EXTENSION.versions, vector8(uint16s(TLS13, TLS12))),
    extension(EXTENSION.keyShare, vector16(concatBytes(uint16s(X25519), vector16(random.bytes(32))))),
  )
  const body = concatBytes(
    uint16s(TLS12),
    random.bytes(32),
    vector8(random.bytes(32)),
    vector16(uint16s(0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f)),
    vector8(Uint8Array.of(0)),
    vector16(extensions),
  )
  return record(RECORD.handshake, handshake(1, body), 0x0301)
}

/** ServerHello, ChangeCipherSpec and the sealed rest of the handshake (certificate and all). */
export function serverHello(random: Random, certificateBytes: number): Uint8Array {
  const extensions = concatBytes(
    extension(EXTENSION.versions, uint16s(TLS13)),
    extension(EXTENSION.keyShare, concatBytes(uint16s(X25519), vector16(random.bytes(32)))),
  )
  const body = concatBytes(
    uint16s(TLS12),
    random.bytes(32),
    vector8(random.bytes(32)),
    uint16s(0x1301),
    Uint8Array.of(0),
    vector16(extensions),
  )
  return concatBytes(
    record(RECORD.handshake, handshake(2, body)),
    changeCipherSpec(),
    sealedRecords(certificateBytes, random),
  )
}

export function changeCipherSpec(): Uint8Array {
  return record(RECORD.changeCipherSpec, Uint8Array.of(1))
}

export function sealedRecords(bytes: number, random: Random): Uint8Array {
  const parts: Uint8Array[] = []
  for (let rest = bytes; rest > 0; rest -= MAX_RECORD_BYTES) {
    parts.push(record(RECORD.applicationData, random.bytes(Math.min(rest, MAX_RECORD_BYTES))))
  }
  return concatBytes(...parts)
}

function record(type: number, body: Uint8Array, version: number = TLS12): Uint8Array {
  return concatBytes(Uint8Array.of(type), uint16s(version), vector16(body))
}

function handshake(type: number, body: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(type, 0), vector16(body))
}

function extension(type: number, body: Uint8Array): Uint8Array {
  return concatBytes(uint16s(type), vector16(body))
}

function vector16(bytes: Uint8Array): Uint8Array {
  return concatBytes(uint16s(bytes.length), bytes)
}

function vector8(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length), bytes)
}
