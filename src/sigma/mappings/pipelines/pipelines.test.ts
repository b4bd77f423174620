import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileRules } from '../../compile/compile-rules.ts'
import { parseRules } from '../../parse/parse-rules.ts'
import type { SigmaRule } from '../../rule.ts'
import { isRefused } from './context.ts'
import { applyPipelines, fieldInRecords, type Pipeline } from './pipeline.ts'
import { readPipeline } from './read-pipeline.ts'

function ruleOf(detection: string, more = ''): SigmaRule {
  const text = `title: a rule\nname: a_rule\nlevel: high\ntags: [attack.t1059]\nlogsource: { product: windows, category: process_creation }\n${more}detection:\n${detection.replaceAll(/^/gmu, '  ')}\n`
  const { rules, problems } = parseRules(text, 'rule.yml')
  const [rule] = rules
  if (rule === undefined) throw new Error(JSON.stringify(problems))
  return rule
}

function pipelineOf(transformations: string, top = ''): Pipeline {
  const text = `name: test\n${top}transformations:\n${transformations.replaceAll(/^/gmu, '  ')}\n`
  const { pipeline, problems } = readPipeline(text, 'mapping.yml')
  if (pipeline === null) throw new Error(JSON.stringify(problems))
  return pipeline
}

/** Which of the records meet the rule once it is rewritten; or why it is refused. */
function hits(
  transformations: string,
  detection: string,
  records: readonly Record<string, unknown>[],
  top = '',
): number[] | string {
  const rewritten = applyPipelines([pipelineOf(transformations, top)], ruleOf(detection))
  if (isRefused(rewritten)) return rewritten.refused
  const set = compileRules([rewritten])
  return records.flatMap((record, at) => (set.match(record, null).length > 0 ? [at] : []))
}

const WHOAMI = 'selection: { CommandLine|contains: whoami }\ncondition: selection'

