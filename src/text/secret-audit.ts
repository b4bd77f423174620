/**
 * Command lines in Linux audit records: `a0="mysql" a1="-pX"` (EXECVE), and whole ones in hexadecimal
 * with NUL between arguments (`proctitle=`, `cmd=`), as the kernel writes what holds blanks or quotes.
 */
const ARGUMENT = /(?<![\w"])(a\d{1,5}(?:\[\d{1,5}\])?=)("[^"]*"|[^\s"]+)/g
const HEX_LINE = /(?<!\w)((?:proctitle|cmd)=)((?:[0-9A-Fa-f]{2}){4,})(?![\w])/g
const HEX = /^(?:[0-9A-Fa-f]{2})+$/

function decode(hex: string): string {
  return Buffer.from(hex, 'hex').toString('utf8')
}

/** As an audit value again: quoted, one line, with no double quote inside. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', "'").replace(/[\0-\x1f\x7f]/g, ' ')}"`
}

function argumentOf(value: string): string {
  if (value.startsWith('"')) return value.slice(1, -1)
  return HEX.test(value) ? decode(value) : value
}

function maskArgumentList(text: string, maskArguments: (args: readonly string[]) => string[]): string {
  const args = Array.from(text.matchAll(ARGUMENT), (match) => argumentOf(match[2] ?? ''))
  const masked = maskArguments(args)
  let i = -1
  return text.replace(ARGUMENT, (whole, name: string) => {
    i += 1
    const now = masked[i] ?? ''
    return now === args[i] ? whole : name + quoted(now)
  })
}

export function maskAudit(
  text: string,
  maskText: (text: string) => string,
  maskArguments: (args: readonly string[]) => string[],
): string {
  let out = text
  if (out.includes(' a0=') || out.includes(' a1=')) out = maskArgumentList(out, maskArguments)
  if (!out.includes('proctitle=') && !out.includes('cmd=')) return out
  return out.replace(HEX_LINE, (whole, name: string, hex: string) => {
    const args = decode(hex).split('\0')
    const line = args.join(' ')
    const masked = maskText(maskArguments(args).join(' '))
    return masked === line ? whole : name + quoted(masked)
  })
}
