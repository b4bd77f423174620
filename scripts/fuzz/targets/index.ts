import type { Target } from '../target.ts'
import { archives } from './archives.ts'
import { capture, dns, packetText } from './captures.ts'
import { dialogue } from './dialogue.ts'
import { audit, journal, lines, sshd, sshdMessage } from './logs.ts'
import { config, inventory } from './owners-files.ts'
import { story } from './story.ts'
import { escaping, masking } from './text.ts'

/** Everything that is fuzzed. Adding one: a target, and one line here. */
export const TARGETS: readonly Target[] = [
  archives,
  audit,
  capture,
  config,
  dialogue,
  dns,
  escaping,
  inventory,
  journal,
  lines,
  masking,
  packetText,
  sshd,
  sshdMessage,
  story,
]