describe('transformations', () => {
  it.each([
    [
      'field_name_mapping',
      '- { type: field_name_mapping, mapping: { CommandLine: process.command_line } }',
      WHOAMI,
      [{ process: { command_line: 'whoami' } }, { CommandLine: 'whoami' }],
      [0],
    ],
    [
      'field_name_mapping to several',
      '- { type: field_name_mapping, mapping: { CommandLine: [cmd, args] } }',
      WHOAMI,
      [{ cmd: 'whoami' }, { args: 'whoami' }, {}],
      [0, 1],
    ],
    [
      'field_name_mapping to several, negated',
      '- { type: field_name_mapping, mapping: { User: [a, b] } }',
      'selection: { User|neq: ann, x: 1 }\ncondition: selection',
      [
        { a: 'ann', b: 'bob', x: 1 },
        { a: 'bob', b: 'bob', x: 1 },
      ],
      [1],
    ],
    [
      'field_name_mapping of references',
      '- { type: field_name_mapping, mapping: { other: o } }',
      'selection: { f|fieldref: other }\ncondition: selection',
      [{ f: 'x', o: 'x' }],
      [0],
    ],
    [
      'field_name_prefix_mapping',
      '- { type: field_name_prefix_mapping, mapping: { win.: windows. } }',
      'selection: { win.a: 1 }\ncondition: selection',
      [{ windows: { a: 1 } }],
      [0],
    ],
    [
      'field_name_prefix',
      '- { type: field_name_prefix, prefix: event. }',
      WHOAMI,
      [{ event: { CommandLine: 'whoami' } }],
      [0],
    ],
    [
      'field_name_suffix',
      '- { type: field_name_suffix, suffix: .keyword }',
      WHOAMI,
      [{ CommandLine: { keyword: 'whoami' } }],
      [0],
    ],
    [
      'drop_detection_item',
      '- { type: drop_detection_item, field_name_conditions: [{ type: include_fields, fields: [User] }] }',
      'selection: { CommandLine: a, User: b }\ncondition: selection',
      [{ CommandLine: 'a' }],
      [0],
    ],
    [
      'drop_detection_item, a whole selection',
      '- { type: drop_detection_item, field_name_conditions: [{ type: include_fields, fields: [User] }] }',
      'selection: { CommandLine: a }\nfilter: { User: b }\ncondition: selection and not filter',
      [{ CommandLine: 'a', User: 'b' }],
      [0],
    ],
    [
      'drop_detection_item, everything',
      '- { type: drop_detection_item }',
      WHOAMI,
      [],
      'a mapping left nothing of its detection',
    ],
    [
      'add_condition',
      '- { type: add_condition, conditions: { EventID: 1 } }',
      WHOAMI,
      [{ CommandLine: 'whoami' }, { CommandLine: 'whoami', EventID: 1 }],
      [1],
    ],
    [
      'add_condition, negated template',
      '- { type: add_condition, negated: true, template: true, conditions: { kind: "not-$category" } }',
      WHOAMI,
      [{ CommandLine: 'whoami', kind: 'not-process_creation' }, { CommandLine: 'whoami' }],
      [1],
    ],
    [
      'replace_string',
      String.raw`- { type: replace_string, regex: '^C:\\(\w+)', replacement: 'D:\\\1' }`,
      String.raw`selection: { Image: 'C:\Temp\a.exe' }` + '\ncondition: selection',
      [{ Image: String.raw`D:\Temp\a.exe` }, { Image: String.raw`C:\Temp\a.exe` }],
      [0],
    ],
    [
      'replace_string beside wildcards',
      "- { type: replace_string, regex: 'who', replacement: 'where', skip_special: true }",
      WHOAMI,
      [{ CommandLine: 'x whereami' }, { CommandLine: 'whoami' }],
      [0],
    ],
    [
      'map_string',
      '- { type: map_string, mapping: { high: [3, 4] } }',
      'selection: { severity: high }\ncondition: selection',
      [{ severity: 3 }, { severity: 'high' }, { severity: '4' }],
      [0, 2],
    ],
    [
      'map_string with all',
      '- { type: map_string, mapping: { a: [x, y] } }',
      'selection: { f|all: [a, b] }\ncondition: selection',
      [{ f: ['x', 'b'] }, { f: ['x', 'y'] }],
      [0],
    ],
    [
      'set_value',
      '- { type: set_value, value: 7, field_name_conditions: [{ type: include_fields, fields: [EventID] }] }',
      'selection: { EventID: 1, CommandLine: a }\ncondition: selection',
      [{ EventID: 7, CommandLine: 'a' }],
      [0],
    ],
    [
      'case',
      '- { type: case, method: upper }\n- { type: regex, method: plain }',
      'selection: { f: a }\ncondition: selection',
      [{ f: 'A' }, { f: 'a' }],
      [0],
    ],
    [
      'hashes_fields',
      '- { type: hashes_fields, valid_hash_algos: [MD5, SHA1], field_prefix: hash. }',
      'selection: { Hashes|contains: [MD5=00112233445566778899aabbccddeeff] }\ncondition: selection',
      [{ hash: { MD5: '00112233445566778899AABBCCDDEEFF' } }],
      [0],
    ],
    [
      'rule_failure',
      '- { type: rule_failure, message: no such logs here, rule_conditions: [{ type: logsource, product: windows }] }',
      WHOAMI,
      [],
      'no such logs here',
    ],
    [
      'detection_item_failure',
      '- { type: detection_item_failure, message: no users, field_name_conditions: [{ type: include_fields, fields: [User] }] }',
      WHOAMI,
      [{ CommandLine: 'whoami' }],
      [0],
    ],
    [
      'nest',
      '- { type: nest, items: [{ type: field_name_prefix, prefix: a. }, { type: field_name_suffix, suffix: .b }] }',
      'selection: { f: 1 }\ncondition: selection',
      [{ a: { f: { b: 1 } } }],
      [0],
    ],
  ] as const)('%s', (_, transformations, detection, records, expected) => {
    expect(hits(transformations, detection, records)).toEqual(expected)
  })

  it('changes the log source', () => {
    const rewritten = applyPipelines(
      [pipelineOf('- { type: change_logsource, product: Windows, service: sysmon }')],
      ruleOf(WHOAMI),
    )
    expect(rewritten).toMatchObject({ logSource: { product: 'windows', service: 'sysmon' } })
  })

  it('fills placeholders with vars, and refuses rules whose placeholders have none', () => {
    const detection = 'selection: { User|expand: "%admins%" }\ncondition: selection'
    const records = [{ User: 'ann' }, { User: 'adm_x' }, { User: 'bob' }]
    const fill = '- { type: value_placeholders }'
    expect(hits(fill, detection, records, 'vars: { admins: [ann, adm_*] }\n')).toEqual([0, 1])
    expect(hits(fill, detection, records)).toBe('placeholder %admins% has no value in vars of a mapping')
    expect(hits('- { type: wildcard_placeholders }', detection, records)).toEqual([0, 1, 2])
  })
})

