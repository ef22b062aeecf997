import { describe, expect, it } from 'vitest';
import { type DoctorFacts, doctorDocument } from './doctor-document.js';

const GOOD: DoctorFacts = {
  timerGrainNs: 30,
  timerReadNs: 40,
  cores: 4,
  loadAverage: 0.3,
  governor: 'performance',
  noiseFloor: 0.01,
  smallestDetectableChange: 0.03,
};

describe('the doctor', () => {
  it('finds nothing on a good machine', () => {
    const { canMeasure, findings } = doctorDocument(GOOD);
    expect(canMeasure).toBe(true);
    expect(findings.map(({ what, level }) => `${what} ${level}`)).toEqual(
      ['timer', 'cores', 'load', 'governor', 'noise'].map((what) => `${what} good`),
    );
  });

  it.each([
    ['timer', { timerGrainNs: 1e5 }, 'bad'],
    ['cores', { cores: 1 }, 'bad'],
    ['load', { loadAverage: 9 }, 'poor'],
    ['load', { loadAverage: null }, 'poor'],
    ['governor', { governor: 'powersave' }, 'poor'],
    ['noise', { smallestDetectableChange: 0.4 }, 'bad'],
    ['noise', { noiseFloor: null, smallestDetectableChange: null }, 'bad'],
  ] as const)('names a bad %s: %o', (what, change, level) => {
    const { canMeasure, findings } = doctorDocument({ ...GOOD, ...change });
    expect(findings.filter((finding) => finding.level !== 'good')).toMatchObject([{ what, level }]);
    expect(canMeasure).toBe(level !== 'bad');
  });

  it('says what is too small to be seen', () => {
    const noise = doctorDocument(GOOD).findings.at(-1);
    expect(noise?.text).toMatch(/1\.0 %.*below 3\.0 % is too small/);
  });
});
