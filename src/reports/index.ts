import { csv } from './csv/index.ts'
import { html } from './html/index.ts'
import { json } from './json/index.ts'
import { markdown } from './markdown/index.ts'
import { ocsf } from './ocsf/index.ts'
import type { Report } from './report.ts'
import { stix } from './stix/index.ts'
import { terminal } from './terminal/index.ts'

/** Every form of output, the default first. Adding one: a folder, and one line here. */
export const REPORTS: readonly Report[] = [terminal, html, json, markdown, ocsf, stix, csv]

export function reportOf(id: string): Report | null {
  return REPORTS.find((report) => report.id === id) ?? null
}
