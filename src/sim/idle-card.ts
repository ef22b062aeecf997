import { TcebenchError } from '../errors.js';

/** Units without payload after which a run is given up: the card cannot get a buffer mapped any more. */
export const MAX_IDLE_UNITS = 10_000;

/** Why a run was given up after {@link MAX_IDLE_UNITS}. */
export function idleCardError(): TcebenchError {
  return new TcebenchError('scenario', 'the card cannot get any buffer mapped', 'give it a larger window');
}
