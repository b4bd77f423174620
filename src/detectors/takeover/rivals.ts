import { baseName, hiddenPart, isWorldWritable } from '../model/host/places.ts'

/**
 * Names of programs and scripts that kill lists of many gangs have in common (ATT&CK procedure texts and
 * public descriptions of such scripts). A name says that somebody mined there, not who.
 */
const NAMES: ReadonlySet<string> = new Set(
  (
    'xmrig xmrig-notls xmr-stak xmr-stak-cpu minerd minergate minergate-cli cpuminer cpuminer-multi ccminer cgminer ethminer nbminer ' +
    'lolminer t-rex phoenixminer srbminer srbminer-multi teamredminer sgminer bfgminer nanominer wildrig kryptex nicehash c3pool c3pool_miner moneroocean ' +
    'moneroocean_miner kdevtmpfsi kinsing kinsing_aarch64 kthrotlds kthreaddi kthreaddk kworkerds kworker34 kswapd00 ksoftirqds kpsmouseds ' +
    'watchbog watchdogs sysguard sysupdate sysupdata networkservice networkmanager_ systemctI irqbalanc1 irqba2anc1 irqba5xnc1 ddg ddgs ' +
    'ddg.2011 ddg.2020 ddg.2021 wnTKYg sourplum Guard.sh Duck.sh dbused pwnrig pwnrigl solrd solr.sh zzh zzhs newinit newinit.sh svcguard ' +
    'svcupdate svcupdates svcworkmanager phpguard phpupdate newdat.sh rsyncd.sh tsm tsm32 tsm64 rsync32 blitz blitz32 blitz64 carbon ' +
    'javaupd javaupDates bonn.sh bonns conn.sh conns crond64 crypto-pool cryptonight yam disk_genius jva qW3xT.2 devtool devtools bioset ' +
    'biosetjenkins Loopback apaceha mixnerdx performedl JnKihGjn atd_ deamon disk.ini gaeay.sh scsitgtd stratum suppoie ' +
    'suppoieup hashfish hashvault hwlh3wlh44lh XJnRj AnXqV pastebin.sh nqscheduler init10.cfg wl.conf sustse sustse3 mysqldd.sh ' +
    'mysqldd thisxxs cryptonite donns cranberry cranberry_ qwefdas nginxk tmp.sh crun i686 vmlinuz_ pphp rigd mimikatz.sh ' +
    'secure.sh auth.sh redtail perfctl perfcc redis2 xm64 xmi xmrigDaemon xmrigMiner sysrv sysrv001 sysrv002 network001 kthreadd_ ' +
    'masscan_ pnscan_ bashirc bashirc.x86_64 docker-update_ trace_ tntrecht dia ziggy kaiji hadooken spirit cron.sh_ libprocesshider.so ' +
    'skidmap lucifer kerberods khugepageds kerberods_ ld-musl-x86 hezb cnrig xmr xmr64 dbus_ kek rinminer'
  )
    .toLowerCase()
    .split(' '),
)
const WORDS =
  /xmr|monero|miner(?!al)|minin|cryptonight|cryptopool|stratum|hashvault|nanopool|supportxmr|c3pool|nicehash|minexmr|dwarfpool|f2pool|2miners|kinsing|kdevtmpfs|h2miner|teamtnt|donate-level/iu
/** Programs of distributions that such lists kill along with the rest. */
const BYSTANDERS: ReadonlySet<string> = new Set('irqbalance polkitd acpid'.split(' '))

/** Whether a name, a part of one, or a path is that of a miner or of a gang’s tool. */
export function isRival(text: string): boolean {
  const clean = text.replace(/[\\^$*"'[\]()]/gu, '').toLowerCase()
  return clean.length >= 2 && (NAMES.has(clean) || NAMES.has(baseName(clean)) || WORDS.test(clean))
}

/** A program somewhere that nobody installs one, or that hides behind a dot or a bracket. */
export function isOddProgram(text: string): boolean {
  const clean = text.replace(/[\\^$"']/gu, '')
  return (
    (clean.startsWith('/') && (isWorldWritable(clean) || hiddenPart(clean) !== null)) ||
    /^\.[A-Za-z0-9]/u.test(clean) ||
    /^\[\w/u.test(clean)
  )
}

export function isBystander(name: string): boolean {
  return BYSTANDERS.has(name)
}

/** Where gangs keep their files outside of temporary places. */
const PATHS =
  /^\/(?:etc\/(?:phpupdate|phpguard|networkmanager|newdat\.sh|newsvc\.sh|svcupdates?|svcguard|svcworkmanager|sysupdate|sysguard|zzh|zzhs|newinit(?:\.sh)?|networkservice)|usr\/local\/rsyslo|usr\/lib\/systemd\/systemd-update-daily|root\/(?:c3pool|moneroocean|\.configrc\d?|xmrig)|opt\/(?:xmrig|watchbog))(?:\/|$)/u

export function isRivalPath(path: string): boolean {
  return PATHS.test(path) || (path.includes('/') && isRival(baseName(path.replace(/[/*]+$/u, ''))))
}

/** Where miners reach pools, by custom. */
const POOL_PORTS: ReadonlySet<number> = new Set([
  1111, 1414, 2222, 3333, 3334, 3335, 3336, 3347, 4444, 5555, 5556, 5730, 5790, 6666, 7777, 8888, 9999, 10001,
  10128, 10343, 13333, 13531, 14433, 14444, 15555, 20128, 20535, 33333, 45560, 45700, 56415,
])

export function isPoolPort(port: number): boolean {
  return POOL_PORTS.has(port)
}
