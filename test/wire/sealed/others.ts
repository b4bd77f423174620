import type { Random } from '../../../src/range/random.ts'
import { concatBytes, uint16s } from '../../../src/wire/bytes.ts'
import { webSocketFrame } from '../../../src/wire/encode/index.ts'
import { type Script, Talk } from './miners.ts'
import { evenTimes, poissonTimes } from './timing.ts'

const MASK = [1, 2, 3, 4] as const

/** What else stays connected for long and says little. Lengths and times as the programs named have them by default. */

/** A program that asks an API every so often over one connection (Prometheus, agents, dashboards). */
export const polling: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  const everyS = random.pick([5, 10, 15, 30, 60])
  const path = random.text(random.integer(8, 60), 'abcdefghij/')
  const usual = random.integer(60, 2500)
  const question = text(
    `GET /api/${path} HTTP/1.1\r\nHost: service.example\r\nUser-Agent: agent/1.4\r\nAccept: application/json\r\nAuthorization: Bearer ${random.text(random.integer(40, 300), 'abcdef')}\r\n\r\n`,
  )
  for (const atS of [0, ...evenTimes(everyS, lastsS, random)]) {
    const body = random.chance(0.6) ? usual : Math.round(usual * random.between(0.7, 1.6))
    talk.ask(atS, question, () => response(body), random.between(0.004, 0.4))
  }
  return talk.said
}

/** An agent that hands in what it has measured and is told `202`. */
export const metrics: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  const everyS = random.pick([10, 15, 30])
  for (const atS of [0, ...evenTimes(everyS, lastsS, random)]) {
    const body = random.integer(300, 6000)
    const head = `POST /v1/metrics HTTP/1.1\r\nHost: collector.example\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${body}\r\n\r\n`
    talk.ask(atS, concatBytes(text(head), random.bytes(body)), () => response(2), random.between(0.01, 0.2))
  }
  return talk.said
}

/** A program that says every so often that it is alive, and is told `204`. */
export const heartbeat: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  const host = random.text(random.integer(8, 30), 'abcdefghij')
  for (const atS of [0, ...evenTimes(random.pick([10, 20, 30, 60]), lastsS, random)]) {
    const body = `{"host":"${host}","load":${random.between(0, 4).toFixed(2)},"time":${1_778_555_640 + Math.round(atS)}}`
    const head = `POST /alive HTTP/1.1\r\nHost: status.example\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    const answer = 'HTTP/1.1 204 No Content\r\nDate: Tue, 12 May 2026 03:14:00 GMT\r\nServer: nginx\r\n\r\n'
    talk.ask(atS, text(head + body), () => text(answer), random.between(0.004, 0.3))
  }
  return talk.said
}

/** A page or program that tells what people do, as they do it, and is told `204`. */
export const beacon: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  for (const atS of poissonTimes(random.between(5, 40), lastsS, random)) {
    const body = `{"event":"${random.text(random.integer(4, 20), 'abcdef')}","session":"${random.hex(32)}"}`
    const head = `POST /events HTTP/1.1\r\nHost: events.example\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    const answer = 'HTTP/1.1 204 No Content\r\nDate: Tue, 12 May 2026 03:14:00 GMT\r\nServer: nginx\r\n\r\n'
    talk.ask(atS, text(head + body), () => text(answer), random.between(0.004, 0.3))
  }
  return talk.said
}

/** Prices as they change, through a WebSocket: the server speaks, the client hardly ever. */
export const priceFeed: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  talk.ask(0, random.bytes(240), () => random.bytes(170), 0.01)
  talk.ask(
    0.3,
    webSocketFrame(text('{"op":"subscribe","args":["trades:XBTUSD","quote:XBTUSD"]}'), { mask: MASK }),
    () => webSocketFrame(text('{"success":true,"subscribe":"trades:XBTUSD"}')),
    0.01,
  )
  const usual = random.integer(110, 400)
  for (const atS of poissonTimes(random.between(1, 30), lastsS, random))
    talk.tell(atS, webSocketFrame(text('x'.repeat(usual + random.integer(-6, 6)))))
  for (const atS of evenTimes(random.pick([15, 20, 30]), lastsS, random))
    talk.ask(atS, webSocketFrame(text('ping'), { mask: MASK }), () => webSocketFrame(text('pong')), 0.002)
  return talk.said
}