describe('conditions', () => {
  it.each([
    ['logsource', '{ type: logsource, product: windows }', true],
    ['another log source', '{ type: logsource, product: linux }', false],
    ['contains_field', '{ type: contains_field, field: CommandLine }', true],
    [
      'contains_detection_item',
      "{ type: contains_detection_item, field: CommandLine, value: '*whoami*' }",
      true,
    ],
    ['tag', '{ type: tag, tag: attack.t1059 }', true],
    ['rule_attribute, level', '{ type: rule_attribute, attribute: level, op: gte, value: medium }', true],
    ['rule_attribute, name', '{ type: rule_attribute, attribute: name, value: other }', false],
    ['rule_attribute, tags', '{ type: rule_attribute, attribute: tags, op: in, value: attack.t1059 }', true],
    ['is_sigma_correlation_rule', '{ type: is_sigma_correlation_rule }', false],
  ])('%s', (_, condition, isMet) => {
    const renamed = hits(
      `- { type: field_name_mapping, mapping: { CommandLine: cmd }, rule_conditions: [${condition}] }`,
      WHOAMI,
      [{ cmd: 'whoami' }],
    )
    expect(renamed).toEqual(isMet ? [0] : [])
  })

  it.each([
    ['rule_cond_op: or', [0]],
    ['rule_cond_op: and', []],
    ['rule_cond_not: true', [0]],
    ['rule_cond_expr: one and not two', [0]],
  ])('%s', (link, expected) => {
    const conditions =
      'rule_conditions: { one: { type: logsource, product: windows }, two: { type: logsource, product: linux } }'
    expect(
      hits(`- { type: field_name_prefix, prefix: p., ${conditions}, ${link} }`, WHOAMI, [
        { p: { CommandLine: 'whoami' } },
      ]),
    ).toEqual(expected)
  })

  it('looks at values and fields', () => {
    const detection = 'selection: { a: x*, b: y }\ncondition: selection'
    const records = [{ n: { a: 'xx' }, b: 'y' }]
    const prefix = '- { type: field_name_prefix, prefix: n., '
    expect(
      hits(`${prefix}detection_item_conditions: [{ type: contains_wildcard }] }`, detection, records),
    ).toEqual([0])
    expect(
      hits(
        `${prefix}detection_item_conditions: [{ type: match_string, pattern: 'x' }] }`,
        detection,
        records,
      ),
    ).toEqual([0])
    expect(
      hits(`${prefix}field_name_conditions: [{ type: exclude_fields, fields: [b] }] }`, detection, records),
    ).toEqual([0])
    expect(
      hits(
        `${prefix}field_name_conditions: [{ type: include_fields, mode: re, fields: ['[ac]'] }] }`,
        detection,
        records,
      ),
    ).toEqual([0])
  })

  it('remembers what was applied, and what state was set', () => {
    const chain = [
      '- { id: first, type: set_state, key: index, val: main }',
      '- { type: field_name_prefix, prefix: p., rule_conditions: [{ type: processing_item_applied, processing_item_id: first }, { type: processing_state, key: index, val: main }] }',
    ].join('\n')
    expect(hits(chain, WHOAMI, [{ p: { CommandLine: 'whoami' } }])).toEqual([0])
  })
})

