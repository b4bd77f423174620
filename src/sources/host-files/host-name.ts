/** What such files are called themselves, so that it is no name of a machine. */
const OWN_NAMES =
  /^(?:ss|sshd|sshd_config|netstat|nft|nftables|iptables|ip6tables|iptables-save|ip6tables-save|docker|docker-ps|containers|firewall|listening|ports|sockets|state)$/iu
/** Folders that hold machines, or are just where somebody put things. */
const GENERAL =
  /^(?:\.{0,2}|hosts?|dump|state|data|evidence|tmp|output|collected|files|machines|servers|inventory)$/iu
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/u

/** Whose state a file holds, by what it and its folder are called: `hosts/web-1/ss.txt`, `web-1.ss.txt`, `ss-web-1.txt`. */
export function hostNameOf(file: string): string {
  const parts = file.split(/[/\\!]/u)
  const base = (parts.at(-1) ?? '').replace(/\.(?:txt|json|jsonl|out|log|gz|zst|conf|rules|save)$/iu, '')
  const words = base.split(/[._]|-(?=[a-z])/u)
  const own = words.findIndex((word) => OWN_NAMES.test(word))
  const rest =
    own === 0
      ? base.slice((words[0] ?? '').length + 1)
      : own > 0 && own === words.length - 1
        ? base.slice(0, -(words[own]?.length ?? 0) - 1)
        : ''
  if (
    rest !== '' &&
    !OWN_NAMES.test(rest) &&
    NAME.test(rest) &&
    !/^(?:T|tulpn|tlnp|save|ps|list|ruleset|config)$/u.test(rest)
  )
    return rest
  for (const folder of parts.slice(0, -1).toReversed()) {
    const plain = folder.replace(/\.(?:tar|tgz|zip)(?:\.\w+)?$/u, '')
    if (!GENERAL.test(plain) && NAME.test(plain)) return plain
    if (GENERAL.test(plain) && plain !== '') break
  }
  return 'unnamed-host'
}
