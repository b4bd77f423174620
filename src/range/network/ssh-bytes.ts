import { concatBytes } from '../../wire/encode/index.ts'
import type { Random } from '../random.ts'

/**
 * What an SSH 2 connection looks like from outside (RFC 4253, RFC 5656, RFC 8731): identification
 * strings, key exchange in the clear, then sealed packets of the right lengths filled with random bytes.
 */
const MESSAGE = { kexInit: 20, newKeys: 21, kexEcdhInit: 30, kexEcdhReply: 31 }
const PACKET_BLOCK_BYTES = 8
const MIN_PADDING_BYTES = 4
/** chacha20-poly1305@openssh.com: a length before and a tag behind whole blocks of padding length, message, padding. */
const SEAL_BYTES = 4 + 16

export interface SshSoftware {
  readonly banner: string
  readonly kex: string
  readonly hostKeys: string
  readonly ciphers: string
  readonly macs: string
}

const CHACHA = 'chacha20-poly1305@openssh.com'
const OPENSSH_MACS =
  'umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com'

export const SERVER: SshSoftware = {
  banner: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u5',
  kex: 'sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256',
  hostKeys: 'rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256,ssh-ed25519',
  ciphers: `${CHACHA},aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com`,
  macs: OPENSSH_MACS,
}

export const OFFICE_CLIENT: SshSoftware = { ...SERVER, banner: 'SSH-2.0-OpenSSH_9.6' }

export const GUESSING_CLIENT: SshSoftware = {
  banner: 'SSH-2.0-libssh_0.9.6',
  kex: 'curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256',
  hostKeys: 'ssh-ed25519,rsa-sha2-512,rsa-sha2-256',
  ciphers: `${CHACHA},aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes128-ctr`,
  macs: 'hmac-sha2-256-etm@openssh.com,hmac-sha2-256',
}

export function identification(software: SshSoftware): Uint8Array {
  return new TextEncoder().encode(`${software.banner}\r\n`)
}

export function kexInit(software: SshSoftware, random: Random): Uint8Array {
  const { kex, hostKeys, ciphers, macs } = software
  const lists = [kex, hostKeys, ciphers, ciphers, macs, macs, 'none', 'none', '', '']
  const payload = concatBytes(
    Uint8Array.of(MESSAGE.kexInit),
    random.bytes(16),
    ...lists.map((list) => sshString(new TextEncoder().encode(list))),
    new Uint8Array(5),
  )
  return plainPacket(payload, random)
}

export function kexEcdhInit(random: Random): Uint8Array {
  return plainPacket(concatBytes(Uint8Array.of(MESSAGE.kexEcdhInit), sshString(random.bytes(32))), random)
}

/** Server's answer with an Ed25519 host key, and its NEWKEYS in the same write. */
export function kexEcdhReply(random: Random): Uint8Array {
  const algorithm = sshString(new TextEncoder().encode('ssh-ed25519'))
  const hostKey = concatBytes(algorithm, sshString(random.bytes(32)))
  const signature = concatBytes(algorithm, sshString(random.bytes(64)))
  const reply = concatBytes(
    Uint8Array.of(MESSAGE.kexEcdhReply),
    sshString(hostKey),
    sshString(random.bytes(32)),
    sshString(signature),
  )
  return concatBytes(plainPacket(reply, random), newKeys(random))
}

export function newKeys(random: Random): Uint8Array {
  return plainPacket(Uint8Array.of(MESSAGE.newKeys), random)
}

/** A packet after NEWKEYS that holds so many bytes of message. */
export function sealed(messageBytes: number, random: Random): Uint8Array {
  const blocks = Math.ceil((1 + messageBytes + MIN_PADDING_BYTES) / PACKET_BLOCK_BYTES)
  return random.bytes(SEAL_BYTES + blocks * PACKET_BLOCK_BYTES)
}

/** packet_length, padding_length, payload, padding to whole blocks (at least four bytes). */
function plainPacket(payload: Uint8Array, random: Random): Uint8Array {
  const unpadded = 5 + payload.length
  let padding = PACKET_BLOCK_BYTES - (unpadded % PACKET_BLOCK_BYTES)
  if (padding < MIN_PADDING_BYTES) padding += PACKET_BLOCK_BYTES
  const header = new Uint8Array(5)
  new DataView(header.buffer).setUint32(0, 1 + payload.length + padding)
  header[4] = padding
  return concatBytes(header, payload, random.bytes(padding))
}

function sshString(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, bytes.length)
  return concatBytes(length, bytes)
}
