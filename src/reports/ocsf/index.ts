import type { Report } from '../report.ts'
import { safeJsonLines } from '../safe-json.ts'
import { detectionFinding } from './detection-finding.ts'

/** Each incident as a Detection Finding (class 2004) of the Open Cybersecurity Schema Framework. */
export const ocsf: Report = {
  id: 'ocsf',
  title: 'incidents as OCSF Detection Findings, for SIEMs and security lakes',
  mediaType: 'application/json',
  extension: '.ocsf.json',
  render: (investigation) => {
    const { generatedAt, tool } = investigation
    return safeJsonLines(
      investigation.incidents.map((incident) =>
        detectionFinding(incident, { generatedAt, version: tool.version }),
      ),
    )
  },
}
