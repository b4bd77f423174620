import type { Actor } from '../../event/actor.ts'
import { decimal, decoded, type Fields, plain, sessionOf, userId } from './fields.ts'

/** The process as a SYSCALL, ANOM_ or user-space record names it. */
export function actorOf(fields: Fields, isInterpreted: boolean): Actor {
  return {
    pid: decimal(fields.get('pid')),
    ppid: decimal(fields.get('ppid')),
    exe: decoded(fields.get('exe'), isInterpreted),
    name: decoded(fields.get('comm'), isInterpreted),
    uid: userId(fields.get('euid') ?? fields.get('uid')),
    loginUid: userId(fields.get('auid')),
    session: sessionOf(fields),
    tty: plain(fields.get('tty') ?? fields.get('terminal')),
  }
}
