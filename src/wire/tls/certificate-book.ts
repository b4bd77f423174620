import { type Certificate, readCertificate } from './certificate.ts'

/** The newest certificates, by their ends; beyond it one takes the place of another. */
const PLACES = 512
/** Longer ones are not kept: a server's own has one or two kilobytes. */
const MAX_KEPT_BYTES = 4096

interface Known {
  readonly bytes: Uint8Array
  readonly certificate: Certificate | null
}

/** Certificates read before: few servers have most of the connections, and reading one costs as much as forty packets. */
export class CertificateBook {
  private readonly places: (Known | null)[] = Array.from({ length: PLACES }, () => null)

  /** As `readCertificate`. */
  read(bytes: Uint8Array): Certificate | null {
    const place = placeOf(bytes)
    const known = this.places[place] ?? null
    if (known !== null && isSame(known.bytes, bytes)) return known.certificate
    const certificate = readCertificate(bytes)
    if (bytes.length <= MAX_KEPT_BYTES) this.places[place] = { bytes: bytes.slice(), certificate }
    return certificate
  }
}

/** The signature stands at the end, and is as good as random. */
function placeOf(bytes: Uint8Array): number {
  const { length } = bytes
  const end = ((bytes[length - 2] ?? 0) << 8) | (bytes[length - 1] ?? 0)
  return (end ^ length) & (PLACES - 1)
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
