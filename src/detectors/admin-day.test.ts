import { expect, test } from 'vitest'
import { authorizedKeys } from './authorized-keys/index.ts'
import { credentialAccess } from './credential-access/index.ts'
import { cronPersistence } from './cron-persistence/index.ts'
import type { Detector } from './detector.ts'
import { dropper } from './dropper/index.ts'
import { exfiltration } from './exfiltration/index.ts'
import { ldPreload } from './ld-preload/index.ts'
import { logWiping } from './log-wiping/index.ts'
import { minerProcess } from './miner-process/index.ts'
import { otherPersistence } from './other-persistence/index.ts'
import { replay } from './samples/auth-event.ts'
import { readEvents } from './samples/host-sample.ts'
import { spread } from './spread/index.ts'
import { systemdPersistence } from './systemd-persistence/index.ts'
import { takeover } from './takeover/index.ts'

const DAY = readEvents(new URL('samples/admin-day.jsonl', import.meta.url))
const DETECTORS: readonly Detector[] = [
  authorizedKeys,
  credentialAccess,
  cronPersistence,
  dropper,
  exfiltration,
  ldPreload,
  logWiping,
  minerProcess,
  otherPersistence,
  spread,
  systemdPersistence,
  takeover,
]

test.each(DETECTORS.map((detector) => [detector.id, detector] as const))(
  '%s tells nothing but context of an administrator’s day',
  (_, detector) => {
    const told = replay(detector, DAY).filter(
      (finding) => finding.stage !== 'context' || finding.severity !== 'low',
    )
    expect(told.map((finding) => `${finding.stage}: ${finding.title}`)).toEqual([])
  },
)
