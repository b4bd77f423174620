import type { Cast } from '../cast.ts'

/** What a colleague leaves beside the evidence: for people, not for a reader of logs. */
export function handoverNotes(cast: Cast, isQuiet: boolean): string {
  const { name, address, instanceId } = cast.machine
  const observation = isQuiet
    ? 'Nothing to report; collected for the monthly drill.'
    : 'Mira looked at it in the night: "load is over 2, feels slow, will look again after breakfast."'
  return [
    `Handover ${name} (${address}, ${instanceId})`,
    '',
    observation,
    '',
    'eth0.pcap  ring buffer of the packet capture, so it reaches back a few hours only',
    'auth.log   copied from /var/log, host keeps UTC',
    'audit.log  copied from /var/log/audit',
    '',
  ].join('\n')
}
