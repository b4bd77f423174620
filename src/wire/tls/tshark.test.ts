import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import type { TlsNews } from '../flow/news.ts'
import { FlowTracker } from '../flow/tracker.ts'
import { CaptureReader } from '../capture/reader.ts'
import { DECODED, PacketDecoder } from '../packet/decoder.ts'
import { ja3Of, ja3sOf } from './fingerprints.ts'

const TSHARK = 'tshark'
const corpus = resolve(import.meta.dirname, '../../../../shared/corpus/benign/ndpi')
const isThere = existsSync(corpus) && spawnSync(TSHARK, ['--version']).status === 0

/** TLS over TCP as the project sees it. */
function ours(file: string): TlsNews[] {
  const told: TlsNews[] = []
  const tracker = new FlowTracker(100_000, {
    flow: () => {},
    stratum: () => {},
    dns: () => {},
    tls: (news) => void told.push(news),
  })
  const reader = new CaptureReader()
  const decoder = new PacketDecoder()
  reader.append(readFileSync(file))
  reader.end()
  while (reader.next()) {
    const { packet } = reader
    const { timeMs } = packet
    const outcome = decoder.decode(reader.bytes, reader.view, packet.at, packet.end, packet.linkType, timeMs)
    if (outcome === DECODED) tracker.track(decoder, timeMs, true, reader.packetNumber, packet.offset)
  }
  while (!tracker.finish(1000));
  return told
}

const FIELDS = ['tls.handshake.extensions_server_name', 'tls.handshake.ja3', 'tls.handshake.ja3s']

const HELLOS = 'tcp && (tls.handshake.type == 1 || tls.handshake.type == 2)'

/** Hellos over TCP as tshark sees them. */
function theirs(file: string): Set<string> {
  const run = spawnSync(
    TSHARK,
    ['-r', file, '-n', '-Y', HELLOS, '-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  const values = run.stdout.split('\n').flatMap((line) => {
    const [name = '', ja3 = '', ja3s = ''] = line.split('\t')
    return [
      ...split(name.toLowerCase()).map((one) => `name ${one}`),
      ...split(ja3).map((one) => `ja3 ${one}`),
      ...split(ja3s).map((one) => `ja3s ${one}`),
    ]
  })
  return new Set(values)
}

function split(cell: string): string[] {
  return cell.split(',').filter((one) => one !== '')
}

/** What only one of the two sees, and why. */
const EXPECTED = [
  // A port that tshark does not take for TLS.
  'KakaoTalk_chat.pcap: only we see ja3s 53611273a714cb4789c8222932efd5a7',
  // TLS that begins in the middle of another protocol; a proxy's tunnel is the only such that is read here.
  'ftp-start-tls.pcap: only tshark sees ja3 398076b7fcad56308a762b3c79fe1f44',
  'ftp-start-tls.pcap: only tshark sees ja3s 5cd6efb8d804faf03e1462073b729151',
  'mysql.pcapng: only tshark sees ja3 dd99f0b11b7a721ecdb698a10a9585cb',
  'mysql.pcapng: only tshark sees ja3s 15af977ce25de452b96affa2addb1036',
  'pgsql2.pcapng: only tshark sees ja3 8461521d6336a309df8b3e866e9aa77a',
  'pgsql2.pcapng: only tshark sees ja3s 15af977ce25de452b96affa2addb1036',
  // A hello that says it has no cipher suites.
  'tls_cipher_lens.pcap: only tshark sees ja3 12f72b3830028e0151f98b64f504bd9c',
]

/** The head of a record with a ClientHello or ServerHello in it. */
const HELLO = /\x16\x03[\0-\x04][^]{2}[\x01\x02]/u

it.skipIf(!isThere)(
  'names, JA3 and JA3S are those of tshark on public captures',
  () => {
    const differences: string[] = []
    let same = 0
    for (const file of globSync(join(corpus, '*.pcap*')).toSorted()) {
      if (!HELLO.test(readFileSync(file, 'latin1'))) continue
      const [own, other] = [valuesOf(ours(file)), theirs(file)]
      same += [...own].filter((value) => other.has(value)).length
      for (const value of own)
        if (!other.has(value)) differences.push(`${basename(file)}: only we see ${value}`)
      for (const value of other)
        if (!own.has(value)) differences.push(`${basename(file)}: only tshark sees ${value}`)
    }
    expect(same).toBeGreaterThan(50)
    expect(differences.toSorted()).toEqual(EXPECTED)
  },
  300_000,
)

function valuesOf(told: readonly TlsNews[]): Set<string> {
  const values = told.flatMap(({ handshake: { clientHello, serverHello } }) => [
    ...(clientHello === null ? [] : [`ja3 ${ja3Of(clientHello)}`]),
    ...(serverHello === null ? [] : [`ja3s ${ja3sOf(serverHello)}`]),
    ...(clientHello?.serverName === null || clientHello === null ? [] : [`name ${clientHello.serverName}`]),
  ])
  return new Set(values)
}
