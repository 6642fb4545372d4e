import type { Engine } from '../contract.js';
import type { Figure, RowOfTable } from '../workloads/workload.js';
import { median } from './statistics.js';

/** Figures of one contestant in one row, a figure for each round. */
export interface Series {
  readonly engine: Engine;
  readonly row: RowOfTable;
  readonly contestant: string;
  readonly figures: (Figure | undefined)[];
  /** Rounds whose result was wrong. They have no figure. */
  readonly wrong: number[];
}

/** What is shown of a series. Its numbers are undefined when no result was right. */
export interface Summary {
  readonly median: number | undefined;
  readonly lowest: number | undefined;
  readonly highest: number | undefined;
  /** Median of the ratios to the limit within each round; undefined for the limit itself. */
  readonly ratio: number | undefined;
  readonly cpu: number | undefined;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
  readonly memory: number | undefined;
  /** Undefined when there is no goal. */
  readonly isReached: boolean | undefined;
}

const NOTHING = {
  median: undefined,
  lowest: undefined,
  highest: undefined,
  ratio: undefined,
  cpu: undefined,
  p50: undefined,
  p99: undefined,
  memory: undefined,
};

/** All figures of a run of the benchmark. */
export class Results {
  private readonly all = new Map<string, Series>();
  /** Wrong results and failures, as sentences. */
  readonly wrong: string[] = [];

  add(engine: Engine, row: RowOfTable, contestant: string, round: number, figure: Figure): void {
    this.of(engine, row, contestant).figures[round] = figure;
  }

  /** A round whose result was wrong. It is counted, and not measured. */
  addWrong(engine: Engine, row: RowOfTable, contestant: string, round: number): void {
    this.of(engine, row, contestant).wrong.push(round);
  }

  get series(): readonly Series[] {
    return [...this.all.values()];
  }

  summary(series: Series): Summary {
    const { row, contestant } = series;
    const figures = series.figures.filter((figure) => figure !== undefined);
    const isOurs = contestant === 'leftfold' || contestant === 'against';
    const hasGoal = isOurs && (row.goal !== undefined || row.also !== undefined);
    if (figures.length === 0) return { ...NOTHING, isReached: hasGoal ? false : undefined };
    const values = figures.map(({ value }) => value);
    const ratio = this.ratio(series);
    const middle: Figure = {
      value: median(values),
      ...part('cpu', figures),
      ...part('p50', figures),
      ...part('p99', figures),
      ...part('memory', figures),
    };
    const ratioIsMet =
      row.goal === undefined || (ratio !== undefined && (row.isTime ? ratio <= row.goal : ratio >= row.goal));
    return {
      median: middle.value,
      lowest: Math.min(...values),
      highest: Math.max(...values),
      ratio,
      cpu: middle.cpu,
      p50: middle.p50,
      p99: middle.p99,
      memory: middle.memory,
      isReached: hasGoal ? ratioIsMet && (row.also?.isMet(middle) ?? true) : undefined,
    };
  }

  private of(engine: Engine, row: RowOfTable, contestant: string): Series {
    const key = `${engine} ${row.key} ${contestant}`;
    let series = this.all.get(key);
    if (!series) this.all.set(key, (series = { engine, row, contestant, figures: [], wrong: [] }));
    return series;
  }

  private ratio({ engine, row, contestant, figures }: Series): number | undefined {
    if (!row.limit) return undefined;
    const other = row.limit.contestant === 'self' ? contestant : row.limit.contestant;
    const otherRow = row.limit.row ?? row.key;
    if (other === contestant && otherRow === row.key) return undefined;
    const limit = this.all.get(`${engine} ${otherRow} ${other}`);
    const ratios = figures.flatMap((figure, round) => {
      const base = limit?.figures[round];
      return figure && base ? [figure.value / base.value] : [];
    });
    return ratios.length === 0 ? undefined : median(ratios);
  }
}

function part(name: 'cpu' | 'p50' | 'p99' | 'memory', figures: readonly Figure[]): Partial<Figure> {
  const values = figures.map((figure) => figure[name]).filter((value) => value !== undefined);
  return values.length === 0 ? {} : { [name]: median(values) };
}
