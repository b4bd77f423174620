/** Files that everybody writes to: who wrote there last says nothing about who wrote there before. */
const COMMON_FILE =
  /(?:\/authorized_keys2?|\/known_hosts|\/crontab|\/ld\.so\.preload|\/rc\.local|\/\.(?:bashrc|profile|bash_profile|bash_history|zshrc|zsh_history)|\/docker\.sock)$|^\/(?:var\/spool\/cron|var\/log|proc|sys|dev\/(?!shm\/)|run|etc\/(?:hosts|resolv\.conf|passwd|shadow|group|sudoers|sysctl|ssh\/|pam\.d\/|selinux\/|profile|environment|ld\.so|nsswitch))/u
/** Programs and libraries of the system. */
const SYSTEM_FILE = /^\/(?:usr\/)?(?:local\/)?(?:s?bin|lib(?:32|64|exec)?|share)\/[^.]/u
/** Folders that belong to nobody in particular. */
const COMMON_FOLDER =
  /^(?:\/|\/(?:tmp|var\/tmp|dev\/shm|root|opt|srv|home|home\/[^/]+|mnt|media|usr(?:\/local)?(?:\/s?bin|\/lib|\/share)?|bin|sbin|lib|var(?:\/[^/]+)?|etc(?:\/.*)?|lib\/systemd\/.*|usr\/lib\/systemd\/.*|root\/\.ssh|home\/[^/]+\/\.ssh|root\/\.config.*|home\/[^/]+\/\.(?:config|local).*))$/u

/** Whether a file is somebody's own, so that two who touch it belong together. */
export function isOwnFile(path: string): boolean {
  return path.startsWith('/') && !path.includes('…') && !COMMON_FILE.test(path) && !SYSTEM_FILE.test(path)
}

/** The folder of a file where it is somebody's own, else null. */
export function ownFolder(path: string): string | null {
  const folder = path.slice(0, path.lastIndexOf('/'))
  return folder === '' || COMMON_FOLDER.test(folder) || !isOwnFile(path) ? null : folder
}

/** Where anybody can put a file: two gangs that fetch from there need not know of each other. */
const PUBLIC_HOST =
  /(?:^|\.)(?:github\.com|githubusercontent\.com|gitlab\.com|bitbucket\.org|sourceforge\.net|pastebin\.com|transfer\.sh|temp\.sh|file\.io|anonfiles\.com|discordapp\.com|amazonaws\.com|googleapis\.com|windows\.net|cloudfront\.net|jsdelivr\.net|ngrok\.io|onion\.(?:ws|to|pet|ly)|debian\.org|ubuntu\.com|docker\.(?:com|io)|python\.org|pypi\.org|npmjs\.org)$/iu

/** Machines of one's own network (RFC 1918, 3927, 4193, 4291): whoever holds one of them goes on from there. */
const PRIVATE_HOST = /^(?:10\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:|fe80:)/u

export function isPrivateHost(host: string): boolean {
  return PRIVATE_HOST.test(host)
}

/** The host of a URL, `host:port` or bare host, in lower case; null for one of the own network, one that serves everybody, and none. */
export function ownHost(remote: string): string | null {
  const authority = remote.replace(/^[a-z][a-z0-9+.-]*:\/\//iu, '').split(/[/?#\s]/u, 1)[0] ?? ''
  const bare = authority.slice(authority.lastIndexOf('@') + 1)
  const host = (/^\[([^\]]+)\]/u.exec(bare)?.[1] ?? bare.replace(/:\d+$/u, '')).toLowerCase()
  return host === '' || PUBLIC_HOST.test(host) || isOwnMachine(host) ? null : host
}

function isOwnMachine(host: string): boolean {
  return (
    isPrivateHost(host) ||
    host === 'localhost' ||
    host === '::1' ||
    host.startsWith('127.') ||
    host === '0.0.0.0'
  )
}

const PATH = /(?:^|[\s"'`=;|&<>(])(\/[A-Za-z0-9._\-/@+~[\]]{2,255})/gu
/** Words before which what is named is somebody else's: it is done away with. */
const AGAINST =
  /(?:^|[\s;|&(`])(?:rm|unlink|kill|pkill|killall|chattr|mv|shred|systemctl\s+(?:stop|disable|mask)|docker\s+(?:kill|rm|rmi|stop)|iptables|grep)\b/u
const MAX_PATHS = 16

/** Files of its own that a command line starts or writes; none where it works against files. */
export function filesIn(commandLine: string): string[] {
  const found: string[] = []
  for (const part of commandLine.slice(0, 4096).split(/[;\n]|&&|\|\|/u)) {
    if (AGAINST.test(part)) continue
    for (const match of part.matchAll(PATH)) {
      const path = match[1]
      if (path !== undefined && isOwnFile(path) && !found.includes(path)) found.push(path)
      if (found.length >= MAX_PATHS) return found
    }
  }
  return found
}
