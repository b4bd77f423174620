import { campaignDetector } from '../model/guessing/campaign-detector.ts'
import type { Detector } from '../detector.ts'

/** Key: machine and address. When it is enough, and what pace is fast: `campaign.ts`. */
export const sshGuessing: Detector<null> = campaignDetector({
  id: 'ssh-guessing',
  title: 'One address guesses at SSH logins at the pace of a program',
  style: 'fast',
  /** Brute Force: Password Guessing. */
  technique: 'T1110.001',
})
