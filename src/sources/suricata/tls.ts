import type { TlsEvent } from '../../event/tls.ts'
import { isoTime } from '../iso-time.ts'
import { type Fields, objectAt, textAt } from '../json/fields.ts'
import { type EveBase, type Ends, textsAt } from './eve.ts'

const MAX_NAMES = 20

export function tlsEvent(tls: Fields, ends: Ends, communityId: string | null, base: EveBase): TlsEvent {
  const sni = textAt(tls, 'sni')
  return {
    kind: 'tls',
    ...base,
    communityId,
    ...ends,
    version: versionOf(textAt(tls, 'version')),
    serverName: sni === null ? null : sni.toLowerCase(),
    alpn: textsAt(tls, 'client_alpns', MAX_NAMES),
    alpnChosen: textsAt(tls, 'server_alpns', 1)[0] ?? null,
    ja3: textAt(objectAt(tls, 'ja3'), 'hash'),
    ja3s: textAt(objectAt(tls, 'ja3s'), 'hash'),
    ja4: textAt(tls, 'ja4'),
    certificate: certificateOf(tls),
    resolvedFrom: null,
  }
}

/** `TLS 1.3`, `TLSv1`, `SSLv3`; a draft or a number that Suricata has no name for stays as it is. */
function versionOf(text: string | null): string | null {
  if (text === null || text === 'UNDETERMINED') return null
  const match = /^TLS ?v?(1(?:\.[0-3])?)$/u.exec(text)
  if (match === null) return text
  return match[1] === '1' ? '1.0' : (match[1] ?? null)
}

function certificateOf(tls: Fields): TlsEvent['certificate'] {
  const subject = textAt(tls, 'subject')
  const issuer = textAt(tls, 'issuerdn')
  const notBefore = validity(textAt(tls, 'notbefore'))
  const notAfter = validity(textAt(tls, 'notafter'))
  if (subject === null || issuer === null || notBefore === null || notAfter === null) return null
  return {
    subject,
    issuer,
    names: textsAt(tls, 'subjectaltname', MAX_NAMES),
    notBefore,
    notAfter,
    isSelfSigned: subject === issuer,
    // Suricata's own fingerprint is SHA-1; this one is not in its log.
    sha256: '',
  }
}

/** `2026-05-12T03:14:05`, in UTC and without saying so. */
function validity(text: string | null): number | null {
  return isoTime(text, 'Z')
}
