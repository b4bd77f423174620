import { campaignDetector } from '../model/guessing/campaign-detector.ts'
import type { Detector } from '../detector.ts'

/** Key: machine and address. When it is enough, and what pace is slow: `campaign.ts`. */
export const sshSlowGuessing: Detector<null> = campaignDetector({
  id: 'ssh-slow-guessing',
  title: 'One address guesses at SSH logins slowly, under the thresholds of the usual guards',
  style: 'slow',
  /** Brute Force: Password Guessing. */
  technique: 'T1110.001',
})
