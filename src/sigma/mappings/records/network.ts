import type { Mapping } from '../mapping.ts'

/** Every Zeek log has these (Zeek: "Log files", base/init-bare: conn_id). */
const CONNECTION = {
  ts: 'when',
  uid: 'id of the connection',
  id: 'orig_h, orig_p, resp_h, resp_p, where they are nested',
  'id.orig_h': 'who opened it',
  'id.orig_p': 'its port',
  'id.resp_h': 'who was called',
  'id.resp_p': 'its port',
}

const zeek = (
  service: string,
  fields: Readonly<Record<string, string>>,
  renames?: Readonly<Record<string, readonly string[]>>,
): Mapping => ({
  id: `zeek-${service}-log`,
  title: `Zeek, ${service}.log`,
  logSources: [{ product: 'zeek', service }],
  extent: 'open',
  fields: { ...CONNECTION, ...fields },
  ...(renames === undefined ? {} : { renames }),
})

export const NETWORK_RECORDS: readonly Mapping[] = [
  zeek('conn', {
    proto: 'tcp, udp, icmp',
    service: 'protocol that was recognised',
    duration: 'seconds',
    orig_bytes: 'bytes sent',
    resp_bytes: 'bytes received',
    conn_state: 'S0, SF, REJ …',
    history: 'what happened, one letter each',
  }),
  zeek('dce_rpc', { operation: 'what was called', endpoint: 'of what', named_pipe: 'through which pipe' }),
  zeek('dns', {
    query: 'the name',
    qtype_name: 'A, AAAA …',
    rcode_name: 'NOERROR …',
    answers: 'addresses and names',
    rejected: 'true where the server refused',
    Z: 'reserved bits',
  }),
  zeek(
    'http',
    {
      method: 'GET, POST …',
      host: 'host asked for',
      uri: 'path and query',
      referrer: 'page before',
      user_agent: 'user agent',
      status_code: 'status of the answer',
      resp_mime_types: 'what came back',
    },
    { 'c-uri': ['uri'], 'c-useragent': ['user_agent'], 'cs-method': ['method'], 'cs-host': ['host'] },
  ),
  zeek('kerberos', {
    request_type: 'AS, TGS',
    cipher: 'cipher',
    service: 'service asked for',
    client: 'who',
  }),
  zeek('notice', { note: 'kind of notice', msg: 'in words', sub: 'more', src: 'source', dst: 'destination' }),
  zeek('rdp', { cookie: 'user name sent', result: 'encrypted, …' }),
  zeek('smb_files', { action: 'what was done', path: 'share', name: 'file' }),
  zeek('ssh', { auth_success: 'whether it let in', client: 'client version', server: 'server version' }),
  zeek('ssl', {
    version: 'TLS version',
    server_name: 'SNI',
    ja3: 'JA3',
    ja3s: 'JA3S',
    validation_status: 'of the chain',
  }),
  zeek('x509', { certificate: 'serial, subject, issuer …', san: 'alternative names' }),
  {
    id: 'suricata-eve',
    title: 'Suricata EVE records',
    logSources: [{ product: 'suricata', service: 'eve' }],
    extent: 'open',
    fields: {
      event_type: 'alert, dns, tls …',
      alert: 'signature, category, severity',
      src_ip: 'source',
      dest_ip: 'destination',
    },
  },
]
