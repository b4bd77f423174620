import type { z } from 'zod'
import type { Machine } from '../assets/asset.ts'
import type { MachineEntry } from './schema.ts'

export function machineOf(entry: z.infer<typeof MachineEntry>): Machine {
  return {
    name: entry.name,
    id: entry.id ?? null,
    addresses: entry.addresses ?? [],
    hostNames: entry.hostNames ?? [],
    instanceType: entry.type ?? null,
    region: entry.region ?? null,
    usdPerHour: entry.usdPerHour ?? null,
  }
}
