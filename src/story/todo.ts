import type { Finding, HostFacts, MiningFacts } from '../event/finding.ts'
import type { Incident } from '../incidents/incident.ts'
import type { ToDo } from './document.ts'

/** What to do, first things first: stop it, keep the proof, take away what lets them back, close the door. */
export function todoOf(incident: Incident): ToDo[] {
  const todo: ToDo[] = []
  const pools = poolsOf(incident)
  const strangers = incident.wayIn?.srcIp ?? null
  if (pools.length + (strangers === null ? 0 : 1) > 0) {
    const pool = pools.length === 0 ? '' : `its traffic to ${pools.join(', ')}`
    const from = strangers === null ? '' : `logins from ${strangers}`
    todo.push({
      text: `Cut off ${[pool, from].filter((part) => part !== '').join(' and ')}, at the cloud's firewall rather than on the machine.`,
    })
  }
  todo.push({ text: 'Take a snapshot of its disk before cleaning up: the proof is on it.' })
  const left = leftBehind(incident)
  if (left.length > 0) todo.push({ text: `Take away what brings them back: ${left.join('; ')}.` })
  const processes = processesOf(incident)
  if (processes.length > 0)
    todo.push({ text: `Then end the miner: ${processes.join(', ')} and what they started.` })
  todo.push(...closeTheDoor(incident))
  todo.push({
    text: 'Rotate every key, token and password that this machine could read (its cloud role, files under /root and /home, environment of its services).',
  })
  todo.push({
    text: 'Build it anew from a clean image as soon as you can: a machine that strangers ran as root on cannot be trusted again.',
  })
  return todo
}

function poolsOf(incident: Incident): string[] {
  const pools = incident.findings
    .map((finding) => finding.facts)
    .filter((facts): facts is MiningFacts => facts.type === 'mining')
    .map((facts) => `${facts.pool.ip}:${facts.pool.port}`)
  return [...new Set(pools)]
}

function hostFacts(incident: Incident, wants: (finding: Finding) => boolean): HostFacts[] {
  return incident.findings
    .filter(wants)
    .map((finding) => finding.facts)
    .filter((facts): facts is HostFacts => facts.type === 'host')
}

function leftBehind(incident: Incident): string[] {
  const paths = hostFacts(
    incident,
    (finding) => finding.stage === 'persistence' || finding.stage === 'foothold',
  )
    .map((facts) => facts.path)
    .filter((path) => path !== null)
  return [...new Set(paths)].slice(0, 8)
}

function processesOf(incident: Incident): string[] {
  const found = hostFacts(incident, (finding) => finding.stage === 'mining')
    .filter((facts) => facts.pid !== null)
    .map((facts) => `process ${facts.pid}${facts.exe === null ? '' : ` (${facts.exe})`}`)
  return [...new Set(found)].slice(0, 5)
}

function closeTheDoor(incident: Incident): ToDo[] {
  const { wayIn } = incident
  if (wayIn === null) {
    return [
      {
        text: "Find the way in: add this machine's auth.log, audit.log and web server logs from the days before, and look again.",
      },
    ]
  }
  const user = wayIn.user ?? 'the user'
  if (wayIn.kind === 'ssh-key') {
    return [{ text: `Replace the SSH key that ${user} was entered with, everywhere it is accepted.` }]
  }
  return [
    {
      text: `Change ${user}'s password, and let SSH in by key only (PasswordAuthentication no), from the networks you work in only.`,
    },
  ]
}
