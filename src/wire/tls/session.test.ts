import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../bytes.ts'
import { certificate } from './samples/certificates.ts'
import {
  certificateMessage,
  clientHello,
  message,
  record,
  records,
  serverHello,
  ssl2Hello,
} from './samples/hellos.ts'
import { TlsSession } from './session.ts'

const POOL = { serverName: 'Pool.Example.', alpn: ['http/1.1'] }
const CERTIFICATE = certificate({ dnsNames: ['pool.example'] })
const CHANGE = record(20, Uint8Array.of(1))
const SEALED = record(23, new Uint8Array(40).fill(0x99))

type Step =
  | readonly [who: 'client' | 'server', bytes: Uint8Array]
  | readonly [who: 'client' | 'server', 'gap']

/** What a session has seen of the steps, each fed in pieces of `size`; the client opens the connection unless `isTurned`. */
function play(steps: readonly Step[], size = 65_536, isTurned = false) {
  const total = { bytes: 0, limit: 100_000, refused: 0 }
  const session = new TlsSession(total)
  for (const [i, [who, what]] of steps.entries()) {
    const fromInitiator = (who === 'client') !== isTurned
    if (what === 'gap') session.gap(fromInitiator)
    else
      for (let at = 0; at < what.length; at += size)
        session.feed(fromInitiator, what.subarray(at, at + size), 0, i + 1, 100 + i)
  }
  const seen = { handshake: session.handshake(), isDone: session.isDone }
  session.drop()
  expect(total.bytes).toBe(0)
  return seen
}

const TLS12: readonly Step[] = [
  ['client', records(clientHello(POOL))],
  [
    'server',
    records(concatBytes(serverHello({ alpn: 'http/1.1' }), certificateMessage(CERTIFICATE, CERTIFICATE))),
  ],
]

