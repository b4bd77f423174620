import { type Fields, objectAt, textAt } from '../json/fields.ts'
import { isInstanceId } from './resources.ts'

/** Who made a call: the userIdentity element, in any of its types. */
export interface Caller {
  readonly name: string | null
  readonly type: string | null
  readonly account: string | null
  readonly accessKeyId: string | null
  readonly hasMfa: boolean | null
  /** The instance whose role it was. */
  readonly instance: string | null
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export function callerOf(record: Fields): Caller {
  const identity = objectAt(record, 'userIdentity')
  const context = objectAt(identity, 'sessionContext')
  const arn = textAt(identity, 'arn')
  const principal = textAt(identity, 'principalId')
  return {
    name:
      arn ??
      textAt(identity, 'userName') ??
      textAt(objectAt(identity, 'onBehalfOf'), 'userId') ??
      principal ??
      textAt(identity, 'invokedBy') ??
      textAt(identity, 'accountId'),
    type: textAt(identity, 'type'),
    account: textAt(identity, 'accountId'),
    accessKeyId: textAt(identity, 'accessKeyId'),
    hasMfa: mfaOf(context, objectAt(record, 'additionalEventData')),
    instance: instanceIn(arn, '/') ?? instanceIn(principal, ':'),
  }
}

function mfaOf(context: Fields, additional: Fields): boolean | null {
  const used = additional['MFAUsed']
  if (used === 'Yes' || used === 'No') return used === 'Yes'
  const authenticated = textAt(objectAt(context, 'attributes'), 'mfaAuthenticated')
  return authenticated === null ? null : authenticated === 'true'
}

/** An instance's session of its role is called by the id of the instance: `…:assumed-role/web/i-0abc…`. */
function instanceIn(text: string | null, separator: string): string | null {
  const last = text?.slice(text.lastIndexOf(separator) + 1) ?? ''
  return isInstanceId(last) ? last : null
}
