import type { Command } from 'commander';
import { inputError } from '../errors.js';
import { collect, Option, shardOf, threadCount, wholeNumber } from './argument-parser.js';
import type { CompareFlags } from './commands/compare.js';
import type { ConformFlags } from './commands/conform.js';
import type { DoctorFlags } from './commands/doctor.js';
import type { ExplainFlags } from './commands/explain.js';
import type { InitFlags } from './commands/init.js';
import type { MeasureFlags } from './commands/measure.js';
import type { RacesFlags } from './commands/races.js';
import type { ReplayFlags } from './commands/replay.js';
import type { ReportFlags } from './commands/report.js';
import type { RunFlags } from './commands/run.js';
import type { SensitivityFlags } from './commands/sensitivity.js';
import type { SolveFlags } from './commands/solve.js';
import type { SweepFlags } from './commands/sweep.js';
import { nameFiles } from './process-end.js';
import type { SweepOutputFlags } from './sweep-output.js';

/** The commands and their flags. What a command needs is loaded only when it runs. */
export function addCommands(program: Command): void {
  program.hook('preAction', (_, command) => checkNoEmptyFlag(command));
  scenario(program.command('run'))
    .description('run a scenario on the modelled clock; without one: the claim, seven arms')
    .option('--csv <file>', 'write one row per arm; - is stdout')
    .option('--csv-raw <file>', 'write one row per arm and draw; - is stdout')
    .option('--svg <file>', 'write the chart; - is stdout')
    .option('--record <file>', 'write the hypercalls of the one arm as a log to replay; - is stdout')
    .option(
      '--workers <n>',
      'threads for the draws of several vCPUs; without it: one a processor',
      threadCount,
    )
    .action(
      names(async (name: string, flags: RunFlags) =>
        (await import('./commands/run.js')).runCommand(name, flags),
      ),
    );

  scenario(program.command('explain'))
    .description('where the time of one arm goes: every stage of its mean hypercall')
    .option('--arm <id>', 'the arm', 'single-userspace')
    .option('--revisions <names>', 'compare these kernels in it, for example v3,v4.12')
    .action(
      names(async (name: string, flags: ExplainFlags) =>
        (await import('./commands/explain.js')).explainCommand(name, flags),
      ),
    );

  scenario(program.command('solve'))
    .description('the value of one constant that gives an arm a rate')
    .requiredOption('--target <rate>', 'the rate, for example 220MB/s or 1Gbit/s')
    .requiredOption('--for <constant>', 'the constant, for example exitToUserspaceNs')
    .option('--arm <id>', 'the arm', 'single-userspace')
    .option('--range <low..high>', 'where to look; without it: the range of the constant')
    .action(
      names(async (name: string, flags: SolveFlags) =>
        (await import('./commands/solve.js')).solveCommand(name, flags),
      ),
    );

  scenario(program.command('sensitivity'))
    .description('which constants carry the rate of one arm')
    .option('--arm <id>', 'the arm', 'single-real')
    .option('--csv <file>', 'write one row per constant; - is stdout')
    .option('--svg <file>', 'write the chart; - is stdout')
    .action(
      names(async (name: string, flags: SensitivityFlags) =>
        (await import('./commands/sensitivity.js')).sensitivityCommand(name, flags),
      ),
    );

  shared(program.command('sweep'))
    .description('run a scenario for every combination of varied keys, on all cores')
    .argument('[scenario]', 'a scenario (JSON) or preset, without one: claim; or the plan of a sweep')
    .option('--set <key=value>', 'override a key of the scenario (repeatable)', collect, [])
    .option('--seed <n>', 'seed of every random stream', wholeNumber)
    .option('--vary <key=values>', 'values: 1500,9000 or 1..8 or 1us..40us:log12 (repeatable)', collect, [])
    .option('--zip', 'step all varied keys together instead of combining them')
    .option('--preset <name>', 'a sweep by name, see tcebench list sweeps')
    .option('--workers <n>', 'threads; without it: one a processor', threadCount)
    .option('--resume', 'go on in a folder that holds this sweep: do what is missing')
    .option('--list-runs', 'print the jobs, with --shard or --job only those, and run nothing')
    .option('--plan', 'write the plan and run nothing; --out may be a .json file')
    .option('--shard <i/n>', 'run only the jobs whose index leaves i-1 when divided by n', shardOf)
    .option('--job <k>', 'run only one job, counted from 0', wholeNumber)
    .option('--csv <file>', 'write one row per job and arm; - is stdout')
    .action(
      names(async (name: string | undefined, flags: SweepFlags) =>
        (await import('./commands/sweep.js')).sweepCommand(name, flags),
      ),
    );

  shared(program.command('merge'))
    .description('join the parts of a sweep into what the whole sweep would have left')
    .argument('<dir...>', 'folders of sweep --shard or --job, in any order')
    .option('--csv <file>', 'write one row per job and arm; - is stdout')
    .action(
      names(async (folders: string[], flags: SweepOutputFlags) =>
        (await import('./commands/merge.js')).mergeCommand(folders, flags),
      ),
    );

  shared(program.command('replay'))
    .description('replay QEMU trace logs of TCE hypercalls through every path')
    .argument('<log...>', 'logs as QEMU writes them, plain or gzip; - is stdin')
    .option('--window <liobn=start:bytes:shift>', 'the DMA window of a LIOBN (repeatable)', collect, [])
    .option('--ram <size>', 'guest RAM; without it: as far as the log reaches')
    .option('--boot-lines <n>', 'boot ends after this line', wholeNumber)
    .option('--seed <n>', 'seed of the draws of the costs', wholeNumber, 1)
    .option('--draws <n>', 'draws of the costs', wholeNumber, 1000)
    .option('--cost <profile>', 'cost profile of the modelled time', 'power7-2013')
    .option('--revision <name>', 'kernel revision', 'v3')
    .option('--csv <file>', 'write one row per log, path and phase; - is stdout')
    .option('--facts', 'print how the guest uses its DMA API beside what real guests do')
    .option('--record <file>', 'write the calls of the one log anew; - is stdout')
    .action(
      names(async (logs: string[], flags: ReplayFlags) =>
        (await import('./commands/replay.js')).replayCommand(logs, flags),
      ),
    );

  shared(program.command('conform'))
    .description('run scenarios with the outcomes of real kernel handlers, and compare')
    .argument('<file...>', 'scenarios (JSON Lines), plain or gzip; - is stdin')
    .option('--revision <name>', 'run them on this kernel, and show where it differs from the outcomes')
    .option('--revisions <names>', 'run them on these kernels, and show where those part')
    .action(
      names(async (files: string[], flags: ConformFlags) =>
        (await import('./commands/conform.js')).conformCommand(files, flags),
      ),
    );

  shared(program.command('races'))
    .description('interleave vCPUs and ioctls step by step, in every order, and tell which races show')
    .argument('[race...]', 'R1, R2, ...; without one: all')
    .option('--revision <name>', 'kernel revision; without it: all')
    .option('--schedule <list>', 'replay one schedule: the actor of each step, as in 0,0,1')
    .option('--max-states <n>', 'states that a search may meet', wholeNumber, 200_000)
    .action(
      names(async (ids: string[], flags: RacesFlags) =>
        (await import('./commands/races.js')).racesCommand(ids, flags),
      ),
    );

  shared(program.command('measure'))
    .description('time our handlers on real threads of this machine: in-kernel paths and every exit')
    .option('--vcpus <n>', 'also arms of this many vCPU threads', wholeNumber, 1)
    .option('--from <log>', 'make the calls of a QEMU trace log; - is stdin')
    .option('--phase <name>', 'the phase of the log; without it: all after boot')
    .option('--scenario <name>', 'make the calls that the card of a scenario makes: a preset or a file')
    .option('--set <key=value>', 'override a key of that scenario (repeatable)', collect, [])
    .option('--arms <ids>', 'only these arms, for example single-real,single-userspace/block')
    .option('--forks <n>', 'how often every arm starts anew in fresh workers', wholeNumber, 8)
    .option('--slices <n>', 'slices of each arm in each of its workers', wholeNumber, 12)
    .option('--slice-ms <n>', 'length of a slice', wholeNumber, 5)
    .option('--until <percent>', 'go on until every interval is this narrow, for example 5%')
    .option('--max-time <seconds>', 'end after this time; with --until: 120', wholeNumber)
    .option('--rate <calls>', 'also issue this many calls a second, late or not', wholeNumber)
    .option('--seed <n>', 'seed of the order of slices', wholeNumber, 1)
    .action(
      names(async (flags: MeasureFlags) => (await import('./commands/measure.js')).measureCommand(flags)),
    );

  shared(program.command('compare'))
    .description('compare two result documents metric by metric, or hold one against gates')
    .argument('[document...]', 'JSON of run, measure, replay or sweep: before and after; - is stdin')
    .option('--gate <expression>', "for example 'multi-real.rateBytesPerSec>=-2%' (repeatable)", collect, [])
    .option('--csv <file>', 'write one row per metric; - is stdout')
    .option('--all', 'also show the metrics that are the same')
    .option('--list-metrics', 'print what gates can name in these documents')
    .option('--self-test', 'prove that each gate can pass and can fail; without --gate: one of every kind')
    .option('--across-machines', 'compare measured documents of different machines all the same')
    .action(
      names(async (documents: string[], flags: CompareFlags) =>
        (await import('./commands/compare.js')).compareCommand(documents, flags),
      ),
    );

  program
    .command('report')
    .description('show result documents as one page or as charts; runs nothing')
    .argument('<result...>', 'documents that --out or --json wrote; - is stdin')
    .option('--html <file>', 'write one page that needs nothing beside it; - is stdout')
    .option('--svg <dir>', 'write every chart as SVG')
    .option('--png <dir>', 'write every chart as PNG')
    .option('--no-provenance', 'leave out the facts of the machine')
    .option('--no-color', 'use no colour')
    .action(
      names(async (files: string[], flags: ReportFlags) =>
        (await import('./commands/report.js')).reportCommand(files, flags),
      ),
    );

  program
    .command('init')
    .description(
      'write a scenario to begin with: the defaults of the claim, or what a log shows; or costs of a machine',
    )
    .argument('[file]', 'where to write it; - is stdout; without it: scenario.json or costs.json')
    .option('--from-log <log>', 'take the guest and its traffic from a QEMU trace log')
    .option('--phase <name>', 'the phase of the log that the traffic is taken from')
    .option(
      '--cost-from <trace>',
      'write a cost profile from ftrace text of kvm_hv:kvm_hcall_enter and kvm_hcall_exit',
    )
    .option('--base <profile>', 'the profile whose other constants it keeps; without it: power9-2021')
    .option('--card <name>', 'the card that the log is of: nic.profile, by name or a JSON file')
    .option('--card-from <name>', 'write a card to change: a copy of this one, by name or a JSON file')
    .option('--no-comments', 'write a scenario without a comment on each key, as plain JSON')
    .option('--force', 'write over a file that is there')
    .action(
      names(async (file: string | undefined, flags: InitFlags) =>
        (await import('./commands/init.js')).initCommand(file, flags),
      ),
    );

  shared(program.command('doctor'))
    .description('can this machine measure now, and what is too small for it to see')
    .option('--seed <n>', 'seed of the order of slices', wholeNumber, 1)
    .action(names(async (flags: DoctorFlags) => (await import('./commands/doctor.js')).doctorCommand(flags)));

  program
    .command('list')
    .description(
      'what there is: presets, published results, sweeps, costs, revisions, nics, profiles, arms, schemas',
    )
    .argument('[what]', 'one of them; without it: all names')
    .option('--json', 'print one JSON document')
    .action(async (what: string | undefined, flags) => {
      const { listCommand } = await import('./commands/list.js');
      listCommand(what, flags);
    });
  addCompletion(program);
}

