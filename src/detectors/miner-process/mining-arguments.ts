import type { PoolEntry } from '../../intel/intel.ts'
import type { Command } from '../model/host/shell.ts'
import { findWallet } from './wallet.ts'

/** What the arguments of a command say of mining. */
export interface MiningReading {
  /** `host:port` or URL as written. */
  readonly pool: string | null
  readonly wallet: string | null
  /** It was hidden in base64. */
  readonly isEncoded: boolean
  readonly confidence: number
  readonly reasons: readonly string[]
}

/** Programs whose arguments are looked for, shown, killed or blocked rather than run. */
const ONLOOKERS: ReadonlySet<string> = new Set(
  (
    'grep egrep fgrep zgrep rg ag ack sed awk gawk mawk pkill pgrep kill killall skill ps top rm rmdir ls ll cat less more tail head vi vim ' +
    'nano emacs echo printf find locate which whereis type strings file stat journalctl ausearch aureport iptables ip6tables nft ufw ' +
    'firewall-cmd fail2ban-client tcpdump tshark ngrep dig host nslookup getent ping traceroute whois man git diff md5sum sha1sum sha256sum ' +
    'sha512sum tee cp mv chmod chown chattr lsattr tar zip unzip gzip logger mail sort uniq cut wc tr jq yara clamscan rkhunter chkrootkit ' +
    'curl wget scp rsync test [ crontab history export alias apt apt-get dpkg dnf yum rpm snap docker-compose systemctl service touch mkdir'
  ).split(' '),
)

