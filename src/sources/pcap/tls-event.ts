import { identifier } from '../../event/identifier.ts'
import type { Origin } from '../../event/origin.ts'
import type { TlsEvent } from '../../event/tls.ts'
import type { TlsNews } from '../../wire/flow/news.ts'
import { ja3Of, ja3sOf, ja4Of } from '../../wire/tls/fingerprints.ts'
import type { TlsHandshake } from '../../wire/tls/session.ts'
import { offeredVersion, versionName } from '../../wire/tls/version.ts'

const PRINTABLE = /^[\x21-\x7e]{1,255}$/u

/** `origin` is that of the hello, its raw text still to be said. */
export function tlsEvent(
  { flow, clientIsSource, handshake }: TlsNews,
  origin: Omit<Origin, 'raw'>,
  nameOf: (clientIp: string, address: string, timeMs: number) => string | null,
): TlsEvent {
  const src = { ip: flow.srcIp, port: flow.srcPort }
  const dst = { ip: flow.dstIp, port: flow.dstPort }
  const [client, server] = clientIsSource ? [src, dst] : [dst, src]
  const { clientHello, serverHello, certificate } = handshake
  const shown = {
    version: versionOf(handshake),
    serverName: clientHello?.serverName ?? null,
    alpn: (clientHello?.alpn ?? []).filter((protocol) => PRINTABLE.test(protocol)),
    alpnChosen: printable(serverHello?.alpn ?? null),
    ja3: clientHello === null ? null : ja3Of(clientHello),
    ja3s: serverHello === null ? null : ja3sOf(serverHello),
    ja4: clientHello === null ? null : ja4Of(clientHello),
    certificate: certificate === null ? null : { ...certificate, names: [...certificate.names] },
  }
  return {
    kind: 'tls',
    time: flow.last,
    timeQuality: flow.isTimed ? 'exact' : 'unknown',
    observer: identifier('ip', client.ip),
    subjects: [identifier('ip', client.ip)],
    origin: { ...origin, raw: tlsText(shown, clientHello !== null) },
    communityId: flow.communityId,
    srcIp: client.ip,
    srcPort: client.port,
    dstIp: server.ip,
    dstPort: server.port,
    ...shown,
    resolvedFrom: nameOf(client.ip, server.ip, flow.start),
  }
}

type Shown = Pick<
  TlsEvent,
  'version' | 'serverName' | 'alpn' | 'alpnChosen' | 'ja3' | 'ja3s' | 'ja4' | 'certificate'
>

/** One line for people: `ClientHello: pool.example.org, TLS 1.3, ALPN h2, JA3 …, JA4 …; ServerHello: …`. */
function tlsText(shown: Shown, isClientSeen: boolean): string {
  const { version, serverName, alpn, alpnChosen, ja3, ja3s, ja4, certificate } = shown
  const client = [
    serverName ?? 'no server name',
    ...(alpn.length === 0 ? [] : [`ALPN ${alpn.join(' ')}`]),
    ...(ja3 === null ? [] : [`JA3 ${ja3}`]),
    ...(ja4 === null ? [] : [`JA4 ${ja4}`]),
  ]
  const server = [
    ...(version === null ? [] : [version.startsWith('SSL') ? version : `TLS ${version}`]),
    ...(alpnChosen === null ? [] : [`ALPN ${alpnChosen}`]),
    ...(ja3s === null ? [] : [`JA3S ${ja3s}`]),
  ]
  const parts = [
    ...(isClientSeen ? [`ClientHello: ${client.join(', ')}`] : []),
    ...(ja3s === null ? [] : [`ServerHello: ${server.join(', ')}`]),
    ...(certificate === null ? [] : [`Certificate: ${certificate.subject}`]),
  ]
  return parts.join('; ')
}

function versionOf({ clientHello, serverHello }: TlsHandshake): string | null {
  if (serverHello !== null) return versionName(serverHello.chosenVersion)
  return clientHello === null ? null : versionName(offeredVersion(clientHello))
}

function printable(text: string | null): string | null {
  return text !== null && PRINTABLE.test(text) ? text : null
}
