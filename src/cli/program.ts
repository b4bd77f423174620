import { Command, Option } from 'commander'
import type { Composition } from './composition.ts'
import type { EventsOptions } from './events.ts'
import type { InvestigateOptions } from './investigate.ts'
import type { RangeOptions } from './range.ts'
import type { ShowOptions } from './show.ts'
import { VERSION } from './version.ts'

const FORMATS = ['terminal', 'json', 'html', 'markdown']
const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical']

/** All commands. Each loads its own code, and the composition, only when it runs. */
export function program(compose: () => Promise<Composition>, commandLine: readonly string[]): Command {
  const davylamp = new Command('davylamp')
    .description('Finds who mines on your servers, how they came in, what it costs, and what to do first.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /u, 'davylamp: ')) })
  davylamp.addCommand(investigateCommand(compose, commandLine))
  davylamp.addCommand(showCommand(compose))
  davylamp.addCommand(eventsCommand(compose))
  davylamp.addCommand(rangeCommand())
  for (const command of davylamp.commands) command.copyInheritedSettings(davylamp)
  return davylamp
}

function readingOptions(command: Command): Command {
  return command
    .option('--since <time>', 'pass over what is older (RFC 3339, or a span before now such as 7d, 12h)')
    .option('--until <time>', 'pass over what is younger')
    .option(
      '--timezone <zone>',
      'zone of times written without one, and of times shown (IANA name or +hh:mm; default UTC)',
    )
    .option('--show-secrets', 'do not mask keys, tokens and passwords')
}

function investigateCommand(compose: () => Promise<Composition>, commandLine: readonly string[]): Command {
  const command = new Command('investigate')
    .description(
      'read evidence and tell the story: who mined on which machine, how they came in, what it costs',
    )
    .argument('<path...>', 'files, folders, archives (.gz .zst .tar* .zip); - is standard input')
    .addOption(new Option('--format <format>', 'how to tell it').choices(FORMATS).default('terminal'))
    .option('--out <file>', 'write there instead of standard output')
    .option('--case <dir>', 'where the case is kept', '.davylamp')
    .option('--no-case', 'keep no case')
    .option(
      '--inventory <file>',
      'what your machines are: a small YAML, or the JSON of aws ec2 describe-instances',
    )
    .option('--config <file>', "the operator's file (default: davylamp.yaml, if it is there)")
    .option('--asset <name>', 'only this machine')
    .addOption(
      new Option('--min-severity <severity>', 'leave out what is less').choices(SEVERITIES).default('info'),
    )
    .option('--quiet', 'one line per incident')
  return readingOptions(command).action(async (paths: string[], options: InvestigateOptions) => {
    const [{ investigate }, composition] = await Promise.all([import('./investigate.ts'), compose()])
    await investigate(paths, options, commandLine, composition)
  })
}

function showCommand(compose: () => Promise<Composition>): Command {
  return new Command('show')
    .description('open an incident, a machine or a finding of the case, with its proof in context')
    .argument('<id>', 'id of an incident or finding, or name of a machine')
    .option('--case <dir>', 'where the case is kept', '.davylamp')
    .addOption(
      new Option('--format <format>', 'how to tell it').choices(['terminal', 'json']).default('terminal'),
    )
    .option('--timezone <zone>', 'zone of times shown (IANA name or +hh:mm; default UTC)')
    .option('--show-secrets', 'do not mask keys, tokens and passwords around a proof')
    .action(async (id: string, options: ShowOptions) => {
      const [{ show }, composition] = await Promise.all([import('./show.ts'), compose()])
      await show(id, options, composition)
    })
}

function eventsCommand(compose: () => Promise<Composition>): Command {
  const command = new Command('events')
    .description('print the normalised events in time order, one JSON object a line')
    .argument('<path...>', 'files, folders, archives; - is standard input')
    .addOption(new Option('--format <format>', 'how to print them').choices(['jsonl']).default('jsonl'))
    .option('--kind <kind...>', 'only these kinds (auth, process, stratum …)')
    .option('--asset <name>', 'only events of this address or name')
  return readingOptions(command).action(async (paths: string[], options: EventsOptions) => {
    const [{ events }, composition] = await Promise.all([import('./events.ts'), compose()])
    await events(paths, options, composition)
  })
}

function rangeCommand(): Command {
  return new Command('range')
    .description(
      'stage a battle as evidence with its truth beside it (harmless: nothing runs, nothing is contacted)',
    )
    .requiredOption('--out <dir>', 'a new or empty folder')
    .option('--seed <n>', 'the same seed stages the same battle', '1')
    .option('--quiet-day', 'the same machine on a day without intruders')
    .option('--failed-guessing', 'guessing, but nobody gets in')
    .action(async (options: RangeOptions) => {
      const { range } = await import('./range.ts')
      range(options)
    })
}