describe('pipelines', () => {
  it('go by priority, whatever the order they are given in', () => {
    const first = pipelineOf('- { type: field_name_mapping, mapping: { a: b } }', 'priority: 10\n')
    const second = pipelineOf('- { type: field_name_mapping, mapping: { b: c } }', 'priority: 20\n')
    expect(fieldInRecords([second, first], ruleOf(WHOAMI), 'a')).toEqual(['c'])
    expect(fieldInRecords([second, first], ruleOf(WHOAMI), 'z')).toEqual(['z'])
  })

  it('leave the rule that they are given as it is', () => {
    const rule = ruleOf(WHOAMI)
    const before = structuredClone(rule)
    applyPipelines(
      [
        pipelineOf(
          '- { type: field_name_prefix, prefix: x. }\n- { type: add_condition, conditions: { a: b } }',
        ),
      ],
      rule,
    )
    expect(rule).toEqual(before)
  })

  it.each([
    [
      '- { type: field_name_maping, mapping: {} }',
      '3: unknown transformation field_name_maping (did you mean field_name_mapping?)',
    ],
    ['- { mapping: {} }', '3: type is missing'],
    ['- { type: field_name_mapping }', '3: mapping is missing'],
    ['- type: field_name_mapping\n  mapping:\n    a: { b: c }', '5: a must be a text or a list of texts'],
    ['- { type: field_name_prefix, prefix: a, sufix: b }', '3: unknown key sufix'],
    ["- { type: replace_string, regex: '(', replacement: a }", '3: ( is no regular expression'],
    [
      '- { type: query_expression_placeholders, expression: a }',
      '3: query_expression_placeholders writes parts of a query',
    ],
    [
      '- { type: drop_detection_item, rule_conditions: [{ type: logsorce }] }',
      '3: unknown condition logsorce (did you mean logsource?)',
    ],
    ['- { type: add_condition, conditions: { a|contians: b } }', '3: a|contians: unknown modifier contians'],
    ['- { type: drop_detection_item, rule_cond_op: xor }', '3: rule_cond_op takes and, or'],
    ['- { type: nest, items: [{ type: nothing }] }', '3: unknown transformation nothing'],
    ['nothing', '2: transformations must be a list'],
  ])('say what is wrong, and are not applied: %j', (transformations, message) => {
    const { pipeline, problems } = readPipeline(
      `name: test\ntransformations:\n${transformations.replaceAll(/^/gmu, '  ')}\n`,
      'm.yml',
    )
    expect(pipeline).toBeNull()
    const told = problems.map((problem) => `${problem.line}: ${problem.message}`)
    expect(
      told.some((one) => one.startsWith(message)),
      JSON.stringify(told),
    ).toBe(true)
  })

  it('warn of what is only for queries', () => {
    const { pipeline, problems } = readPipeline('name: x\nfinalizers: []\ntransformations: []\n', 'm.yml')
    expect(pipeline).not.toBeNull()
    expect(problems).toMatchObject([{ severity: 'warning', line: 2 }])
  })

  it('never throw, whatever the file holds', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const entry = fc.record(
      {
        type: fc.constantFrom(
          'field_name_mapping',
          'replace_string',
          'set_value',
          'add_condition',
          'map_string',
          'nest',
          'regex',
        ),
        mapping: value,
        regex: value,
        replacement: value,
        value,
        conditions: value,
        items: value,
        rule_conditions: value,
        field_name_conditions: value,
      },
      { requiredKeys: ['type'] },
    )
    const rule = ruleOf(WHOAMI)
    fc.assert(
      fc.property(
        fc.record({
          name: value,
          priority: value,
          vars: value,
          transformations: fc.oneof(value, fc.array(entry)),
        }),
        (content) => {
          const { pipeline, problems } = readPipeline(JSON.stringify(content), 'm.json')
          if (pipeline === null) expect(problems.length).toBeGreaterThan(0)
          else applyPipelines([pipeline], rule)
        },
      ),
      { seed: 11, numRuns: 500 },
    )
  })
})
