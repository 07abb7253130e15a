/** A measured figure beside its baseline of the same run, and whether it keeps its budget. */
import { columns } from '../support/columns.ts';

export type Budget =
  /** At most this many times the baseline. */
  | { readonly kind: 'ratio'; readonly most: number }
  /** At most this much more than the baseline. */
  | { readonly kind: 'over'; readonly most: number }
  | { readonly kind: 'most'; readonly most: number }
  | { readonly kind: 'least'; readonly least: number };

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly baseline: { readonly name: string; readonly value: number } | null;
  /** Null: shown, and nothing is demanded of it. */
  readonly budget: Budget | null;
  readonly note?: string;
}

export interface Skipped {
  readonly name: string;
  readonly skipped: string;
}

export type Measured = Figure | Skipped;

/** Does the figure keep its budget? Without one it does. */
export function keeps({ value, baseline, budget }: Figure): boolean {
  switch (budget?.kind) {
    case undefined:
      return true;
    case 'ratio':
      return baseline !== null && value <= baseline.value * budget.most;
    case 'over':
      return baseline !== null && value - baseline.value <= budget.most;
    case 'most':
      return value <= budget.most;
    case 'least':
      return value >= budget.least;
  }
}

/** The value below which the share `p` (0 to 1) of `values` lies. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function budgetText({ budget, unit }: Figure): string {
  switch (budget?.kind) {
    case undefined:
      return '-';
    case 'ratio':
      return `<= ${budget.most} x baseline`;
    case 'over':
      return `<= baseline + ${budget.most} ${unit}`;
    case 'most':
      return `<= ${budget.most} ${unit}`;
    case 'least':
      return `>= ${budget.least} ${unit}`;
  }
}

/** Three significant digits; more where they stand before the point. */
export function short(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function rowOf(measured: Measured): readonly string[] {
  if ('skipped' in measured) return [measured.name, '-', '-', '-', '-', `skipped: ${measured.skipped}`];
  const { name, unit, value, baseline, budget, note } = measured;
  const ratio = baseline === null || baseline.value === 0 ? '-' : short(value / baseline.value);
  const verdict = budget === null ? '-' : keeps(measured) ? 'ok' : 'OVER';
  return [
    name,
    `${short(value)} ${unit}`,
    baseline === null ? '-' : `${short(baseline.value)} ${unit} (${baseline.name})`,
    ratio,
    budgetText(measured),
    note === undefined ? verdict : `${verdict}  ${note}`,
  ];
}

/** The table for people. */
export function table(figures: readonly Measured[]): string {
  return columns([['figure', 'measured', 'baseline', 'ratio', 'budget', 'result'], ...figures.map(rowOf)]);
}
