import type { Event } from '../../event/event.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { isOfService, keeperOf } from '../model/host/maintenance.ts'
import { unwrap } from '../model/host/unwrap.ts'
import { leaseOf } from './lease.ts'
import { uploadOf } from './upload.ts'

type See = (sighting: Sighting) => void

const INTEREST =
  /curl|wget|\bnc\b|ncat|netcat|scp|rsync|rclone|socks|proxy|gost|chisel|ngrok|frpc|\bfrp\b|ssh\s|earnapp|honeygain|traffmonetizer|peer2profit|pawns|repocket|packetstream|bitping|tmate|xray|v2ray|sing-box|danted|autossh|bore|cloudflared|iproyal|mysterium|psclient/iu

/**
 * Data carried off, and doors and bandwidth let to others: what miners do not need. Backups and tunnels of owners
 * look alike, so it is context unless the way is one that only strangers take.
 */
export const exfiltration = defineHostDetector<object>({
  id: 'exfiltration',
  title: 'Data carried off, and access let to others',
  attack: ['T1048', 'T1567', 'T1090', 'T1572', 'T1496.002'],
  kinds: ['process'],
  remember: () => ({}),
  look,
  mergeMemory() {},
})

function look(state: HostState, event: Event, see: See): void {
  if (event.kind !== 'process' || event.action !== 'exec' || !event.isSuccess) return
  if (!INTEREST.test(event.commandLine.slice(0, 16_384))) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  if (keeper === 'packages' || keeper === 'automation') return
  const isService = keeper === null && isOfService(state.lineage, event.actor, event.time)
  for (const command of unwrap(event).commands) {
    const upload = uploadOf(command)
    if (upload !== null) {
      const { what, remote, isTelling } = upload
      see(
        sighting('exfiltration', `Data was sent away: ${what}`, {
          path: upload.path,
          remote,
          attack: 'T1048',
          isTelling: isTelling || isService,
        }),
      )
    }
    const lease = leaseOf(command)
    if (lease !== null) {
      const { what, path, remote, isTelling } = lease
      see(
        sighting('access-sold', what, {
          path,
          remote,
          attack: lease.attack,
          isTelling: isTelling || isService,
        }),
      )
    }
  }
}

interface Shown {
  readonly path: string | null
  readonly remote: string | null
  readonly attack: string
  readonly isTelling: boolean
}

function sighting(what: string, title: string, { path, remote, attack, isTelling }: Shown): Sighting {
  return {
    what,
    title,
    severity: isTelling ? 'medium' : 'low',
    confidence: isTelling ? 0.6 : 0.3,
    stage: isTelling ? 'foothold' : 'context',
    attack: [attack],
    path,
    remote,
  }
}
