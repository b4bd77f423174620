import type { Report } from '../report.ts'
import { safeJson } from '../safe-json.ts'
import { bundleOf } from './bundle.ts'

/** What gives the intruders away as a STIX 2.1 bundle (OASIS Standard, 10 June 2021). */
export const stix: Report = {
  id: 'stix',
  title: 'what gives the intruders away, as STIX 2.1 for threat intelligence platforms',
  mediaType: 'application/stix+json;version=2.1',
  extension: '.stix.json',
  render: (investigation, options = {}) => safeJson(bundleOf(investigation, options.tlp ?? null)),
}
