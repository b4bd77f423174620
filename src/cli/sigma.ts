import { Command, Option } from 'commander'
import type { Composition } from './composition.ts'
import type { SigmaCheckOptions } from './sigma-check.ts'
import type { SigmaExplainOptions } from './sigma-explain.ts'
import type { SigmaTestOptions } from './sigma-test.ts'

const EXIT_CODES = `
Exit code:
  10  a rule matched    2  wrong usage, or rules with errors
   0  none matched      1  nothing could be done
`

/** `davylamp sigma …`: checking rules and trying them on events. */
export function sigmaCommand(compose: () => Promise<Composition>): Command {
  const sigma = new Command('sigma').description('check Sigma rules, and try them on events')
  for (const command of [checkCommand(), testCommand(compose), explainCommand(compose)]) {
    command.helpOption('-h, --help', 'print this help')
    sigma.addCommand(command)
  }
  return sigma.addHelpText(
    'after',
    `
Examples:
  davylamp sigma check rules/
  davylamp sigma test --rules rules/ --events events.jsonl --format jsonl
  davylamp sigma explain rule.yml event.json
`,
  )
}

function checkCommand(): Command {
  return new Command('check')
    .description('find what is wrong in rules, with its line: errors, and what can never match')
    .argument('<rules...>', 'rule files (.yml) or folders with rules')
    .addOption(formatOption(['terminal', 'jsonl']))
    .addHelpText('after', EXIT_CODES)
    .action(async (paths: string[], options: SigmaCheckOptions) => {
      const { sigmaCheck } = await import('./sigma-check.ts')
      sigmaCheck(paths, options)
    })
}

function testCommand(compose: () => Promise<Composition>): Command {
  return new Command('test')
    .description('tell which rules match which events of a JSON file')
    .requiredOption('--rules <path...>', 'rule files or folders')
    .requiredOption(
      '--events <file>',
      'JSON documents, one a line or one after the other; - is standard input',
    )
    .option(
      '--category <category>',
      'what the log is, as in process_creation (default: by the shape of the record)',
    )
    .option('--product <product>', 'as in linux')
    .option('--service <service>', 'as in sshd')
    .option(
      '--mapping <file...>',
      'mapping files: rules get other field names and conditions, as with pySigma',
    )
    .option('--raw', 'take the fields of records as they are')
    .addOption(formatOption(['terminal', 'jsonl']))
    .addHelpText('after', EXIT_CODES)
    .action(async (options: SigmaTestOptions) => {
      const [{ sigmaTest }, composition] = await Promise.all([import('./sigma-test.ts'), compose()])
      await sigmaTest(options, composition)
    })
}

function explainCommand(compose: () => Promise<Composition>): Command {
  return new Command('explain')
    .description('tell which parts of a rule hold for an event, and which do not')
    .argument('<rule>', 'a rule file')
    .argument('<event>', 'a JSON file; - is standard input')
    .option('--event <number>', 'which event of the file, counted from 0', '0')
    .option(
      '--mapping <file...>',
      'mapping files: rules get other field names and conditions, as with pySigma',
    )
    .option('--raw', 'take the fields of the record as they are')
    .option('--show-secrets', 'do not mask keys, tokens and passwords')
    .addOption(formatOption(['terminal', 'json']))
    .addHelpText('after', EXIT_CODES)
    .action(async (rule: string, event: string, options: SigmaExplainOptions) => {
      const [{ sigmaExplain }, composition] = await Promise.all([import('./sigma-explain.ts'), compose()])
      await sigmaExplain(rule, event, options, composition)
    })
}

function formatOption(choices: readonly string[]): Option {
  return new Option('--format <format>', 'how to print it').choices([...choices]).default('terminal')
}
