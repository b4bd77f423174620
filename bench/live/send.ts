/** Sends small datagrams at a steady rate: `node send.ts HOST PORT PER_SECOND SECONDS`; prints how many went out. */
import { createSocket } from 'node:dgram'

const [host = '127.0.0.1', port = '9', perSecond = '100000', seconds = '60'] = process.argv.slice(2)
const payload = Buffer.alloc(200, 0x2e)
const socket = createSocket('udp4')
socket.on('error', () => undefined)

socket.connect(Number(port), host, () => {
  const startedAt = performance.now()
  const total = Number(perSecond) * Number(seconds)
  let sent = 0
  const tick = (): void => {
    const due = Math.min(total, ((performance.now() - startedAt) / 1000) * Number(perSecond))
    while (sent < due) {
      socket.send(payload)
      sent++
    }
    if (sent < total) setImmediate(tick)
    else socket.close(() => process.stdout.write(`${sent} ${performance.now() - startedAt}\n`))
  }
  tick()
})
