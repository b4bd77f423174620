import type { Report } from '../report.ts'
import { safeJson } from '../safe-json.ts'

/** The contract itself (`src/story/document.ts`): the document as it is. */
export const json: Report = {
  id: 'json',
  title: 'everything, for programs',
  mediaType: 'application/json',
  extension: '.json',
  render: safeJson,
}
