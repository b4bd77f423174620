import { identifier } from '../../event/identifier.ts'
import { isoTime } from '../iso-time.ts'
import { defineJsonSource } from '../json/define-json-source.ts'
import { type Fields, listAt, objectAt, textAt } from '../json/fields.ts'
import { falcoAlert } from '../programs/falco-line.ts'
import type { Source } from '../source.ts'

/** Outputs are buffered for a moment. */
const DISORDER_MS = 5000

/** Alerts of Falco as JSON. Its text lines in syslog are read with the other programs there. */
export const falco: Source = defineJsonSource({
  id: 'falco',
  title: 'Falco alerts (json_output)',
  kinds: ['alert'],
  hint: 'json_output: true and file_output in falco.yaml; falcosidekick passes on the same records.',
  words: { one: 'Falco alert', many: 'Falco alerts' },
  disorderMs: DISORDER_MS,

  recogniseRecord(fields) {
    const isNamed = textAt(fields, 'rule') !== null && textAt(fields, 'priority') !== null
    if (!isNamed || isoTime(textAt(fields, 'time')) === null) return 0
    return 'output_fields' in fields || 'output' in fields ? 1 : 0.3
  },

  timeOf: (fields) => isoTime(textAt(fields, 'time')),

  normalise({ fields, time, timeQuality, origin }) {
    const rule = textAt(fields, 'rule')
    const priority = textAt(fields, 'priority')
    if (rule === null || priority === null) return null
    const told = objectAt(fields, 'output_fields')
    const observer = identifier('host', hostOf(fields, told))
    const event = falcoAlert(
      { time, timeQuality, observer, subjects: [observer], origin },
      { rule, priority, output: outputOf(fields), tags: tagsOf(fields), fields: told },
    )
    return {
      logSource: { product: 'falco', service: textAt(fields, 'source') ?? 'syscall' },
      observer,
      subjects: event.subjects,
      events: [event],
    }
  },
})

/** The machine that Falco runs on; older versions do not say, and a node's name stands in the fields then. */
function hostOf(fields: Fields, told: Fields): string {
  return (
    textAt(fields, 'hostname') ??
    textAt(told, 'evt.hostname') ??
    textAt(told, 'k8s.node.name') ??
    textAt(fields, 'source') ??
    'falco'
  )
}

/** `03:14:05.123456789: Warning Shell in a container (user=root …)` as a sentence. */
function outputOf(fields: Fields): string {
  const output = textAt(fields, 'output') ?? ''
  const priority = textAt(fields, 'priority') ?? ''
  const at = output.indexOf(`: ${priority} `)
  const start = at >= 0 && at < 48 ? at + priority.length + 3 : 0
  const open = output.indexOf(' (', start)
  return output.slice(start, open < 0 ? output.length : open).trim()
}

function tagsOf(fields: Fields): string[] {
  return listAt(fields, 'tags').filter((tag) => typeof tag === 'string')
}
