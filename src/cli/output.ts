import { accessSync, constants, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DavylampError } from '../errors.ts'
import type { Report } from '../reports/report.ts'
import { visible } from '../text/visible.ts'
import { writingReason } from './reason.ts'

/** The form asked for: by its id, else by how the file to write is called, else the default. */
export function reportFor(
  reports: readonly Report[],
  wanted: { readonly format?: string; readonly out?: string },
): Report {
  const named = reports.find(({ id }) => id === wanted.format)
  if (named !== undefined) return named
  // The longest ending counts: `x.stix.json` is not just any JSON.
  const byName = reports
    .filter(({ extension }) => wanted.out?.toLowerCase().endsWith(extension))
    .toSorted((a, b) => b.extension.length - a.extension.length)[0]
  const report = byName ?? reports[0]
  if (report === undefined || wanted.format !== undefined)
    throw new DavylampError('usage', `--format ${wanted.format}: no such format`)
  return report
}

/** Tells before hours of reading that the result would have no place. */
export function checkWritable(file: string): void {
  try {
    const known = statSync(file, { throwIfNoEntry: false })
    if (known === undefined) accessSync(dirname(file), constants.W_OK | constants.X_OK)
    else if (known.isDirectory()) throw unwritable(file, 'it is a folder', null)
    else accessSync(file, constants.W_OK)
  } catch (cause) {
    throw cause instanceof DavylampError ? cause : unwritable(file, writingReason(cause), cause)
  }
}

export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw unwritable(file, writingReason(cause), cause)
  }
  if (process.stderr.isTTY) process.stderr.write(`written to ${visible(file)}\n`)
}

function unwritable(file: string, reason: string, cause: unknown): DavylampError {
  return new DavylampError('output-unwritable', `cannot write ${file}: ${reason}`, { cause })
}
