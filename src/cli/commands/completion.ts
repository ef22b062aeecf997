import tab from '@bomb.sh/tab/commander';
import { Command } from 'commander';
import { COST_PROFILES } from '../../cost/profiles/profiles.js';
import { inputError } from '../../errors.js';
import { PRESETS } from '../../experiment/published/presets.js';
import { SWEEP_PRESETS } from '../../experiment/sweep/presets.js';
import { NIC_PROFILES } from '../../nic/profiles/profiles.js';
import { REVISIONS } from '../../path/revisions/revisions.js';
import { ARMS } from '../../scenario/arms.js';
import { scenarioKeys } from '../../scenario/scenario-keys.js';
import { processTerminal } from '../terminal.js';
import { listNames } from './list.js';

/** The shells that there are scripts for. */
const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** What a shell does with an answer; bits of the protocol of the scripts. */
const ADD_NO_SPACE = 2;
const OFFER_NO_FILES = 4;

/** The commands that answer the shell; the package brings its own of these names into the tree. */
const OWN_COMMANDS: readonly string[] = ['completion', 'complete'];

const ids = (all: readonly { readonly id: string }[]) => () => all.map(({ id }) => id);
const revisions = ids(REVISIONS);
const settings = () => scenarioKeys().map(({ key }) => `${key}=`);

/** The words that may follow an option. */
const OPTION_VALUES: Readonly<Record<string, () => readonly string[]>> = {
  arm: ids(ARMS),
  base: ids(COST_PROFILES),
  card: ids(NIC_PROFILES),
  'card-from': ids(NIC_PROFILES),
  cost: ids(COST_PROFILES),
  preset: ids(SWEEP_PRESETS),
  revision: revisions,
  revisions,
  scenario: () => [...PRESETS.keys()],
  set: settings,
  vary: settings,
};

/** The words that may stand for an argument; where none fits, the shell offers files. */
const ARGUMENT_VALUES: Readonly<Record<string, () => readonly string[]>> = {
  scenario: () => [...PRESETS.keys()],
  what: listNames,
};

/** What the script for bash leaves out: file names where we have no word. */
const BASH_FILES = 'complete -o default -F __tcebench_complete tcebench\n';

/** Prints the script that makes a shell complete `tcebench`. */
export function completionCommand(program: Command, shell: string): void {
  if (!SHELLS.some((known) => known === shell)) {
    throw inputError(`there is no completion for ${shell}`, `known: ${SHELLS.join(', ')}`);
  }
  treeOf(program).setup(program.name(), program.name(), shell);
  if (shell === 'bash') processTerminal({ color: false, progress: false }).out(BASH_FILES);
}

/** Answers the script of a shell: what may stand where the last of the words stands, one a line. */
export function completeCommand(program: Command, words: readonly string[]): void {
  const tree = treeOf(program);
  const begun = words.at(-1) ?? '';
  // The package always forbids file names; a log, a scenario or a document is one.
  Object.defineProperty(tree, 'directive', {
    get: () => {
      const fitting = tree.completions.filter(({ value }) => value.startsWith(begun));
      if (fitting.length === 0) return 0;
      return fitting.every(({ value }) => value.endsWith('='))
        ? OFFER_NO_FILES | ADD_NO_SPACE
        : OFFER_NO_FILES;
    },
    set: () => undefined,
  });
  tree.parse([...words]);
}

/** The commands as the package keeps them, with the words that we know. It adds commands, so it gets a program of its own. */
function treeOf(program: Command) {
  const offered = new Command(program.name());
  for (const command of program.commands) {
    if (!OWN_COMMANDS.includes(command.name())) offered.addCommand(command);
  }
  const tree = tab(offered, { completionCommandName: 'completion' });
  for (const command of tree.commands.values()) {
    for (const [name, option] of command.options) {
      const values = OPTION_VALUES[name];
      if (values !== undefined) option.handler = (complete) => offer(values, complete);
    }
    for (const [name, argument] of command.arguments) {
      const values = ARGUMENT_VALUES[name];
      if (values !== undefined) argument.handler = (complete) => offer(values, complete);
    }
  }
  return tree;
}

function offer(
  values: () => readonly string[],
  complete: (value: string, description: string) => void,
): void {
  for (const value of values()) complete(value, '');
}
