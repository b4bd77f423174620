import type { ServiceEvent } from '../../event/service.ts'
import type { Dialect, Emit } from './dialect.ts'
import { serviceEvent } from './line-events.ts'
import type { ProgramLine } from './program-line.ts'

export type UnitChange = Pick<ServiceEvent, 'action' | 'unit' | 'detail' | 'isSuccess'>

/** Units that come and go with every login and boot, and start nothing themselves. */
const PASSIVE = /\.(?:scope|slice|target|device|mount|automount|swap|socket)$/u
const PASSIVE_NAME = /^(?:Session c?\d+ of [Uu]ser |User Slice of |Slice )/u

/**
 * Reads what systemd says of units: started, finished, stopped, failed, and that its files were read anew.
 * Before version 249 it names the description alone (`Started Regular background program.`), which then
 * stands for the unit.
 */
export function parseSystemdMessage(text: string): UnitChange | null {
  const failed = text.indexOf(": Failed with result '")
  if (failed > 0) {
    const unit = text.slice(0, failed)
    return unit.includes(' ') ? null : changed('stop', unit, text.slice(failed + 2), false)
  }
  switch (text.charCodeAt(0)) {
    case 83: // S
      if (text.startsWith('Started ')) return named('start', text, 8, true)
      return text.startsWith('Stopped ') ? named('stop', text, 8, true) : null
    case 70: // F
      if (text.startsWith('Finished ')) return named('start', text, 9, true)
      return text.startsWith('Failed to start ') ? named('start', text, 16, false) : null
    case 82: // R
      return text.startsWith('Reloading') && isReload(text)
        ? changed('configure', 'systemd', 'unit files read anew', true)
        : null
    default:
      return null
  }
}

/** `Reloading.`, `Reloading requested from client PID 812 ('systemctl') …`; `Reloading nginx…` is the unit's own affair. */
function isReload(text: string): boolean {
  return text === 'Reloading.' || text === 'Reloading...' || text.startsWith('Reloading requested from ')
}

/** `nginx.service - A web server.`, or the description alone. */
function named(
  action: UnitChange['action'],
  text: string,
  start: number,
  isSuccess: boolean,
): UnitChange | null {
  const end = text.endsWith('.') ? text.length - 1 : text.length
  const dash = text.indexOf(' - ', start)
  const unit = text.slice(start, dash < 0 ? end : dash)
  const isUnitName = dash > 0 && !unit.includes(' ') && unit.includes('.')
  const name = isUnitName ? unit : text.slice(start, end)
  if (name === '' || PASSIVE.test(name) || PASSIVE_NAME.test(name)) return null
  return changed(action, name, isUnitName ? text.slice(dash + 3, end) : null, isSuccess)
}

function changed(
  action: UnitChange['action'],
  unit: string,
  detail: string | null,
  isSuccess: boolean,
): UnitChange {
  return { action, unit, detail, isSuccess }
}

export class SystemdReader implements Dialect {
  take(line: ProgramLine, emit: Emit): boolean {
    const change = parseSystemdMessage(line.message.trimEnd())
    if (change === null) return false
    emit(serviceEvent(line, change))
    return true
  }
}
