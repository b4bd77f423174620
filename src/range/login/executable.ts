/** Programs that stand elsewhere than in /usr/bin. */
const SBIN = new Set([
  'chpasswd',
  'cron',
  'ip6tables',
  'iptables',
  'ldconfig',
  'logrotate',
  'modprobe',
  'nft',
  'nginx',
  'service',
  'setenforce',
  'sysctl',
  'ufw',
  'useradd',
  'userdel',
  'usermod',
])

/** Where a program named so stands. */
export function executableOf(name: string): string {
  if (name.startsWith('/')) return name
  return `${SBIN.has(name) ? '/usr/sbin' : '/usr/bin'}/${name}`
}
