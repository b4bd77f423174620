import type { RenderOptions } from '../reports/report.ts'

/** How wide a report is that goes to a file or a pipe. */
const PLAIN_WIDTH = 80

/** What standard output can show, by the conventions of terminals (NO_COLOR, FORCE_COLOR, TERM, locale). */
export function terminalOptions(
  out: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv,
): Pick<RenderOptions, 'width' | 'color' | 'unicode' | 'foldsRaw'> {
  const isTerminal = out.isTTY
  const isForced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0'
  const isRefused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
  return {
    width: isTerminal && out.columns > 0 ? out.columns : PLAIN_WIDTH,
    color: !isRefused && (isTerminal || isForced),
    unicode: canShowUnicode(env),
    foldsRaw: isTerminal,
  }
}

function canShowUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] ?? env['LC_CTYPE'] ?? env['LANG'] ?? ''
  // No locale at all is a container or a service, where output ends in a UTF-8 file.
  return locale === '' || /utf-?8/iu.test(locale)
}
