/** A pool that pays for nothing: hands out one made-up job and accepts every share. `node pool.ts HOST PORT [tls]` */
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { createServer as createTlsServer } from 'node:tls'
import { ownCertificate } from '../sealed/own-certificate.ts'

const [host = '127.0.0.1', port = '3333', carrier = 'tcp'] = process.argv.slice(2)
/** A share takes 2^16 hashes on average: 2^32 over the target. */
const JOB = {
  blob: '0e'.repeat(76),
  job_id: 'j1',
  target: 'ffff0000',
  algo: 'rx/0',
  height: 1,
  seed_hash: 'ab'.repeat(32),
}

const serve = (socket: Socket): void => {
  socket.on('error', () => undefined)
  createInterface({ input: socket }).on('line', (line) => answer(socket, line))
}
const server =
  carrier === 'tls' ? createTlsServer(ownCertificate('stand-in.example'), serve) : createServer(serve)
server.listen(Number(port), host, () => process.stdout.write('ready\n'))

function answer(socket: Socket, line: string): void {
  const request: { id: number; method: string } = JSON.parse(line)
  const result = request.method === 'login' ? { id: 's1', job: JOB, status: 'OK' } : { status: 'OK' }
  socket.write(`${JSON.stringify({ id: request.id, jsonrpc: '2.0', error: null, result })}\n`)
}
