/** What journald finds out about a sender by itself. */
export interface JournalProcess {
  readonly pid: number
  readonly uid: number
  readonly comm: string
  readonly exe: string
  readonly commandLine: string
  /** `ssh.service`, `session-12.scope`, `user@1000.service`, `init.scope`. */
  readonly unit: string
  /** Unit of the user's own manager, below `user@<uid>.service`: `xfce.service`. */
  readonly userUnit?: string
  /** Whose slice the unit is in, for session scopes and user managers. */
  readonly ownerUid?: number
  /** Audit session and login uid, where PAM has set them. */
  readonly session?: number
  readonly loginUid?: number
}

/** Fields that follow from the control group (systemd.journal-fields(7), systemd.unit(5)). */
export function cgroupFields(process: JournalProcess): Record<string, string> {
  const { unit, userUnit, ownerUid, session, loginUid } = process
  const audit: Record<string, string> = {}
  if (session !== undefined) audit['_AUDIT_SESSION'] = String(session)
  if (loginUid !== undefined) audit['_AUDIT_LOGINUID'] = String(loginUid)
  if (unit === 'init.scope') {
    return { ...audit, _SYSTEMD_CGROUP: '/init.scope', _SYSTEMD_UNIT: unit, _SYSTEMD_SLICE: '-.slice' }
  }
  if (ownerUid === undefined) {
    return {
      ...audit,
      _SYSTEMD_CGROUP: `/system.slice/${unit}`,
      _SYSTEMD_UNIT: unit,
      _SYSTEMD_SLICE: 'system.slice',
    }
  }
  const slice = `user-${ownerUid}.slice`
  const own = {
    ...audit,
    _SYSTEMD_UNIT: unit,
    _SYSTEMD_SLICE: slice,
    _SYSTEMD_OWNER_UID: String(ownerUid),
    _SYSTEMD_USER_SLICE: userUnit === undefined || userUnit === 'init.scope' ? '-.slice' : 'app.slice',
  }
  const root = `/user.slice/${slice}/${unit}`
  if (userUnit === undefined) {
    const number = /^session-(\w+)\.scope$/u.exec(unit)?.[1]
    return {
      ...own,
      _SYSTEMD_CGROUP: root,
      ...(number === undefined ? {} : { _SYSTEMD_SESSION: number }),
    }
  }
  const below = userUnit === 'init.scope' ? userUnit : `app.slice/${userUnit}`
  return { ...own, _SYSTEMD_CGROUP: `${root}/${below}`, _SYSTEMD_USER_UNIT: userUnit }
}
