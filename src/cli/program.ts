import { existsSync } from 'node:fs'
import { Command, Option } from 'commander'
import type { CollectOptions } from './collect.ts'
import type { Composition, WireComposition } from './composition.ts'
import { costCommand } from './cost-command.ts'
import type { EventsOptions } from './events.ts'
import type { InvestigateOptions } from './investigate.ts'
import type { RangeOptions } from './range.ts'
import type { RangeScoreOptions } from './range-score.ts'
import type { ShowOptions } from './show.ts'
import { TLP_LEVELS } from '../reports/report.ts'
import { planCommand } from './plan-command.ts'
import { sigmaCommand } from './sigma.ts'
import type { SurfaceOptions } from './surface.ts'
import type { SurfaceWhyOptions } from './surface-why.ts'
import { VERSION } from './version.ts'
import type { WireOptions } from './wire.ts'

const FORMATS = ['terminal', 'json', 'html', 'markdown', 'ocsf', 'stix', 'csv']
const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical']

/** All commands. Each loads its own code, and the composition, only when it runs. */
export function program(
  compose: () => Promise<Composition>,
  commandLine: readonly string[],
  composeWire: () => Promise<WireComposition> = nothingToCompose,
): Command {
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
  davylamp.addCommand(collectCommand())
  davylamp.addCommand(surfaceCommand(compose, commandLine))
  davylamp.addCommand(planCommand(compose))
  davylamp.addCommand(costCommand(compose))
  davylamp.addCommand(showCommand(compose))
  davylamp.addCommand(wireCommand(composeWire))
  davylamp.addCommand(eventsCommand(compose))
  davylamp.addCommand(sigmaCommand(compose))
  davylamp.addCommand(rangeCommand())
  for (const command of davylamp.commands) {
    command.copyInheritedSettings(davylamp)
    command.helpOption('-h, --help', 'print this help')
    for (const part of command.commands) part.copyInheritedSettings(command)
  }
  return davylamp
}

async function nothingToCompose(): Promise<never> {
  return Promise.reject(new Error('no command runs here'))
}

/** Evidence where a command should stand: the likeliest first mistake. */
function hintFor([first]: readonly string[]): string {
  const isPath = first !== undefined && !first.startsWith('-') && !COMMANDS.has(first) && existsSync(first)
  return isPath ? `          to read it: davylamp investigate ${first}\n` : ''
}

const COMMANDS = new Set([
  'investigate',
  'collect',
  'surface',
  'plan',
  'cost',
  'show',
  'wire',
  'events',
  'sigma',
  'range',
  'help',
])

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
    .argument('[path...]', 'files, folders, archives (.gz .zst .tar* .zip); - is standard input')
    .option('--this-host', 'look at this machine as davylamp collect does, and investigate what it shows')
    .addOption(
      new Option(
        '--format <format>',
        'how to tell it (default: by the name of --out, else terminal)',
      ).choices(FORMATS),
    )
    .option('--out <file>', 'write there instead of standard output')
    .addOption(
      new Option('--tlp <level>', 'with --format stix: mark it by the Traffic Light Protocol 2.0').choices(
        TLP_LEVELS,
      ),
    )
    .option('--full', 'everything on the terminal: every incident, finding and file')
    .option('--quiet', 'one line per incident')
    .option('--asset <name>', 'only this machine, by any of its names')
    .addOption(new Option('--min-severity <severity>', 'leave out what is less').choices(SEVERITIES))
    .option(
      '--inventory <file>',
      'what your machines are: a small YAML, or the JSON of aws ec2 describe-instances',
    )
    .option('--config <file>', 'what is yours: known and operators (default: davylamp.yaml, if it is there)')
    .option(
      '--rules <path>',
      'more Sigma rules, a file or a folder; may be given again',
      (path: string, before: string[] | undefined) => [...(before ?? []), path],
    )
    .option(
      '--mapping <file>',
      'a mapping for these rules (field names, conditions, vars), as with pySigma; may be given again',
      (path: string, before: string[] | undefined) => [...(before ?? []), path],
    )
    .option('--no-rules', 'run no rules, only the detectors')
    .option('--case <dir>', 'where the case is kept (default: .davylamp)')
    .option('--no-case', 'keep no case')
  return readingOptions(command)
    .addHelpText(
      'after',
      examples(
        'davylamp investigate evidence/',
        'davylamp investigate web-1.tar.zst --inventory mine.yaml --out report.html',
        "ssh web-1 'sudo cat /var/log/auth.log' | davylamp investigate -",
        'sudo davylamp investigate --this-host',
      ) + EXIT_CODES,
    )
    .action(async (paths: string[], options: InvestigateOptions) => {
      const [{ investigate }, composition] = await Promise.all([import('./investigate.ts'), compose()])
      await investigate(paths, options, commandLine, composition)
    })
}

