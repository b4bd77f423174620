import { generateKeyPairSync, sign } from 'node:crypto'
import { concatBytes } from '../../../src/wire/bytes.ts'
import { der } from '../../../src/wire/tls/samples/certificates.ts'

export interface OwnCertificate {
  readonly key: string
  /** PEM: the certificate, then one like that of an issuer, as servers send both. */
  readonly cert: string
}

const ECDSA_SHA256 = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)
const COMMON_NAME = Uint8Array.of(0x55, 0x04, 0x03)
const ALTERNATIVE_NAMES = Uint8Array.of(0x55, 0x1d, 0x11)
/** What issuers add besides (policies, transparency, where to ask): so many bytes. */
const USUAL_EXTRA_BYTES = 600

/** A key and a certificate for it (RFC 5280) that nobody vouches for. */
export function ownCertificate(host: string): OwnCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = publicKey.export({ type: 'spki', format: 'der' })
  const made = (subject: string): string => {
    const algorithm = der(0x30, der(0x06, ECDSA_SHA256))
    const names = der(0x30, der(0x82, text(subject)))
    const extension = der(0x30, der(0x06, ALTERNATIVE_NAMES), der(0x04, names))
    const extra = der(
      0x30,
      der(0x06, Uint8Array.of(0x2a, 0x03, 0x04)),
      der(0x04, new Uint8Array(USUAL_EXTRA_BYTES).fill(0x2e)),
    )
    const body = der(
      0x30,
      der(0xa0, der(0x02, Uint8Array.of(2))),
      der(0x02, Uint8Array.of(1, 2, 3, 4)),
      algorithm,
      nameOf('Example Issuer'),
      der(0x30, der(0x17, text('260101000000Z')), der(0x17, text('280101000000Z'))),
      nameOf(subject),
      key,
      der(0xa3, der(0x30, extension, extra)),
    )
    const signature = sign('sha256', body, privateKey)
    return pem(der(0x30, body, algorithm, der(0x03, concatBytes(Uint8Array.of(0), signature))))
  }
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: made(host) + made('Example Issuer'),
  }
}

function nameOf(text16: string): Uint8Array {
  return der(0x30, der(0x31, der(0x30, der(0x06, COMMON_NAME), der(0x0c, text(text16)))))
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function pem(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/gu) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
