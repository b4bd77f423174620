import type { Actor } from '../../event/actor.ts'
import type { Event } from '../../event/event.ts'
import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import type { DetectorContext } from '../detector.ts'
import { unwrap, unwrapScript } from '../model/host/unwrap.ts'
import { credentialLockOutsOf } from './credentials.ts'
import { decoy, decoysOf } from './decoys.ts'
import { addAct, rememberMade } from './fights.ts'
import { fileSigns, settlingOfFile } from './files.ts'
import { lockOutsOf } from './firewall.ts'
import { guardRemovalsOf } from './guards.ts'
import { killsOf, signalOf } from './kills.ts'
import { persistenceEvictionsOf } from './persistence.ts'
import { fightAtWork, place, tellFight, type TellFinding } from './placing.ts'
import { hiddenStart, laterStart, rememberFetched, type Settling, settlingsOf } from './settling.ts'
import { pipelinesOf, type Script, type Sign, target } from './sign.ts'
import type { TakeoverState } from './state.ts'
import { remember, withStrands } from './strands.ts'
import { toolHidingsOf } from './tools.ts'

/** A program or word that has to do with a fight: everything else is passed over quickly. */
const INTEREST =
  /kill|cron|\brm\b|unlink|shred|chattr|lockr|authorized_keys|\.ssh\b|systemctl|service|initctl|update-rc|chkconfig|iptables|ip6tables|\bnft\b|\bufw\b|firewall-cmd|route|\bip \b|\/etc\/hosts|resolv\.conf|redis-cli|valkey-cli|sshd_config|passwd|usermod|useradd|adduser|userdel|deluser|shadow|\/bin\/(?:curl|wget|ps|top|ss|netstat)|setenforce|auditctl|apparmor|\baa-|SELINUX|uninst|fuser|docker|podman|nerdctl|crictl|atrm|ld\.so\.preload|curl|wget|stratum|donate-level|\s-o\s|base64|skill|slay|>|touch|mkdir|\bln\b|chmod|remove|purge|erase|truncate|-delete|\btee\b|\binstall\b/u

export function lookAtProcess(
  state: TakeoverState,
  event: ProcessEvent,
  tell: TellFinding,
  { intel }: DetectorContext,
): void {
  if (event.action === 'signal') {
    const signs = signalOf(event)
    place(state, event, event.actor, { signs }, tell)
    return
  }
  if (event.action !== 'exec') return
  const hidden = hiddenStart(event) ?? laterStart(state.fetched, event)
  if (hidden !== null) place(state, event, event.actor, { signs: [], settlings: [hidden] }, tell)
  if (!INTEREST.test(event.commandLine.slice(0, 16_384))) {
    remember(state.strands, event)
    return
  }
  const { commands, isOpaque } = unwrap(event)
  const pipelines = withStrands(state.strands, event, pipelinesOf(commands))
  remember(state.strands, event)
  const script = { pipelines, text: event.commandLine, cwd: event.cwd, intel }
  place(state, event, event.actor, { ...read(state, script), isOpaque }, tell)
}

function read(state: TakeoverState, script: Script): { signs: Sign[]; settlings: Settling[] } {
  rememberFetched(state.fetched, script)
  const decoys = decoysOf(script, state.made)
  rememberMade(state.made, decoys.made)
  return {
    signs: [
      ...killsOf(script),
      ...persistenceEvictionsOf(script),
      ...decoys.signs,
      ...lockOutsOf(script),
      ...credentialLockOutsOf(script),
      ...toolHidingsOf(script),
      ...guardRemovalsOf(script),
    ],
    settlings: settlingsOf(script),
  }
}

export function lookAtFile(state: TakeoverState, event: FileEvent, tell: TellFinding): void {
  const signs = fileSigns(event)
  if (event.action === 'chattr' && (event.mode ?? '').startsWith('+')) {
    const sign = decoy(event.path, state.made)
    if (sign !== null) signs.push(sign)
  }
  const settling = settlingOfFile(event)
  place(state, event, event.actor, { signs, settlings: settling === null ? [] : [settling] }, tell)
}

export function lookAtAccount(
  state: TakeoverState,
  event: Event & { kind: 'account' },
  tell: TellFinding,
): void {
  const targets = event.user === null ? [] : [target('user', event.user)]
  const verbs: Partial<Record<typeof event.action, string>> = {
    'change-password': 'set passwords',
    'add-user': 'added accounts',
    lock: 'locked accounts',
  }
  const verb = verbs[event.action]
  const signs: Sign[] =
    verb === undefined ? [] : [{ category: 'credential-lock-out', verb, targets, isPlain: true }]
  if (event.action === 'delete-user')
    signs.push({ category: 'persistence-eviction', verb: 'removed accounts', targets, isPlain: true })
  place(state, event, event.actor, { signs }, tell)
}

/** A unit that ends belongs to whoever is at work just then. */
export function lookAtService(
  state: TakeoverState,
  event: Event & { kind: 'service' },
  tell: TellFinding,
): void {
  if (event.action !== 'stop') return
  const fight = fightAtWork(state, event)
  if (fight === undefined) return
  addAct(
    fight,
    {
      category: 'persistence-eviction',
      verb: 'stopped services',
      targets: [target('unit', event.unit)],
      isPlain: true,
    },
    event,
    null,
  )
  tellFight(state, fight, tell, false)
}

export function lookAtConnection(
  state: TakeoverState,
  event: Event & { kind: 'socket' },
  tell: TellFinding,
  { intel }: DetectorContext,
): void {
  const { ip, port, actor } = event
  if (ip === null || port === null || intel.poolByAddress(ip, port) === null) return
  place(
    state,
    event,
    actor,
    { signs: [], settlings: [{ what: 'connected to a pool', isTelling: true }] },
    tell,
  )
}

const NOBODY: Actor = {
  pid: null,
  ppid: null,
  exe: null,
  name: null,
  uid: null,
  loginUid: null,
  session: null,
  tty: null,
}

export function lookAtAlert(
  state: TakeoverState,
  event: Event & { kind: 'alert' },
  text: string,
  tell: TellFinding,
  { intel }: DetectorContext,
): void {
  if (!INTEREST.test(text.slice(0, 16_384))) return
  // A sensor joins the arguments without quotes: what stands behind `-c` is the script to its end.
  const script =
    /^(?:\/\S{0,64}\/)?(?:ba|da|z|k|a)?sh\s+-[a-z]*c\s+(.*)$/su.exec(text.slice(0, 16_384))?.[1] ?? text
  const { commands, isOpaque } = unwrapScript(script)
  const actor = { ...NOBODY, name: event.user }
  place(
    state,
    event,
    actor,
    { ...read(state, { pipelines: pipelinesOf(commands), text, cwd: null, intel }), isOpaque },
    tell,
  )
}
