import type { SameQuestions } from './agreement.ts'
import { rulesSay } from './rules-say.ts'

const LOG_SOURCE = { product: 'osquery', service: 'results' }
const MAC = 'about macOS, on which nobody mines in a cloud'

export const osquery: SameQuestions = {
  folder: 'osquery_rules',
  logs: 'osquery answers',
  asked: {
    osquery_linux_aws_commands: ['osquery_cloud_command'],
    osquery_suspicious_cron: ['osquery_job_fetches'],
  },
  notAsked: {
    osquery_linux_logins_non_office:
      'needs the reader’s own list of networks; who came in is told as a session',
    osquery_linux_mac_vulnerable_xz_liblzma: 'versions of packages, which a scanner for them reads better',
    osquery_mac_application_firewall: MAC,
    osquery_mac_enable_auto_update: MAC,
    osquery_mac_osx_attacks: MAC,
    osquery_mac_osx_attacks_keyboard_events: MAC,
    osquery_mac_unwanted_chrome_extensions: MAC,
    osquery_ossec: 'believes the name of the query; ours look at the rows',
    osquery_outdated: 'the age of the agent itself',
    osquery_outdated_macos: MAC,
    osquery_ssh_listener:
      'a port alone; what listens is in the inventory that the surface is worked out from',
  },
  disagreements: {},
  said: (log) => rulesSay(log, LOG_SOURCE),
}
