/**
 * Makes the tables in `src/intel/data/` from public lists: `node scripts/intel/import.ts [folder of the lists]`.
 * Only facts are taken over (host, port, coin, date, price, technique id and name), never sentences.
 * The same lists give the same bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attackTable } from './attack.ts'
import { familyTable } from './families.ts'
import { poolTable } from './pools.ts'
import { priceTable } from './prices.ts'
import { sharedAddressTable } from './shared-addresses.ts'

const lists = process.argv[2] ?? new URL('../../../shared/corpus/intel', import.meta.url).pathname
const target = new URL('../../src/intel/data/', import.meta.url)

function list(name: string): string {
  return readFileSync(join(lists, name), 'utf8')
}

function own(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

/** One row a line: small, and a change shows in a diff. */
function write(name: string, table: Record<string, unknown>): void {
  const parts = Object.entries(table).map(([key, value]) => {
    const rows = Array.isArray(value)
      ? `[\n${value.map((row) => JSON.stringify(row)).join(',\n')}\n]`
      : JSON.stringify(value)
    return `${JSON.stringify(key)}: ${rows}`
  })
  writeFileSync(new URL(name, target), `{\n${parts.join(',\n')}\n}\n`)
}

write(
  'pools.json',
  poolTable({
    domains: list('mining_pool_domains.csv'),
    maltrail: list('maltrail/crypto_mining.txt'),
    famous: own('famous-pools.json'),
    shared: own('shared-domains.json'),
    sharedAddresses: own('shared-addresses.json'),
  }),
)
write('shared-addresses.json', sharedAddressTable(own('shared-addresses.json')))
write('prices.json', priceTable(list('ec2-prices-us-east-1.json')))
write('attack.json', attackTable(list('attack-v19.json')))
write(
  'families.json',
  familyTable({
    trails: Object.fromEntries(
      [
        'elf_coinminer',
        'elf_h2miner',
        'elf_teamtnt',
        'm8220_miner',
        'perl_shellbot',
        'redtail_miner',
        'watchdog_miner',
      ].map((name) => [name, list(`maltrail/${name}.txt`)]),
    ),
    marks: own('family-marks.json'),
    shared: own('shared-domains.json'),
    sharedAddresses: own('shared-addresses.json'),
  }),
)
