import { existsSync } from 'node:fs'
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
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(`${text.replace(/^error: /u, 'davylamp: ')}${hintFor(commandLine)}`),
    })
    .addHelpText('after', examples('davylamp investigate evidence/', 'davylamp investigate --help'))
  davylamp.addCommand(investigateCommand(compose, commandLine))
  davylamp.addCommand(showCommand(compose))
  davylamp.addCommand(eventsCommand(compose))
  davylamp.addCommand(rangeCommand())
  for (const command of davylamp.commands) {
    command.copyInheritedSettings(davylamp)
    command.helpOption('-h, --help', 'print this help')
  }
  return davylamp
}

/** Evidence where a command should stand: the likeliest first mistake. */
function hintFor([first]: readonly string[]): string {
  const isPath = first !== undefined && !first.startsWith('-') && !COMMANDS.has(first) && existsSync(first)
  return isPath ? `          to read it: davylamp investigate ${first}\n` : ''
}

const COMMANDS = new Set(['investigate', 'show', 'events', 'range', 'help'])

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`
}

const EXIT_CODES = `
Exit code:
  10  incidents found    2  wrong usage or configuration
   0  nothing found      1  nothing could be done
`

function readingOptions(command: Command): Command {
  return command
    .option('--since <time>', 'pass over what is older (2026-05-12T03:00Z, or a span before now: 12h, 7d)')
    .option('--until <time>', 'pass over what is younger')
    .option(
      '--timezone <zone>',
      'zone of times written without one, and of times shown (Europe/Berlin, +05:30; default: UTC)',
    )
    .option('--show-secrets', 'do not mask keys, tokens and passwords')
}

function investigateCommand(compose: () => Promise<Composition>, commandLine: readonly string[]): Command {
  const command = new Command('investigate')
    .description(
      'read evidence and tell the story: who mined on which machine, how they came in, what it costs',
    )
    .argument('<path...>', 'files, folders, archives (.gz .zst .tar* .zip); - is standard input')
    .addOption(
      new Option(
        '--format <format>',
        'how to tell it (default: by the name of --out, else terminal)',
      ).choices(FORMATS),
    )
    .option('--out <file>', 'write there instead of standard output')
    .option('--full', 'everything on the terminal: every incident, finding and file')
    .option('--quiet', 'one line per incident')
    .option('--asset <name>', 'only this machine, by any of its names')
    .addOption(new Option('--min-severity <severity>', 'leave out what is less').choices(SEVERITIES))
    .option(
      '--inventory <file>',
      'what your machines are: a small YAML, or the JSON of aws ec2 describe-instances',
    )
    .option('--config <file>', 'what is yours: known and operators (default: davylamp.yaml, if it is there)')
    .option('--case <dir>', 'where the case is kept (default: .davylamp)')
    .option('--no-case', 'keep no case')
  return readingOptions(command)
    .addHelpText(
      'after',
      examples(
        'davylamp investigate evidence/',
        'davylamp investigate web-1.tar.zst --inventory mine.yaml --out report.html',
        "ssh web-1 'sudo cat /var/log/auth.log' | davylamp investigate -",
      ) + EXIT_CODES,
    )
    .action(async (paths: string[], options: InvestigateOptions) => {
      const [{ investigate }, composition] = await Promise.all([import('./investigate.ts'), compose()])
      await investigate(paths, options, commandLine, composition)
    })
}

function showCommand(compose: () => Promise<Composition>): Command {
  return new Command('show')
    .description(
      'open an incident, a machine or a finding of the case, with its proof; without an id: what is in the case',
    )
    .argument('[id]', 'id of an incident or a finding, or any name of a machine')
    .option('--full', 'every place of proof of a finding, not only the first and the last')
    .option('--evidence <dir>', 'where the evidence is now, if it has moved')
    .option('--case <dir>', 'where the case is kept', '.davylamp')
    .addOption(
      new Option('--format <format>', 'how to tell it').choices(['terminal', 'json']).default('terminal'),
    )
    .option('--timezone <zone>', 'zone of times shown (Europe/Berlin, +05:30; default: UTC)')
    .option('--show-secrets', 'do not mask keys, tokens and passwords around a proof')
    .addHelpText(
      'after',
      examples('davylamp show', 'davylamp show web-1', 'davylamp show finding-152486d0aa90'),
    )
    .action(async (id: string | undefined, options: ShowOptions) => {
      const [{ show }, composition] = await Promise.all([import('./show.ts'), compose()])
      await show(id ?? null, options, composition)
    })
}

function eventsCommand(compose: () => Promise<Composition>): Command {
  const command = new Command('events')
    .description('print the normalised events in time order, one JSON object a line')
    .argument('<path...>', 'files, folders, archives; - is standard input')
    .addOption(new Option('--format <format>', 'how to print them').choices(['jsonl']).default('jsonl'))
    .option('--kind <kinds>', 'only these kinds, as in auth,session (may be given again)', collect)
    .option('--asset <name>', 'only events of this address or name')
  return readingOptions(command)
    .addHelpText(
      'after',
      examples(
        'davylamp events evidence/ --kind auth,session',
        'davylamp events eth0.pcap --asset 10.0.3.17',
      ),
    )
    .action(async (paths: string[], options: EventsOptions) => {
      const [{ events }, composition] = await Promise.all([import('./events.ts'), compose()])
      await events(paths, options, composition)
    })
}

/** Commander hands over what the option held before: nothing, at first. */
function collect(kinds: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...kinds.split(',')]
}

function rangeCommand(): Command {
  return new Command('range')
    .description(
      'stage a battle as evidence with its truth beside it (harmless: nothing runs, nothing is contacted)',
    )
    .requiredOption('--out <dir>', 'a new or empty folder')
    .option('--seed <n>', 'the same seed stages the same battle', '1')
    .addOption(
      new Option('--quiet-day', 'the same machine on a day without intruders').conflicts('failedGuessing'),
    )
    .option('--failed-guessing', 'guessing, but nobody gets in')
    .addHelpText('after', examples('davylamp range --out drill', 'davylamp investigate drill/evidence'))
    .action(async (options: RangeOptions) => {
      const { range } = await import('./range.ts')
      range(options)
    })
}
