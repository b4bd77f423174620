import { expect, test } from 'vitest'
import type { PoolEntry } from '../../intel/intel.ts'
import { parseScript } from '../model/host/shell.ts'
import { readMiningArguments } from './mining-arguments.ts'

const POOL: PoolEntry = {
  name: 'example',
  coin: 'Monero',
  confidence: 'confirmed',
  source: 'test',
  date: '2026-05-12',
  listed: 'pool.example.net',
  ports: [3333],
  isShared: false,
}
const poolByHost = (host: string) => (host === 'pool.example.net' ? POOL : null)
/** Made up: right in length and alphabet, no valid checksum. */
const MONERO = `4${'8edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGz'.padEnd(94, 'K')}`

test.each<[string, string | null]>([
  [`./a -o 198.51.100.7:443 -u ${MONERO} -p x`, '198.51.100.7:443'],
  [`./a --url=198.51.100.7:443 --user=${MONERO}.w1 --algo=rx/0`, '198.51.100.7:443'],
  ['./a -o stratum+ssl://pool.example.org:443 -u w', 'stratum+ssl://pool.example.org:443'],
  ['./a -o stratum2+tcp://pool.example.org:3336 -u w', 'stratum2+tcp://pool.example.org:3336'],
  ['./a -o pool.example.net:3333 -u w', 'pool.example.net:3333'],
  ['xmrig -o 198.51.100.7:80 -u w -k', '198.51.100.7:80'],
  [
    'lolMiner --algo ETCHASH --pool etc.example.org:4444 --user 0x0123456789abcdef0123456789abcdef01234567',
    'etc.example.org:4444',
  ],
  [
    't-rex -a kawpow -o stratum+tcp://rvn.example.org:3333 -u RAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab.w',
    'stratum+tcp://rvn.example.org:3333',
  ],
  ['SRBMiner-MULTI --algorithm randomx --pool 198.51.100.7:3333 --wallet w', '198.51.100.7:3333'],
])('mining: %s', (script, pool) => {
  const [command] = parseScript(script)
  expect(command === undefined ? null : readMiningArguments(command, poolByHost)).toMatchObject({ pool })
})

test.each([
  './a --donate-level 1 -c /tmp/c.json',
  './a --cpu-max-threads-hint=75 --algo=rx/0',
  'xmrig --config=/tmp/c.json',
])('mining, pool unknown: %s', (script) => {
  const [command] = parseScript(script)
  expect(command === undefined ? null : readMiningArguments(command, poolByHost)).toMatchObject({
    pool: null,
  })
})

test.each([
  'xmrig',
  'xmrig --help',
  'systemctl start xmrig -o stratum+tcp://x:1',
  'grep stratum+tcp:// -r /etc',
  'ssh -o Port=22 -u bob host:22',
  'psql -U bob -h db.example.org',
  'redis-cli -u redis://u:p@cache.example.org:6379',
  'mount -o addr=10.0.0.1:2049 -u x',
  `monero-wallet-cli --generate-from-view-key ${MONERO}`,
  'gcc -O2 -o a.b:1 -u main',
  'celery --worker 4 --pool prefork',
  'stress-ng --cpu 4 --cpu-affinity 1',
  'openssl speed -algo scrypt',
  'docker run --rm -u 1000:1000 registry.example.org:5000/x',
  'ansible -u bob -o web-1.example.org:22 all',
])('not mining: %s', (script) => {
  const [command] = parseScript(script)
  expect(command === undefined ? null : readMiningArguments(command, poolByHost)).toBeNull()
})
