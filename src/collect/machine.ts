import { networkInterfaces } from 'node:os'
import type { Fact } from './fact.ts'
import type { Image } from './files/image.ts'

/** What the machine is called. */
export interface MachineNames {
  readonly host: string
  readonly machineId: string | null
  /** Of its own interfaces, without loopback and link-local ones. */
  readonly addresses: readonly string[]
}

const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})$/u

export function machineNames(image: Image, isLive: boolean): MachineNames {
  const kernel = isLive ? image.text('/proc/sys/kernel/hostname') : null
  const host = (kernel ?? image.text('/etc/hostname') ?? '').trim()
  const machineId = (image.text('/etc/machine-id') ?? '').trim()
  return {
    host: HOST.test(host) ? host : 'localhost',
    machineId: /^[0-9a-f]{32}$/u.test(machineId) ? machineId : null,
    addresses: isLive ? ownAddresses() : [],
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, scopeid }) => !internal && (scopeid ?? 0) === 0)
    .map(({ address }) => address)
}

export function machineFact(image: Image, names: MachineNames, isLive: boolean): Fact {
  const cpus = isLive ? (image.text('/proc/cpuinfo', 2 ** 20) ?? '') : ''
  return {
    type: 'machine',
    id: names.machineId ?? names.host,
    name: names.host,
    attributes: {
      ...names,
      isLive,
      processor: /^model name\s*: (.{1,200})$/mu.exec(cpus)?.[1] ?? null,
      cores: cpus.match(/^processor\s*:/gmu)?.length ?? null,
      memoryBytes: kib(
        /^MemTotal:\s+(\d+) kB$/mu.exec(isLive ? (image.text('/proc/meminfo') ?? '') : '')?.[1],
      ),
      vendor: image.text('/sys/class/dmi/id/sys_vendor')?.trim() ?? null,
      product: image.text('/sys/class/dmi/id/product_name')?.trim() ?? null,
      uptimeSeconds: isLive ? Number(image.text('/proc/uptime')?.split(' ', 1)[0] ?? 0) : null,
      instanceId: instanceId(image),
    },
  }
}

function kib(text: string | undefined): number | null {
  return text === undefined ? null : Number(text) * 1024
}

/** What cloud-init wrote down, or the board's own tag: nobody is asked over the network. */
function instanceId(image: Image): string | null {
  const tag = image.text('/sys/class/dmi/id/board_asset_tag')?.trim() ?? ''
  const noted = image.text('/var/lib/cloud/data/instance-id')?.trim() ?? ''
  return [tag, noted].find((one) => /^i-[0-9a-f]{8,17}$/u.test(one)) ?? null
}
