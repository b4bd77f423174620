import { z } from 'zod'
import { EventBase } from './base.ts'

/**
 * What a TLS connection shows before it is encrypted (RFC 8446, RFC 5246). `src` is the client.
 * JA3/JA3S: salesforce/ja3; JA4: the client fingerprint of FoxIO/ja4 (BSD-3), nothing else of that family.
 * OCSF: Network Activity (4001) with the tls object. Sigma (Zeek): service ssl.
 */
export const TlsEvent = EventBase.extend({
  kind: z.literal('tls'),
  communityId: z.string().nullable(),
  srcIp: z.string(),
  srcPort: z.int(),
  dstIp: z.string(),
  dstPort: z.int(),
  version: z
    .string()
    .nullable()
    .describe('what was agreed on: 1.3; what was offered, where no answer was seen'),
  serverName: z.string().nullable().describe('SNI, lower case'),
  alpn: z.array(z.string()).describe('offered by the client'),
  alpnChosen: z.string().nullable(),
  ja3: z.string().nullable(),
  ja3s: z.string().nullable(),
  ja4: z.string().nullable(),
  certificate: z
    .object({
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()).describe('subject alternative names, at most 20'),
      notBefore: z.number().describe('epoch ms'),
      notAfter: z.number(),
      isSelfSigned: z.boolean(),
      sha256: z.string(),
    })
    .nullable()
    .describe('of the server, where it went over the wire in clear (TLS 1.2 and older)'),
  resolvedFrom: z
    .string()
    .nullable()
    .describe('the name this client had looked up before, where DNS was seen'),
})
export type TlsEvent = z.infer<typeof TlsEvent>