const SCHEME = /\bstratum[12]?\+(?:tcp|ssl|tls|udp|http|https|ws|wss)s?:\/\/([^\s'",;|]{1,256})/iu
const OTHER_SCHEME =
  /^(?:stratum|ethproxy|ethstratum|zil|nicehash|daemon\+https?|rx|eth|etc|xmr)(?:[+-][a-z0-9]{1,16})?:\/\/([^\s'",;|]{1,256})/iu
/** `--donate-level=` and `stratum+tcp://` in base64, at each of the three alignments. */
const ENCODED =
  /LS1kb25hdGUtbGV2ZWw9|0tZG9uYXRlLWxldmVsP|tLWRvbmF0ZS1sZXZlbD|c3RyYXR1bSt0Y3A6Ly|N0cmF0dW0rdGNwOi8v|zdHJhdHVtK3RjcDovL|c3RyYXR1bStzc2w6Ly|N0cmF0dW0rc3NsOi8v|zdHJhdHVtK3NzbDovL/u
/** Options that hardly any other program has. */
const MINER_OPTIONS =
  /^--?(?:donate-level|donate-over-proxy|nicehash|rig-id|randomx-[a-z0-9-]+|cpu-max-threads-hint|cpu-priority|cpu-affinity|cpu-no-yield|huge-pages-jit|no-huge-pages|max-cpu-usage|algo-perf|algo-min-time|argon2-impl|ewal|epsw|eworker|zwal|dpool|dwal|rigname|disable-gpu|disable-cpu|gpu-boost|cuda-bfactor|opencl-threads|farm-recheck|proxy-to-pool)(?:=|$)/u
/** Options that miners share with wallets and job queues. */
const COMMON_OPTIONS = /^--?(?:coin|print-time|asm|wallet|wal|worker)(?:=|$)/u
const SURE_OPTIONS =
  /^--?(?:donate-level|nicehash|rig-id|randomx-[a-z0-9-]+|cpu-max-threads-hint|algo-perf|ewal|zwal|farm-recheck)(?:=|$)/u
const ALGORITHM =
  /^(?:rx\/(?:0|wow|arq|graft|sfx|keva|yada|xla|loki)|cn(?:-lite|-heavy|-pico)?\/(?:0|1|2|r|fast|half|xao|rto|rwz|zls|double|ccx|upx2|xhv|tube|gpu|msr|xtl)|cryptonight(?:[-_/v][a-z0-9-]+)?|randomx(?:x?l|arq|wow|virel)?|argon2\/(?:chukwa(?:v2)?|ninja|wrkz)|ghostrider|gr|kawpow|firopow|progpow[a-z0-9-]*|ethash|etchash|ubqhash|autolykos2?|equihash[\d_/]*|beamhash(?:iii)?|cuckat[oa]o\d+|octopus|verushash|yescrypt[a-z0-9]*|yespower[a-z0-9]*|astrobwt(?:\/v2)?|minotaurx?|neoscrypt|lyra2[a-z0-9]*|x1[1-7]r?|x16rv2|scrypt|sha256d|kheavyhash|karlsenhash|nexapow|pyrinhash|qubit|heavyhash|panthera|flex|power2b|cpupower|m7m|allium)$/iu
const COIN =
  /^(?:monero|xmr|wownero|wow|arqma|raven|rvn|ethereum|eth|etc|zephyr|zeph|salvium|conceal|graft|turtlecoin|dero|verus|vrsc|ergo|erg|kaspa|kas|qubic)$/iu
const MINER_NAME =
  /^(?:xmrig(?:[-_.].*|daemon|notls)?|xmr-?stak.*|minerd(?:[-_.].*)?|cpuminer.*|ccminer.*|cgminer|bfgminer|sgminer|ethminer|claymore.*|ethdcrminer64|nbminer|t-rex|gminer|lolminer|phoenixminer|teamredminer|nanominer|bminer|wildrig.*|srbminer.*|rigel|bzminer|onezerominer|xmrig-proxy|moneroocean.*|c3pool.*|kdevtmpfsi|pwnrig|minergate.*|nheqminer|hellminer|astrominer|qli-client)$/iu

interface Endpoint {
  readonly text: string
  readonly host: string
  readonly hasPort: boolean
}

/** Null where nothing, or too little, speaks of mining. Confidence rises with the number of independent reasons. */
export function readMiningArguments(
  command: Command,
  poolByHost: (host: string) => PoolEntry | null,
): MiningReading | null {
  if (ONLOOKERS.has(command.program)) return null
  const args = command.words.slice(1)
  if (args.length === 0) return null
  const text = args.join(' ').slice(0, 16_384)
  if (ENCODED.test(text))
    return {
      pool: null,
      wallet: null,
      isEncoded: true,
      confidence: 0.8,
      reasons: ['miner options in base64'],
    }
  // A shell's script was taken apart already: its commands come on their own.
  if (
    args.some((arg) => arg.includes(' ') && arg.length > 64) &&
    /^(?:sh|bash|dash|zsh|ksh|ash|ssh|su|sudo|python[\d.]*|perl|screen|tmux|watch|docker|kubectl|ansible)$/u.test(
      command.program,
    )
  )
    return null
  return weigh(command, args, text, poolByHost)
}

function weigh(
  command: Command,
  args: readonly string[],
  text: string,
  poolByHost: (host: string) => PoolEntry | null,
): MiningReading | null {
  const reasons: string[] = []
  let points = 0
  const add = (worth: number, reason: string): void => {
    points += worth
    reasons.push(reason)
  }
  const scheme = SCHEME.exec(text)
  const endpoint = endpointOf(args)
  if (scheme !== null) add(4, 'Stratum address')
  else if (endpoint !== null && OTHER_SCHEME.test(endpoint.text)) add(3, 'miner address scheme')
  const known = poolByHost(hostOf(scheme?.[1] ?? endpoint?.text ?? ''))
  if (known !== null) add(3, `pool ${known.name ?? 'of a list'}`)
  if (args.some((arg) => SURE_OPTIONS.test(arg))) add(4, 'option only miners have')
  else if (args.some((arg) => MINER_OPTIONS.test(arg))) add(2, 'miner option')
  else if (args.some((arg) => COMMON_OPTIONS.test(arg))) add(1, 'option miners have too')
  const algorithm = valueOf(args, ['-a', '--algo', '--algorithm'])
  if (algorithm !== null && ALGORITHM.test(algorithm))
    add(/^(?:scrypt|gr|flex|qubit)$/iu.test(algorithm) ? 1 : 3, 'mining algorithm')
  const coin = valueOf(args, ['--coin'])
  if (coin !== null && COIN.test(coin)) add(2, 'coin')
  const wallet = findWallet(args)
  if (wallet !== null) add(wallet.isLong ? 2 : 1, 'wallet')
  const hasUser =
    valueOf(args, ['-u', '--user', '--username', '-O', '--userpass', '-wal', '--wallet']) !== null
  if (endpoint?.hasPort === true && hasUser) add(wallet === null ? 1 : 2, 'address and user')
  const isNamed = MINER_NAME.test(command.program)
  if (isNamed && hasConfiguration(args)) add(4, 'name of a miner and its configuration')
  else if (isNamed && (points > 0 || endpoint?.hasPort === true)) add(3, 'name of a miner')
  if (points < 4) return null
  return {
    pool:
      scheme === null
        ? endpoint?.hasPort === true || known !== null
          ? (endpoint?.text ?? null)
          : null
        : scheme[0],
    wallet: wallet?.text ?? null,
    isEncoded: false,
    confidence: Math.min(0.97, 0.6 + 0.05 * points),
    reasons,
  }
}

const ENDPOINT_OPTIONS = [
  '-o',
  '--url',
  '-P',
  '--pool',
  '-pool',
  '--server',
  '-s',
  '--stratum',
  '-epool',
  '-zpool',
  '--algo-pool',
  '-rpool',
]

function endpointOf(args: readonly string[]): Endpoint | null {
  const value = valueOf(args, ENDPOINT_OPTIONS)
  if (value === null) return null
  const match =
    /^(?:[a-z0-9+-]{1,24}:\/\/)?(?:[^\s@/]{1,256}@)?(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9][A-Za-z0-9.-]{2,252})(?::(\d{1,5}))?(?:\/|$|#)/iu.exec(
      value,
    )
  const host = match?.[1]
  if (host === undefined || !/[.:]/u.test(host)) return null
  return { text: value.slice(0, 256), host, hasPort: match?.[2] !== undefined }
}

/** The value of the first of the options that is there: `-o v`, `--url v`, `--url=v`. */
function valueOf(args: readonly string[], options: readonly string[]): string | null {
  for (const [at, arg] of args.entries()) {
    if (options.includes(arg)) return args[at + 1] ?? null
    const equals = arg.indexOf('=')
    if (equals > 0 && options.includes(arg.slice(0, equals))) return arg.slice(equals + 1)
  }
  return null
}

function hostOf(address: string): string {
  const bare = address.replace(/^[a-z0-9+-]{1,24}:\/\//iu, '').replace(/^[^@/]{1,256}@/u, '')
  return bare.split(/[:/#]/u, 1)[0]?.toLowerCase() ?? ''
}

function hasConfiguration(args: readonly string[]): boolean {
  const value = valueOf(args, ['-c', '--config'])
  return value !== null || args.includes('-B') || args.includes('--background')
}