/** People who write to each other through a WebSocket, whose server pings it. */
export const webSocketChat: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  talk.ask(
    0,
    text(
      `GET /chat HTTP/1.1\r\nHost: chat.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${random.text(24, 'abcdef')}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    ),
    () =>
      text(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: abcdefghijklmnopqrstuvwxyz0=\r\n\r\n',
      ),
  )
  const words = (): Uint8Array =>
    text(
      JSON.stringify({
        type: 'message',
        room: 'r1',
        user: random.text(6, 'abcde'),
        text: random.text(random.integer(2, 220), 'abcdefgh '),
      }),
    )
  const pingS = random.pick([20, 25, 30, 45])
  for (const atS of evenTimes(pingS, lastsS, random)) {
    talk.tell(atS, webSocketFrame(text('2')))
    talk.send(atS + rttMs / 1000 + 0.002, webSocketFrame(text('3'), { mask: MASK }))
  }
  for (const atS of poissonTimes(random.between(6, 40), lastsS, random)) {
    if (random.chance(0.6)) talk.tell(atS, webSocketFrame(words()))
    else
      talk.ask(
        atS,
        webSocketFrame(words(), { mask: MASK }),
        () => webSocketFrame(text('{"type":"ack","id":12345}')),
        0.02,
      )
  }
  return talk.said
}

/** A sensor at an MQTT broker: it publishes with an acknowledgement, and hears commands. */
export const mqtt: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  const topic = `site/${random.text(12, 'abcdef')}/state`
  const payload = random.integer(20, 200)
  talk.ask(
    0,
    concatBytes(Uint8Array.of(0x10, 60), random.bytes(60)),
    () => Uint8Array.of(0x20, 2, 0, 0),
    0.01,
  )
  talk.ask(
    0.2,
    concatBytes(Uint8Array.of(0x82, 40), random.bytes(40)),
    () => Uint8Array.of(0x90, 3, 0, 1, 1),
    0.01,
  )
  const everyS = random.pick([10, 20, 30, 60])
  for (const atS of evenTimes(everyS, lastsS, random)) {
    const body = concatBytes(
      uint16s(topic.length),
      text(topic),
      uint16s(7),
      random.bytes(payload + random.integer(-3, 3)),
    )
    talk.ask(
      atS,
      concatBytes(Uint8Array.of(0x32, 0x80 | (body.length & 127), body.length >> 7), body),
      () => Uint8Array.of(0x40, 2, 0, 7),
      0.01,
    )
  }
  for (const atS of evenTimes(60, lastsS, random))
    talk.ask(atS + 5, Uint8Array.of(0xc0, 0), () => Uint8Array.of(0xd0, 0), 0.003)
  for (const atS of poissonTimes(random.between(60, 300), lastsS, random)) {
    talk.tell(atS, concatBytes(Uint8Array.of(0x32, 70), random.bytes(70)))
    talk.send(atS + rttMs / 1000 + 0.01, Uint8Array.of(0x40, 2, 0, 9))
  }
  return talk.said
}

/** gRPC over HTTP/2: calls with small answers, a stream of news, pings of the connection. */
export const grpc: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  talk.ask(
    0,
    concatBytes(text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(27, random)),
    () => concatBytes(frame(18, random), frame(0, random)),
    0.002,
  )
  talk.ask(
    0.1,
    concatBytes(frame(180, random), frame(random.integer(20, 150), random)),
    () => frame(60, random),
    0.02,
  )
  for (const atS of evenTimes(random.pick([10, 20, 30]), lastsS, random))
    talk.ask(atS, frame(8, random), () => frame(8, random), 0.001)
  for (const atS of poissonTimes(random.between(5, 40), lastsS, random)) {
    if (random.chance(0.5)) talk.tell(atS, frame(random.integer(40, 600), random))
    else
      talk.ask(
        atS,
        concatBytes(frame(60, random), frame(random.integer(20, 400), random)),
        () => concatBytes(frame(random.integer(20, 500), random), frame(24, random)),
        0.03,
      )
  }
  return talk.said
}

/** A mail program that waits for news (RFC 2177). */
export const imapIdle: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  talk.tell(
    0,
    text('* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN] ready.\r\n'),
  )
  talk.ask(
    0.3,
    text(`a1 LOGIN mira ${random.text(16, 'abcdef')}\r\n`),
    () =>
      text(
        'a1 OK [CAPABILITY IMAP4rev1 SASL-IR SORT THREAD=REFERENCES UNSELECT CHILDREN NAMESPACE UIDPLUS IDLE MOVE] Logged in\r\n',
      ),
    0.1,
  )
  talk.ask(
    0.8,
    text('a2 SELECT INBOX\r\n'),
    () =>
      text(
        '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n* 4123 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1508] UIDs valid\r\na2 OK [READ-WRITE] Select completed.\r\n',
      ),
    0.05,
  )
  talk.ask(1.2, text('a3 IDLE\r\n'), () => text('+ idling\r\n'), 0.01)
  let count = 4123
  const stillS = random.pick([60, 120, 300])
  for (const atS of evenTimes(stillS, lastsS, random)) talk.tell(atS, text('* OK Still here\r\n'))
  for (const atS of poissonTimes(random.between(60, 240), lastsS, random)) {
    talk.tell(atS, text(`* ${++count} EXISTS\r\n* 1 RECENT\r\n`))
    talk.ask(atS + 0.2, text('DONE\r\n'), () => text('a3 OK Idle completed (12.0 secs).\r\n'), 0.01)
    talk.ask(
      atS + 0.6,
      text(`a4 UID FETCH ${count} (FLAGS BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])\r\n`),
      () => random.bytes(random.integer(250, 900)),
      0.03,
    )
    talk.ask(atS + 1, text('a5 IDLE\r\n'), () => text('+ idling\r\n'), 0.01)
  }
  return talk.said
}

/** An application at its database: the same few statements, again and again, and the pool's own check. */
export const database: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  const statements = Array.from({ length: random.integer(2, 6) }, () => ({
    asks: random.integer(60, 420),
    answers: random.integer(20, 1800),
  }))
  for (const atS of poissonTimes(random.between(3, 25), lastsS, random)) {
    const { asks, answers } = statements[random.integer(0, statements.length - 1)] ?? {
      asks: 80,
      answers: 30,
    }
    talk.ask(
      atS,
      random.bytes(asks + random.integer(0, 6)),
      () => random.bytes(Math.round(answers * random.between(0.8, 1.4))),
      random.between(0.0005, 0.05),
    )
  }
  for (const atS of evenTimes(30, lastsS, random))
    talk.ask(atS, random.bytes(14), () => random.bytes(23), 0.001)
  return talk.said
}

/** A subscriber at a broker of messages (Redis, NATS): news of one kind, heartbeats both ways. */
export const subscriber: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  talk.ask(0, text('*2\r\n$4\r\nAUTH\r\n$16\r\nabcdefabcdefabcd\r\n'), () => text('+OK\r\n'), 0.001)
  talk.ask(
    0.1,
    text('*2\r\n$9\r\nSUBSCRIBE\r\n$6\r\nprices\r\n'),
    () => text('*3\r\n$9\r\nsubscribe\r\n$6\r\nprices\r\n:1\r\n'),
    0.001,
  )
  const usual = random.integer(80, 500)
  for (const atS of poissonTimes(random.between(5, 60), lastsS, random))
    talk.tell(atS, random.bytes(usual + random.integer(-20, 20)))
  for (const atS of evenTimes(random.pick([10, 30, 60]), lastsS, random))
    talk.ask(atS, text('*1\r\n$4\r\nPING\r\n'), () => text('*2\r\n$4\r\npong\r\n$0\r\n\r\n'), 0.001)
  return talk.said
}

/** A telephone that waits to be told something (as those of two large vendors do). */
export const push: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  talk.ask(0, random.bytes(random.integer(300, 800)), () => random.bytes(random.integer(40, 120)), 0.03)
  for (const atS of evenTimes(random.pick([60, 240, 600]), lastsS, random))
    talk.ask(atS, random.bytes(12), () => random.bytes(12), 0.002)
  for (const atS of poissonTimes(random.between(20, 200), lastsS, random)) {
    talk.tell(atS, random.bytes(random.integer(180, 1200)))
    talk.send(atS + rttMs / 1000 + 0.03, random.bytes(26))
  }
  return talk.said
}

function response(bodyBytes: number): Uint8Array {
  return text(
    `HTTP/1.1 200 OK\r\nDate: Tue, 12 May 2026 03:14:00 GMT\r\nContent-Type: application/json\r\nContent-Length: ${bodyBytes}\r\nConnection: keep-alive\r\n\r\n${'x'.repeat(bodyBytes)}`,
  )
}

/** A frame of HTTP/2 with so much in it. */
function frame(length: number, random: Random): Uint8Array {
  return concatBytes(Uint8Array.of(0, length >> 8, length & 255, 0, 0, 0, 0, 0, 1), random.bytes(length))
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}
