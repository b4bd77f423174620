import { concatBytes } from '../../../src/wire/bytes.ts'
import { readCertificate } from '../../../src/wire/tls/certificate.ts'
import { ja3Of, ja3sOf, ja4Of } from '../../../src/wire/tls/fingerprints.ts'
import { certificate } from '../../../src/wire/tls/samples/certificates.ts'
import {
  certificateMessage,
  clientHello,
  record,
  records,
  serverHello,
  ssl2Hello,
} from '../../../src/wire/tls/samples/hellos.ts'
import { TlsSession } from '../../../src/wire/tls/session.ts'
import { promise, type Target } from '../target.ts'

const LIMIT = 100_000
const CERTIFICATE = certificate({
  subject: [
    ['C', 'DE', 0x13],
    ['CN', 'pool.example'],
  ],
  dnsNames: ['pool.example', '*.pool.example'],
  addresses: [[192, 0, 2, 7]],
})
const CLIENT = clientHello({
  serverName: 'pool.example',
  alpn: ['h2', 'http/1.1'],
  groups: [0x1a1a, 29, 23],
  pointFormats: [0],
  signatures: [0x0403, 0x0804],
  versions: [0x0a0a, 0x0304, 0x0303],
})
const SERVER = concatBytes(serverHello({ alpn: 'h2' }), certificateMessage(CERTIFICATE, CERTIFICATE))

/** Both directions of a handshake, cut anywhere, with gaps: the client's bytes first, then the server's. */
export const tls: Target = {
  name: 'tls',
  samples: () => [
    concatBytes(records(CLIENT), records(SERVER)),
    concatBytes(records(CLIENT, 20), records(SERVER, 100)),
    concatBytes(
      records(CLIENT),
      records(serverHello({ chosenVersion: 0x0304, isRetry: true })),
      record(20, Uint8Array.of(1)),
      records(serverHello({ chosenVersion: 0x0304 })),
    ),
    concatBytes(ssl2Hello(0x0301, [0x2f, 0x35]), records(SERVER)),
  ],
  words: [
    '\u0016\u0003\u0001',
    '\u0016\u0003\u0003',
    '\u0015\u0003\u0003\0\u0002',
    '\0\0',
    '\u00ff\u00ff',
    '0\u0082',
  ],
  build: null,
  check: (bytes, random) => {
    const total = { bytes: 0, limit: LIMIT, refused: 0 }
    const session = new TlsSession(total)
    const turn = random.integer(0, bytes.length)
    for (let at = 0; at < bytes.length;) {
      const size = random.chance(0.3) ? random.integer(1, 20) : 1460
      const isClient = at < turn
      const end = Math.min(bytes.length, at + size, isClient ? turn : bytes.length)
      session.feed(isClient, bytes.subarray(at, end), 0, 1, at)
      if (random.chance(0.01)) session.gap(isClient)
      promise(total.bytes <= LIMIT, 'bounded memory')
      at = end
    }
    const handshake = session.handshake()
    session.drop()
    promise(total.bytes === 0, 'memory given back')
    const client = handshake?.clientHello ?? null
    if (client !== null) {
      promise(/^[0-9a-f]{32}$/u.test(ja3Of(client) ?? '0'.repeat(32)), 'JA3 is an MD5')
      promise(
        /^t\w\w[di]\d{4}\w{2}_\w{12}_\w{12}$/u.test(ja4Of(client) ?? 't13d000000_000000000000_000000000000'),
        'JA4 has its form',
      )
      promise(client.serverName === null || /^[a-z0-9._-]{1,253}$/u.test(client.serverName), 'a host name')
    }
    if (handshake?.serverHello) promise(ja3sOf(handshake.serverHello).length === 32, 'JA3S is an MD5')
  },
}

export const x509: Target = {
  name: 'x509',
  samples: () => [CERTIFICATE, certificate({ isOld: true, notAfter: '20500101000000Z' })],
  words: [
    '0\u0080',
    '0\u0084\u00ff\u00ff\u00ff\u00ff',
    '\u0006\u0003U\u001d\u0011',
    '\u0017\r',
    '\u0018\u000f',
  ],
  build: null,
  check: (bytes) => {
    const read = readCertificate(bytes)
    if (read === null) return
    promise(read.subject.length <= 512 && read.issuer.length <= 512, 'short names')
    promise(read.names.length <= 20, 'few names')
    promise(Number.isFinite(read.notBefore) && Number.isFinite(read.notAfter), 'times')
  },
}
