import { headLines } from '../head-lines.ts'
import { isExtended, isFishCommand, isFishRest, isStamp } from './entry.ts'

/** Words that people begin a command with. */
const COMMANDS: ReadonlySet<string> = new Set(
  (
    'ls ll la cd pwd cat less more head tail vi vim nvim nano emacs sudo su exit logout clear history man whoami who w last id uname hostname uptime date ' +
    'ps top htop kill pkill killall free df du mount umount lsblk fdisk mkdir rmdir rm cp mv ln touch chmod chown chattr lsattr find locate grep egrep awk sed sort uniq ' +
    'cut wc tr xargs tee tar gzip gunzip zip unzip curl wget ssh scp sftp rsync ssh-keygen ssh-copy-id ping dig nslookup host ip ifconfig route netstat ss nc ncat telnet ' +
    'iptables nft ufw firewall-cmd systemctl service journalctl dmesg crontab at screen tmux nohup bash sh zsh fish python python3 pip pip3 perl ruby node npm npx yarn pnpm ' +
    'go cargo make cmake gcc g++ java mvn gradle git svn docker docker-compose podman kubectl helm k9s minikube terraform ansible ansible-playbook aws gcloud az vagrant ' +
    'apt apt-get apt-cache dpkg yum dnf rpm zypper apk pacman brew snap useradd userdel usermod adduser deluser groupadd passwd chpasswd visudo export unset alias echo ' +
    'printf source env set which whereis type file stat diff patch base64 md5sum sha256sum openssl mysql psql redis-cli mongo sqlite3 nginx apache2ctl php composer ' +
    'nproc lscpu lspci free lsof strace tcpdump watch sleep reboot shutdown poweroff sysctl modprobe lsmod hostnamectl timedatectl ulimit history fg bg jobs for while if test true'
  ).split(' '),
)
/** Lines that stand alone in scripts, never at a prompt. */
const SCRIPT_ONLY = /^(?:fi|done|esac|then|else|\}|\w{1,32}\s{0,2}\(\)\s{0,2}\{?)\s*$/u
const PREFIX = /^(?:(?:sudo|nohup|time|exec)\s{1,4}|[A-Za-z_]\w{0,64}=\S{0,256}\s{1,4}){0,4}/u
const FEWEST_LINES = 3
const MOST_LINES = 400

/** How surely text is what a shell kept of a person’s commands. A file without marks of its own is known by its words alone. */
export function recogniseHistory(head: Uint8Array): number {
  const lines = headLines(head)
    .filter((line) => line.trim() !== '')
    .slice(0, MOST_LINES)
  const first = lines[0]
  if (first === undefined || first.startsWith('#!')) return 0
  const fish = lines.filter(isFishCommand).length
  if (fish > 0) return fish + lines.filter(isFishRest).length === lines.length ? 0.95 : 0
  const extended = lines.filter(isExtended).length
  if (extended / lines.length > 0.3) return 0.9
  const stamps = lines.filter(isStamp).length
  if (stamps > 0 && stamps / lines.length > 0.05 && stamps < lines.length) return 0.8
  return byWords(lines)
}

function byWords(lines: readonly string[]): number {
  if (lines.length < FEWEST_LINES || lines.some((line) => SCRIPT_ONLY.test(line))) return 0
  const share = lines.filter(isCommand).length / lines.length
  return share >= 0.6 ? share * 0.4 : 0
}

function isCommand(line: string): boolean {
  const word = /^[^\s;|&]{1,256}/u.exec(line.replace(PREFIX, ''))?.[0] ?? ''
  return COMMANDS.has(word) || /^(?:\.{0,2}|~)\/[\w.@+/-]{1,255}$/u.test(word)
}
