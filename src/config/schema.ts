import { z } from 'zod'
import { parseRange } from '../policy/address-set.ts'

const text = z.string().trim().min(1, 'must not be empty').max(4096, 'is too long')

const range = text.refine(
  (value) => parseRange(value) !== null,
  'is no address and no network (like 192.0.2.7 or 192.0.2.0/24)',
)

const program = text.refine(
  (value) => value.startsWith('/') || /^[0-9a-f]{64}$/iu.test(value),
  'must be an absolute path or a SHA-256',
)

const expiry = z.iso
  .date('must be a date (like 2027-01-31) or a time with its zone (like 2027-01-31T18:00:00Z)')
  .or(z.iso.datetime({ offset: true }))

export const SUBJECTS = ['asset', 'address', 'wallet', 'process'] as const

/** One thing of the owner's own: exactly one of the four, and why. */
export const KnownEntry = z
  .strictObject({
    asset: text.describe('name, host name or address of a machine that may mine').optional(),
    address: range.describe('an address or network that may be talked to, or may try logins').optional(),
    wallet: text.describe('a wallet or pool account, without the worker').optional(),
    process: program.describe('absolute path, or SHA-256').optional(),
    reason: text.describe('why it is no harm; shown wherever it hides something'),
    expires: expiry.describe('last day (UTC) or moment that it counts, by the time of the event').optional(),
  })
  .refine((entry) => SUBJECTS.filter((subject) => entry[subject] !== undefined).length === 1, {
    message: `must name exactly one of ${SUBJECTS.join(', ')}`,
  })

export const OperatorEntry = z
  .strictObject({
    name: text.optional(),
    addresses: z.array(range).optional(),
    accounts: z.array(text).optional().describe('count by themselves only where no addresses are given'),
  })
  .refine((entry) => (entry.addresses?.length ?? 0) + (entry.accounts?.length ?? 0) > 0, {
    message: 'must have addresses or accounts',
  })

export const MachineEntry = z.strictObject({
  name: text,
  id: text.describe('instance id').optional(),
  addresses: z
    .array(text.refine((value) => !value.includes('/') && parseRange(value) !== null, 'is no address'))
    .optional(),
  hostNames: z.array(text).optional(),
  type: text.describe('instance type, for its price').optional(),
  region: text.optional(),
  usdPerHour: z.number().nonnegative('must not be negative').optional(),
})

export const InventoryFile = z.array(MachineEntry)

/** `davylamp.yaml`. */
export const ConfigFile = z.strictObject({
  known: z.array(KnownEntry).nullish(),
  operators: z.array(OperatorEntry).nullish(),
  inventory: InventoryFile.nullish(),
})

/** Keys by section, for the hint at what was meant. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(ConfigFile.shape),
  known: Object.keys(KnownEntry.shape),
  operators: Object.keys(OperatorEntry.shape),
  inventory: Object.keys(MachineEntry.shape),
}
