/**
 * The public API: run scenarios, replay logs, sweep, compare, measure, or drive the executable model of the stack directly.
 * Everything else may move between versions.
 */
export { type CompareChoices, compare } from './api/compare.js';
export { type ReplayChoices, replay } from './api/replay.js';
export { type RunChoices, run, runWithDraws } from './api/run.js';
export { type SweepChoices, sweep } from './api/sweep.js';
export type { ComparedDocument } from './compare/compared-input.js';
export type { Constant, Origin } from './cost/constant.js';
export type { CostKey, CostProfile } from './cost/cost-profile.js';
export { COST_PROFILES, findCostProfile } from './cost/profiles/profiles.js';
export { type ErrorKind, TcebenchError } from './errors.js';
export { PRESETS } from './experiment/published/presets.js';
export { type ReplayOptions, replayLogs } from './experiment/replay/replay.js';
export { type ModelledRun, runScenario } from './experiment/run.js';
export { type Measurement, measure } from './measure/measure.js';
export type { MeasureOptions } from './measure/options.js';
export * from './papr/hcall.js';
export * from './papr/hcall-return.js';
export type { GuestStore, HcallSink } from './papr/hcall-sink.js';
export { buildMachine, Machine, type MachineSpec, type MachineWindow, type PathId } from './path/machine.js';
export type { Revision } from './path/revisions/revision.js';
export { findRevision, REVISIONS } from './path/revisions/revisions.js';
export type { Chart } from './report/charts/chart.js';
export { chartSvg } from './report/charts/chart-svg.js';
export { throughputChart } from './report/charts/throughput-chart.js';
export type { CompareDocument, CompareRow, GateResult } from './result/compare-document.js';
export { measureRawCsv, measureSummaryCsv, runRawCsv, runSummaryCsv } from './result/csv.js';
export type { MeasureDocument, MeasuredArm, MeasuredSlice } from './result/measure-document.js';
export { replayCsv } from './result/replay-csv.js';
export type { ReplayDocument, ReplayedArm, ReplayedLog } from './result/replay-document.js';
export type { ArmId, ArmResult, DrawnRates, RunDocument } from './result/run-document.js';
export type { SettingValue, SweepDocument, SweepRow } from './result/sweep-document.js';
export { type ResolvedScenario, resolveScenario } from './scenario/load-scenario.js';
export { withCapture } from './scenario/read-capture.js';
export type { ScenarioInput } from './scenario/scenario.js';
export type { WindowOverride } from './trace/trace-window.js';
