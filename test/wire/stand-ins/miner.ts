/** A miner that does not hash: logs in and hands in shares of chance. `node miner.ts HOST PORT SHARES EVERY_MS [NAME VERSION]`: over TLS where it asks for a name. */
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

const [host = '127.0.0.1', port = '3333', shares = '5', everyMs = '100', name, version] =
  process.argv.slice(2)
const login = `4${'8DavyLampStandIn'.repeat(7).slice(0, 94)}`.replaceAll(/[0OIl]/gu, 'x')

const open = (): void => {
  // When the first message of the dialogue left, for whoever measures how soon it is found.
  process.stdout.write(`${Date.now()}\n`)
  send({
    id: 1,
    method: 'login',
    params: { login, pass: 'hunter2', agent: 'XMRig/6.21.0', rigid: 'stand-in' },
  })
  let sent = 0
  const timer = setInterval(() => {
    if (sent++ < Number(shares)) return send({ id: sent + 1, method: 'submit', params: share(sent) })
    clearInterval(timer)
    socket.end()
  }, Number(everyMs))
}
const socket = name === undefined ? connect(Number(port), host, open) : sealed(name)
socket.on('data', () => undefined)

function share(count: number) {
  return { id: 's1', job_id: 'j1', nonce: count.toString(16).padStart(8, '0'), result: 'cd'.repeat(32) }
}

function send(message: object): void {
  socket.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

function sealed(servername: string) {
  const only = version === 'TLSv1.2' ? 'TLSv1.2' : 'TLSv1.3'
  const versions = { minVersion: only, maxVersion: only } as const
  return connectTls({ host, port: Number(port), servername, rejectUnauthorized: false, ...versions }, open)
}