/** What a shell needs to complete our commands: a script for it, and the answers to that script. */
function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print the script that makes a shell complete tcebench')
    .argument('<shell>', 'bash, zsh, fish or powershell')
    .action(async (shell: string) =>
      (await import('./commands/completion.js')).completionCommand(program, shell),
    );
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) =>
      (await import('./commands/completion.js')).completeCommand(program, words),
    );
}

/** An empty value is mostly a variable of a script that nobody set: better refused than taken for no flag at all. */
function checkNoEmptyFlag(command: Command): void {
  const empty = command.options.find((option) => command.getOptionValue(option.attributeName()) === '');
  if (empty !== undefined) throw inputError(`${empty.long} is empty`, 'give it a value, or leave it out');
}

/** An action that ends by naming the files that it wrote. */
function names<Args extends unknown[]>(work: (...args: Args) => Promise<readonly string[]>) {
  return async (...args: Args): Promise<void> => nameFiles(await work(...args));
}

/** A command that takes a scenario and settings over it. */
function scenario(command: Command): Command {
  return shared(command)
    .argument('[scenario]', 'a scenario file (JSON) or the name of a preset', 'claim')
    .option('--set <key=value>', 'override a key of the scenario (repeatable)', collect, [])
    .option('--seed <n>', 'seed of every random stream', wholeNumber);
}

const SHARED = [
  new Option('--out <dir>', 'write all files of the result to this folder'),
  new Option('--json', 'print one JSON document and nothing else'),
  new Option('--no-progress', 'show no progress'),
  new Option('--no-color', 'use no colour'),
];

function shared(command: Command): Command {
  for (const option of SHARED) command.addOption(option);
  return command;
}