describe('a TLS connection', () => {
  it.each([1, 2, 3, 7, 100, 65_536])('of version 1.2 is read in pieces of %i bytes', (size) => {
    const { handshake, isDone } = play(TLS12, size)
    expect(isDone).toBe(true)
    expect(handshake).toMatchObject({
      clientIsInitiator: true,
      clientHello: { serverName: 'pool.example', alpn: ['http/1.1'] },
      serverHello: { chosenVersion: 0x0303, alpn: 'http/1.1' },
      certificate: { subject: 'CN=pool.example', names: ['pool.example'] },
      packet: 1,
      offset: 100,
    })
  })

  it.each([1, 5, 64])('is read with its messages in records of %i bytes', (size) => {
    const { handshake } = play([
      ['client', records(clientHello(POOL), size)],
      ['server', records(concatBytes(serverHello(), certificateMessage(CERTIFICATE)), size)],
    ])
    expect(handshake?.clientHello?.serverName).toBe('pool.example')
    expect(handshake?.certificate?.subject).toBe('CN=pool.example')
  })

  it.each<[string, readonly Step[], object, boolean]>([
    [
      'version 1.3: sealed behind the ServerHello',
      [
        ['client', records(clientHello({ ...POOL, versions: [0x0304] }))],
        ['server', concatBytes(records(serverHello({ chosenVersion: 0x0304 })), CHANGE, SEALED)],
      ],
      { serverHello: { chosenVersion: 0x0304 }, certificate: null },
      true,
    ],
    [
      'HelloRetryRequest: the second answer counts',
      [
        ['client', records(clientHello({ ...POOL, versions: [0x0304] }))],
        [
          'server',
          concatBytes(records(serverHello({ chosenVersion: 0x0304, isRetry: true, cipher: 1 })), CHANGE),
        ],
        ['client', concatBytes(CHANGE, records(clientHello({ serverName: 'other.example' })))],
        ['server', records(serverHello({ chosenVersion: 0x0304, cipher: 0x1302 }))],
      ],
      { clientHello: { serverName: 'pool.example' }, serverHello: { cipher: 0x1302 } },
      true,
    ],
    [
      'a session taken up again has no certificate',
      [
        ['client', records(clientHello(POOL))],
        ['server', concatBytes(records(serverHello()), CHANGE, SEALED)],
      ],
      { serverHello: { cipher: 0xc02f }, certificate: null },
      true,
    ],
    [
      'a warning before the ServerHello',
      [
        ['client', records(clientHello(POOL))],
        [
          'server',
          concatBytes(record(21, Uint8Array.of(1, 112)), records(serverHello({ chosenVersion: 0x0304 }))),
        ],
      ],
      { serverHello: { chosenVersion: 0x0304 } },
      true,
    ],
    [
      'anonymous: key exchange without a certificate',
      [
        ['client', records(clientHello(POOL))],
        ['server', records(concatBytes(serverHello(), message(12, new Uint8Array(9))))],
      ],
      { certificate: null },
      true,
    ],
    [
      'the certificate in a message longer than is kept',
      [
        ['client', records(clientHello(POOL))],
        [
          'server',
          records(
            concatBytes(serverHello(), certificateMessage(CERTIFICATE, new Uint8Array(60_000), CERTIFICATE)),
          ),
        ],
      ],
      { certificate: { subject: 'CN=pool.example' } },
      true,
    ],
    [
      'a hello in the form of SSL 2.0',
      [
        ['client', ssl2Hello(0x0301, [0x00002f, 0x010080])],
        ['server', records(concatBytes(serverHello({ version: 0x0301 }), certificateMessage(CERTIFICATE)))],
      ],
      {
        clientHello: { version: 0x0301, isSsl2: true, serverName: null },
        certificate: { subject: 'CN=pool.example' },
      },
      true,
    ],
    ['no answer yet', [['client', records(clientHello(POOL))]], { serverHello: null }, false],
    [
      'no answer in sight',
      [
        ['client', records(clientHello(POOL))],
        ['client', new Uint8Array(40_000)],
      ],
      { serverHello: null },
      true,
    ],
    [
      'the answer is missing',
      [
        ['client', records(clientHello(POOL))],
        ['server', 'gap'],
        ['server', SEALED],
      ],
      { serverHello: null },
      true,
    ],
    [
      'only the server was captured',
      [['server', records(concatBytes(serverHello(), certificateMessage(CERTIFICATE)))]],
      { clientHello: null, serverHello: { cipher: 0xc02f }, clientIsInitiator: true },
      true,
    ],
    [
      'the first packets of the client are missing',
      [
        ['client', 'gap'],
        ['server', records(concatBytes(serverHello(), certificateMessage(CERTIFICATE)))],
      ],
      { clientHello: null, certificate: { subject: 'CN=pool.example' } },
      true,
    ],
  ])('%s', (_, steps, expected, isDone) => {
    expect(play(steps)).toMatchObject({ handshake: expected, isDone })
    expect(play(steps, 3)).toMatchObject({ handshake: { ...expected }, isDone })
  })

  it('is read whoever is taken for the one who opened it', () => {
    expect(play(TLS12, 1460, true).handshake).toMatchObject({
      clientIsInitiator: false,
      clientHello: { serverName: 'pool.example' },
    })
  })

  it.each<[string, readonly Step[]]>([
    [
      'joined in its middle',
      [
        ['client', SEALED],
        ['server', SEALED],
      ],
    ],
    [
      'joined in a sealed handshake',
      [
        ['client', record(22, new Uint8Array(40).fill(0x6b))],
        ['server', record(22, new Uint8Array(40).fill(0x6b))],
      ],
    ],
    [
      'another protocol that begins with the same byte',
      [
        ['client', Uint8Array.of(22, 9, 9, 9, 9, 9)],
        ['server', Uint8Array.of(1, 2, 3)],
      ],
    ],
    [
      'another protocol that begins like SSL 2.0',
      [
        ['client', concatBytes(Uint8Array.of(0x80, 0x2e, 1), new Uint8Array(60).fill(9))],
        ['server', new TextEncoder().encode('hello\n')],
      ],
    ],
    [
      'one side says nothing that could be read',
      [
        ['client', Uint8Array.of(22, 9)],
        ['client', new Uint8Array(10_000)],
      ],
    ],
  ])('is none: %s', (_, steps) => {
    expect(play(steps)).toEqual({ handshake: null, isDone: true })
  })

  it.each([
    'a b.example',
    'pool.example\0',
    '-x.example',
    'x'.repeat(64),
    'a.'.repeat(130),
    '',
    '\u00e4.example',
  ])('does not take %j for a server name', (serverName) => {
    const seen = play([['client', records(clientHello({ serverName }))]])
    expect(seen.handshake?.clientHello).toMatchObject({ serverName: null })
  })

  it('stands any bytes in any pieces', () => {
    const streams = [
      concatBytes(...TLS12.map(([, bytes]) => (bytes === 'gap' ? new Uint8Array() : bytes))),
      ssl2Hello(0x0303, [0x2f]),
    ]
    const edit = fc.tuple(fc.nat(), fc.nat(255))
    fc.assert(
      fc.property(
        fc.constantFrom(...streams),
        fc.array(edit, { maxLength: 12 }),
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 300 })), { maxLength: 20 }),
        (stream, edits, pieces) => {
          const total = { bytes: 0, limit: 60_000, refused: 0 }
          const session = new TlsSession(total)
          const bytes = stream.slice()
          for (const [at, value] of edits) bytes[at % bytes.length] = value
          let at = 0
          for (const [isFirst, size] of pieces) {
            session.feed(isFirst, bytes.subarray(at, at + size), 0, 1, 0)
            if (size === 13) session.gap(isFirst)
            at += size
            expect(total.bytes).toBeLessThanOrEqual(60_000)
          }
          session.handshake()
          session.drop()
          expect(total.bytes).toBe(0)
        },
      ),
      { seed: 22, numRuns: 1000 },
    )
  })
})
