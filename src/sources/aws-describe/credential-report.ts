import { rowOf } from '../json/table.ts'
import type { Found } from './lists.ts'

/** The columns that begin every credential report. */
const BEGINNING = ['user', 'arn', 'user_creation_time'] as const

export const CREDENTIAL_REPORT_HEAD = BEGINNING.join(',')

/** The users of a credential report (`aws iam get-credential-report`, CSV); attributes are named as its columns. */
export function credentialRows(csv: string): Found[] {
  const [head = '', ...lines] = csv.split(/\r?\n/u)
  const columns = head.split(',').map((name) => name.trim())
  if (!BEGINNING.every((name, i) => columns[i] === name)) return []
  return lines.flatMap((line) => {
    if (line.trim() === '') return []
    const attributes = rowOf(line, columns, ',')
    const { arn, user } = attributes
    const id = typeof arn === 'string' ? arn : user
    return typeof id === 'string' ? [{ type: 'aws_iam_credential_report', id, attributes }] : []
  })
}
