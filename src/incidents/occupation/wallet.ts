/** Where miners' command lines name the account the work goes to. */
const USER_OPTIONS = new Set(['-u', '--user', '--wallet', '--username', '-w', '-wal', '--account'])
/** Monero (95 or 106 characters), Bitcoin and alike, Ethereum and alike. */
const WALLET =
  /^(?:[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?|bc1[02-9ac-hj-np-z]{25,87}|0x[0-9a-fA-F]{40})$/u

/** Wallet or account without the worker's name behind it (`wallet.worker`, `wallet+difficulty`, `wallet/worker`). */
export function walletOf(login: string): string {
  const cut = login.search(/[.+/]/u)
  return cut > 0 && !login.includes('@') ? login.slice(0, cut) : login
}

/** The account a miner's command line works for, or null. */
export function walletInCommand(commandLine: string): string | null {
  const words = commandLine.split(/\s+/u)
  for (const [index, word] of words.entries()) {
    const equals = word.indexOf('=')
    const [option, inline] = equals > 0 ? [word.slice(0, equals), word.slice(equals + 1)] : [word, undefined]
    if (!USER_OPTIONS.has(option)) continue
    const value = inline ?? words[index + 1]
    if (value !== undefined && value.length >= 3) return walletOf(value)
  }
  return words.map(walletOf).find((word) => WALLET.test(word)) ?? null
}

/** `48edfH…YA3bQ` for people; short accounts stay whole. */
export function shortWallet(wallet: string): string {
  return wallet.length <= 16 ? wallet : `${wallet.slice(0, 4)}…${wallet.slice(-4)}`
}
