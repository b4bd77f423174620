import type { Command } from '../model/host/shell.ts'

export interface Lease {
  readonly what: string
  readonly path: string | null
  readonly remote: string | null
  readonly attack: string
  readonly isTelling: boolean
}

/** Programs that sell a machine’s bandwidth; nobody runs them on a server on behalf of its owner. */
const PROXYWARE =
  /\b(?:traffmonetizer|honeygain|peer2profit|p2pclient|earnapp|packetstream|psclient|repocket|pawns-cli|iproyal|bitping|mysterium|proxyrack|proxylite|earnfm|grass-node|castarsdk|urnetwork)\b/iu
/** Proxies and tunnels. */
const PROXIES: ReadonlySet<string> = new Set(
  'microsocks 3proxy gost danted sockd srelay dante-server tinyproxy ss-server ssserver frpc frps chisel ngrok bore rathole iox ew ew_linux nps npc stowaway revsocks socat-socks tmate xray v2ray sing-box autossh cloudflared'.split(
    ' ',
  ),
)

export function leaseOf(command: Command): Lease | null {
  const { program, words } = command
  const text = words.join(' ').slice(0, 2048)
  const isLooking =
    /^(?:p?kill|killall|grep|egrep|rm|which|apt|apt-get|yum|dnf|systemctl|cat|ls|ps|find|docker)$/u.test(
      program,
    )
  const sold = PROXYWARE.exec(isLooking && program !== 'docker' ? '' : text)?.[0]
  if (sold !== undefined && (program !== 'docker' || /\b(?:run|create)\b/u.test(text)))
    return {
      what: `Bandwidth is sold with ${sold}`,
      path: sold,
      remote: null,
      attack: 'T1496.002',
      isTelling: true,
    }
  if (PROXIES.has(program))
    return {
      what: `A proxy or a tunnel was started: ${program}`,
      path: program,
      remote: addressIn(words),
      attack: 'T1090',
      isTelling: false,
    }
  if (program === 'ssh') return ofSsh(words)
  return null
}

/** `ssh -D 1080`, `ssh -R 2222:localhost:22 host`: a way in that needs no open port. */
function ofSsh(words: readonly string[]): Lease | null {
  const isOpen = words.some((word, at) => at > 0 && /^-[a-zA-Z]*[DR]\d{0,5}$/u.test(word))
  if (!isOpen) return null
  const host =
    words
      .slice(1)
      .findLast((word) => /^(?:[\w.-]{1,64}@)?[\w.-]{3,253}$/u.test(word) && !word.startsWith('-')) ?? null
  return {
    what: 'A way in was opened from the inside with ssh',
    path: 'ssh',
    remote: host,
    attack: 'T1572',
    isTelling: false,
  }
}

function addressIn(words: readonly string[]): string | null {
  return (
    words
      .slice(1)
      .find((word) =>
        /^(?:[a-z0-9+]{2,16}:\/\/)?\S{0,64}\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?$/u.test(word),
      ) ?? null
  )
}
