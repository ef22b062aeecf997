/** One thing that the doctor looked at. */
export interface DoctorFinding {
  /** `poor`: measured results of now deserve less trust; `bad`: they cannot answer what they are for. */
  readonly level: 'good' | 'poor' | 'bad';
  readonly what: string;
  /** What was found and what it means, one sentence. */
  readonly text: string;
}

/** Whether this machine can measure now, and what is too small for it to see. */
export interface DoctorDocument {
  readonly schema: 'tcebench.doctor/1';
  readonly clock: 'measured';
  readonly timerGrainNs: number;
  readonly timerReadNs: number;
  readonly cores: number;
  /** Of the last minute; null where the system tells none. */
  readonly loadAverage: number | null;
  /** The frequency governor of the first core; null where it cannot be read. */
  readonly governor: string | null;
  readonly noiseFloor: number | null;
  readonly smallestDetectableChange: number | null;
  readonly findings: readonly DoctorFinding[];
  /** Whether nothing is bad: exit code 0, else 3. */
  readonly canMeasure: boolean;
}

/** What a doctor looks at. */
export type DoctorFacts = Omit<DoctorDocument, 'schema' | 'clock' | 'findings' | 'canMeasure'>;

/** What comparisons are for: a change of this size must be seen. */
const WANTED_CHANGE = 0.2;
/** A sample takes 10 us or more; a coarser timer would round it. */
const MAX_GRAIN_NS = 1000;

/** Judges the facts. */
export function doctorDocument(facts: DoctorFacts): DoctorDocument {
  const findings = [timer(facts), cores(facts), load(facts), governor(facts), noise(facts)];
  return {
    schema: 'tcebench.doctor/1',
    clock: 'measured',
    ...facts,
    findings,
    canMeasure: findings.every(({ level }) => level !== 'bad'),
  };
}

function timer({ timerGrainNs, timerReadNs }: DoctorFacts): DoctorFinding {
  const seen = `steps of ${Math.round(timerGrainNs)} ns, ${Math.round(timerReadNs)} ns a reading`;
  return timerGrainNs <= MAX_GRAIN_NS
    ? {
        level: 'good',
        what: 'timer',
        text: `${seen}; single calls are below that, so many are timed together`,
      }
    : { level: 'bad', what: 'timer', text: `${seen}: too coarse for samples of some 10 us` };
}

function cores({ cores: count }: DoctorFacts): DoctorFinding {
  return count >= 2
    ? { level: 'good', what: 'cores', text: `${count}; arms of more threads than that take turns` }
    : { level: 'bad', what: 'cores', text: '1: a hand-over between threads and several vCPUs need two' };
}

function load({ loadAverage, cores: count }: DoctorFacts): DoctorFinding {
  const what = 'load';
  if (loadAverage === null) return { level: 'poor', what, text: 'unknown: the system tells none' };
  const seen = `${loadAverage.toFixed(1)} on ${count} cores`;
  return loadAverage <= count / 2
    ? { level: 'good', what, text: `${seen}: quiet` }
    : { level: 'poor', what, text: `${seen}: others use them too; medians hold, rates and tails do not` };
}

function governor({ governor: name }: DoctorFacts): DoctorFinding {
  const what = 'governor';
  if (name === null) return { level: 'good', what, text: 'cannot be read here, as in most virtual machines' };
  return name === 'performance'
    ? { level: 'good', what, text: name }
    : {
        level: 'poor',
        what,
        text: `${name}: the frequency may change while it measures; performance would not`,
      };
}

function noise({ noiseFloor, smallestDetectableChange: change }: DoctorFacts): DoctorFinding {
  const what = 'noise';
  if (noiseFloor === null || change === null) {
    return { level: 'bad', what, text: 'identical arms could not be compared often enough' };
  }
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const seen =
    `identical arms differ by up to ${percent(noiseFloor)}; a change below ${percent(change)} is too small to be seen ` +
    'in four of five measurements';
  return change <= WANTED_CHANGE
    ? { level: 'good', what, text: seen }
    : { level: 'bad', what, text: `${seen}, and one of ${percent(WANTED_CHANGE)} should be` };
}