function collectCommand(): Command {
  return new Command('collect')
    .description(
      'look at this machine, read-only, and write what is there into one archive for investigate: what runs, who uses the processors, who is connected, what starts by itself, who may log in, logs',
    )
    .option('--out <file>', 'the archive (default: davylamp-HOST-TIME.tar.zst in this folder)')
    .option('--since <time>', 'logs and changed files since then (a time, or a span before now)', '7d')
    .option('--root <dir>', 'an image of a machine mounted there, instead of this machine', '/')
    .option('--watch <span>', 'how long to watch who uses the processors', '4s')
    .option('--max-time <span>', 'end with what is there after this time', '11s')
    .addOption(
      new Option('--format <format>', 'how to tell what was collected')
        .choices(['terminal', 'json'])
        .default('terminal'),
    )
    .addHelpText(
      'after',
      examples(
        'sudo davylamp collect',
        'davylamp collect --out web-1.tar.zst --since 30d',
        'davylamp collect --root /mnt/disk --out disk.tar.zst',
      ),
    )
    .action(async (options: CollectOptions) => {
      const { goFirst } = await import('../collect/priority.ts')
      // Before the rest is loaded: on a crowded machine that alone takes seconds. It steps back when it ends.
      if (options.root === '/') goFirst()
      const { collect } = await import('./collect.ts')
      await collect(options)
    })
}

const SURFACE_EXIT_CODES = `
Exit code:
  10  exposures found    2  wrong usage
   0  none found         1  nothing could be done
`

function surfaceCommand(compose: () => Promise<Composition>, commandLine: readonly string[]): Command {
  const command = new Command('surface')
    .description(
      'show every way in, what it could cost a day, and what to do: from an inventory, before anybody mines',
    )
    .argument(
      '[path...]',
      'AWS describe-* JSON, Terraform plans and states, Kubernetes objects, state of hosts, findings of Prowler or SARIF',
    )
    .addOption(
      new Option(
        '--format <format>',
        'how to tell it (default: by the name of --out, else terminal)',
      ).choices(['terminal', 'json', 'markdown', 'csv']),
    )
    .option('--out <file>', 'write there instead of standard output')
    .option('--from <network>', 'what can be reached from this network, instead of from the internet')
    .option(
      '--aws-commands',
      'print the read-only commands, and the rights they need, that make such an inventory',
    )
    .option('--full', 'everything on the terminal')
    .option('--quiet', 'one line per exposure')
    .option('--case <dir>', 'where the case is kept (default: .davylamp)')
    .option('--no-case', 'keep no case')
  return readingOptions(command)
    .addHelpText(
      'after',
      examples(
        'davylamp surface --aws-commands > dump.sh',
        'davylamp surface dump/',
        'davylamp surface plan.json --format markdown --out surface.md',
        'davylamp surface dump/ --from 198.51.100.0/24',
      ) + SURFACE_EXIT_CODES,
    )
    .helpCommand(false)
    .addCommand(surfaceWhyCommand(compose))
    .action(async (paths: string[], options: SurfaceOptions) => {
      const [{ surface }, composition] = await Promise.all([import('./surface.ts'), compose()])
      await surface(paths, options, commandLine, composition)
    })
}

