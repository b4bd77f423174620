import type { Finding } from '../event/finding.ts'
import type { Connector } from './connectors.ts'
import { isOwnFile, ownHost } from './occupation/places.ts'
import { isHost, isMining, sessionsOf } from './occupation/trace.ts'

/** What is needed to know whose jobs a machine runs. */
export interface JobWitness {
  /** Whether a login opened that session (epoch ms). */
  readonly isOfLogin: (session: string, time: number) => boolean
  /** Which of the machine's processes connected to an address and port. */
  readonly connectorsTo: (ip: string, port: number) => readonly Connector[]
}

/**
 * Whether something was done by an intruder's jobs: sessions that no login opened, in which sure steps were done or a miner
 * was started, and all others in which the same was fetched, written or run as in those.
 */
export function jobsOf(
  sure: readonly Finding[],
  all: readonly Finding[],
  witness: JobWitness,
): (finding: Finding) => boolean {
  const isJob = ({ firstSeen }: Finding, session: string): boolean => !witness.isOfLogin(session, firstSeen)
  const sessions = new Set(
    sure.flatMap((finding) =>
      [...sessionsOf(finding), ...sessionsOfMiner(finding, witness)].filter((one) => isJob(finding, one)),
    ),
  )
  if (sessions.size === 0) return () => false
  const jobs = all.filter((finding) => {
    const own = sessionsOf(finding)
    return own.length > 0 && own.every((session) => isJob(finding, session))
  })
  const isTheirs = (finding: Finding): boolean => sessionsOf(finding).some((one) => sessions.has(one))
  const deeds = new Set(jobs.filter(isTheirs).flatMap(deedOf))
  const again = jobs.filter((finding) => deedOf(finding).some((deed) => deeds.has(deed)))
  for (const finding of again) for (const session of sessionsOf(finding)) sessions.add(session)
  const known = new Set(again)
  return (finding) => known.has(finding) || (isTheirs(finding) && jobs.includes(finding))
}

function sessionsOfMiner(finding: Finding, { connectorsTo }: JobWitness): string[] {
  if (!isMining(finding)) return []
  const { ip, port } = finding.facts.pool
  return connectorsTo(ip, port)
    .map(({ session }) => session)
    .filter((session) => session !== null)
}

/** What was fetched or run, where that is somebody's own: every gang writes the same tables of jobs. */
function deedOf(finding: Finding): string[] {
  if (!isHost(finding) || finding.rule !== undefined) return []
  const { path, remote, what } = finding.facts
  const host = remote === null ? null : ownHost(remote)
  const file = path !== null && isOwnFile(path) ? path : null
  return host === null && file === null ? [] : [`${what} ${host ?? ''} ${file ?? ''}`]
}
