import type { EvidenceWriter } from '../evidence-file.ts'
import type { CpuShares, LoadAverages } from './cpu-shares.ts'

export interface SadfHost {
  readonly name: string
  readonly release: string
  readonly cores: number
}

/** `sadf -j -- -u -q` over one day's data file (sysstat 12.6, sadf(1), json_stats.c): tabs, two decimals, UTC. */
export class SadfDay {
  readonly #file: EvidenceWriter
  #isEmpty = true

  constructor(file: EvidenceWriter, host: SadfHost, startMs: number) {
    this.#file = file
    const iso = new Date(startMs).toISOString()
    const fields = [
      `"nodename": ${JSON.stringify(host.name)}`,
      '"sysname": "Linux"',
      `"release": "${host.release}"`,
      '"machine": "x86_64"',
      `"number-of-cpus": ${host.cores}`,
      `"file-date": "${iso.slice(0, 10)}"`,
      `"file-utc-time": "${iso.slice(11, 19)}"`,
      '"timezone": "UTC"',
      '"statistics": [\n',
    ]
    file.writeText(`{"sysstat": {\n\t"hosts": [\n\t\t{\n\t\t\t${fields.join(',\n\t\t\t')}`)
  }

  sample(timeMs: number, intervalSeconds: number, shares: CpuShares, load: LoadAverages): void {
    const iso = new Date(timeMs).toISOString()
    const stamp = `"date": "${iso.slice(0, 10)}", "time": "${iso.slice(11, 19)}", "utc": 1, "interval": ${intervalSeconds}`
    const { user, nice, system, irq, iowait, steal, idle } = shares
    const cpu = [
      `"user": ${percent(user)}, "nice": ${percent(nice)}, "system": ${percent(system + irq)}`,
      `"iowait": ${percent(iowait)}, "steal": ${percent(steal)}, "idle": ${percent(idle)}`,
    ].join(', ')
    const queue = [
      `"runq-sz": ${load.runnable}, "plist-sz": ${taskCount(load)}, "ldavg-1": ${load.one.toFixed(2)}`,
      `"ldavg-5": ${load.five.toFixed(2)}, "ldavg-15": ${load.fifteen.toFixed(2)}, "blocked": 0`,
    ].join(', ')
    const indent = '\t\t\t\t\t'
    const members = [
      `${indent}"timestamp": {${stamp}}`,
      `${indent}"cpu-load": [\n${indent}\t{"cpu": "all", ${cpu}}\n${indent}]`,
      `${indent}"queue": {${queue}}`,
    ]
    const before = this.#isEmpty ? '' : ',\n'
    this.#isEmpty = false
    this.#file.writeText(`${before}\t\t\t\t{\n${members.join(',\n')}\n\t\t\t\t}`)
  }

  end(): void {
    const after = this.#isEmpty ? '' : '\n'
    this.#file.writeText(`${after}\t\t\t],\n\t\t\t"restarts": [\n\t\t\t]\n\t\t}\n\t]\n}}\n`)
    this.#file.flush()
  }
}

function percent(share: number): string {
  return (share * 100).toFixed(2)
}

function taskCount({ fifteen }: LoadAverages): number {
  return 118 + Math.round(fifteen * 6)
}