function surfaceWhyCommand(compose: () => Promise<Composition>): Command {
  return new Command('why')
    .description('show where every number of an exposure comes from')
    .argument('<id>', 'id of an exposure of the case')
    .option('--case <dir>', 'where the case is kept (default: .davylamp)')
    .addOption(
      new Option('--format <format>', 'how to tell it').choices(['terminal', 'json']).default('terminal'),
    )
    .addHelpText('after', examples('davylamp surface why exposure-152486d0aa90'))
    .action(async (id: string, _options: SurfaceWhyOptions, command: Command) => {
      const [{ surfaceWhy }, composition] = await Promise.all([import('./surface-why.ts'), compose()])
      // Options that the parent has too are the parent's wherever they stand.
      const options: SurfaceWhyOptions = command.optsWithGlobals()
      await surfaceWhy(id, options, composition)
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

const WIRE_EXIT_CODES = `
Exit code:
  10  mining or suspect connections found    2  wrong usage
   0  none found                             1  nothing could be done
`

function wireCommand(compose: () => Promise<WireComposition>): Command {
  const command = new Command('wire')
    .description(
      'find pool mining in captures or on an interface: who, where, which coin, how fast, what it brought',
    )
    .argument('[path...]', 'captures, CSV of ipfixprobe, folders, archives; - is standard input')
    .addOption(
      new Option('--format <format>', 'a table of miners, or one object per TCP connection')
        .choices(['table', 'jsonl', 'json'])
        .default('table'),
    )
    .option('--all', 'with json and jsonl: every TCP connection, whatever it is about')
    .option('--redact', 'names made from wallet, login and worker instead of themselves')
    .option('--price <coin=usd>', 'what a coin is worth, as in XMR=150 (may be given again)', collect)
    .option('--reward <coin=coins>', 'what a block brings, as in XMR=0.6 (may be given again)', collect)
    .option(
      '--difficulty <coin=number>',
      "the network's difficulty, as in XMR=350G, BTC=110T (may be given again)",
      collect,
    )
    .option('--interface <name>', 'watch this interface instead of reading captures (any: all of them)')
    .option('--duration <span>', 'with --interface: stop after this time, as in 60s, 10m')
    .option('--filter <expression>', "with --interface: tcpdump's filter, as in 'not port 22'")
    .option('--quiet', 'one line per miner')
  return readingOptions(command)
    .addHelpText(
      'after',
      examples(
        'davylamp wire eth0.pcap',
        'davylamp wire captures/ --format jsonl --all',
        'davylamp wire eth0.pcap --difficulty XMR=350G --reward XMR=0.6 --price XMR=150',
        'sudo davylamp wire --interface eth0 --duration 10m',
      ) + WIRE_EXIT_CODES,
    )
    .action(async (paths: string[], options: WireOptions) => {
      const [{ wire }, composition] = await Promise.all([import('./wire.ts'), compose()])
      await wire(paths, options, composition)
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
    .option('--out <dir>', 'a new or empty folder')
    .option('--seed <n>', 'the same seed stages the same battle', '1')
    .addOption(
      new Option('--quiet-day', 'the same machine on a day without intruders').conflicts('failedGuessing'),
    )
    .option('--failed-guessing', 'guessing, but nobody gets in')
    .option('--hours <h>', 'how long it lasts (default: 12)')
    .option('--machines <n>', 'how many there are, 1 to 200 (default: 4)')
    .option('--gangs <n>', 'how many come, 0 to 20 (default: 3)')
    .option('--noise <level>', '0 to 3, or asleep, calm, busy, hectic')
    .addOption(
      new Option('--skill <skill>', 'of all gangs (default: mixed)').choices(['low', 'medium', 'high']),
    )
    .addOption(
      new Option('--pack <pack>', 'which models of gangs').choices(['first', 'second', 'third', 'both']),
    )
    .option('--without <kinds>', 'kinds of evidence that nobody kept, as in auditd,sshd', collect)
    .addOption(new Option('--wear <wear>', 'damage to logs').choices(['none', 'some', 'heavy']))
    .addHelpText(
      'after',
      examples(
        'davylamp range --out drill',
        'davylamp range --out war --machines 50 --hours 72 --gangs 5',
        'davylamp investigate drill/evidence --format json --out got.json',
        'davylamp range score got.json drill/truth.json',
      ),
    )
    .helpCommand(false)
    .addCommand(rangeScoreCommand())
    .action(async (options: RangeOptions) => {
      const { range } = await import('./range.ts')
      range(options)
    })
}

function rangeScoreCommand(): Command {
  return new Command('score')
    .description('hold an investigation against the truth: tenures, changes of hands, ways in, cost')
    .argument('<got>', 'what davylamp investigate --format json told; - is standard input')
    .argument('<truth>', 'truth.json of the range, or one made by hand (docs/reference/schemas/truth.json)')
    .addOption(
      new Option('--format <format>', 'how to print it').choices(['terminal', 'json']).default('terminal'),
    )
    .addHelpText('after', examples('davylamp range score got.json drill/truth.json --format json'))
    .action(async (got: string, truth: string, options: RangeScoreOptions) => {
      const { rangeScore } = await import('./range-score.ts')
      rangeScore(got, truth, options)
    })
}
